package rules_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// upstreamURL matches the address of a URL in an example.
var upstreamURL = regexp.MustCompile(`(https?://)([a-z0-9.-]+)(:[0-9]+)?`)

// startReal runs an example as it is but for its addresses, so that nginx looks
// names up and speaks TLS as it says.
func (f fence) startReal(t *testing.T, n nginxtest.Nginx, name string) (nginxtest.Target, *nginxtest.App) {
	t.Helper()
	apps := make(map[string]*nginxtest.App)
	listens := make(map[string]string)
	for _, m := range listenPort.FindAllStringSubmatch(f.text, -1) {
		listens[m[1]] = nginxtest.FreeAddress(t)
	}
	var last *nginxtest.App
	text := f.realText(func(server string) string {
		if hop := listens[server[strings.LastIndexByte(server, ':')+1:]]; hop != "" {
			return hop
		}
		if apps[server] == nil {
			apps[server] = startAppAt(t, name, server)
		}
		last = apps[server]
		return last.Address
	})
	if last == nil {
		last = startApp(t, name)
	}
	text = listenPort.ReplaceAllStringFunc(text, func(d string) string { return "listen " + listens[listenPort.FindStringSubmatch(d)[1]] + ";" })
	front := listens["8080"]
	n.Start(t, nginxtest.Write(t, map[string]string{"nginx.conf": nginxtest.Prologue + "http {\n" + nginxtest.TempPaths + text + "}\n"}), "nginx.conf", front)
	return nginxtest.Target{Address: front}, last
}

// realText is the example with the addresses of applications in it: a host with
// a port is on this machine, and a name without one is that of an upstream
// block, which is what nginx then takes it for. Other examples it leaves alone.
func (f fence) realText(address func(server string) string) string {
	if !slices.Contains(f.options, "real") {
		return f.text
	}
	blocks := ""
	text := upstreamURL.ReplaceAllStringFunc(f.text, func(url string) string {
		m := upstreamURL.FindStringSubmatch(url)
		switch {
		case m[3] == "" && !strings.Contains(f.text+blocks, "upstream "+m[2]+" {"):
			blocks += "upstream " + m[2] + " { server " + address(m[2]) + "; }\n"
		case m[3] != "" && m[2] == "localhost":
			return m[1] + strings.Replace(address(m[2]+m[3]), "127.0.0.1", m[2], 1)
		case m[3] != "":
			return m[1] + address(m[2]+m[3])
		}
		return url
	})
	return blocks + upstreamServer.ReplaceAllStringFunc(text, func(server string) string { return "server " + address(strings.TrimPrefix(server, "server ")) })
}

// anywhere is an address for what is only read.
func anywhere(string) string { return "127.0.0.1:9" }

var listenPort = regexp.MustCompile(`listen ([0-9]+);`)

var upstreamServer = regexp.MustCompile(`server [a-z0-9.-]+:[0-9]+`)

// deadAt are addresses at which an application does not listen.
var deadAt = map[string]string{
	"vaultwarden": ":3012",     // since 1.31
	"elsewhere":   "127.0.0.1", // it runs in a container of its own
}

// startAppAt runs an application in the place of one server of an upstream.
func startAppAt(t *testing.T, name, server string) *nginxtest.App {
	t.Helper()
	dead, known := deadAt[name]
	switch {
	case known && strings.Contains(server, dead):
		return &nginxtest.App{Name: name, Address: nginxtest.FreeAddress(t)}
	case known:
		name = "coder"
	}
	return startApp(t, name)
}
