package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// upstreamURL matches the address of a URL in an example.
var upstreamURL = regexp.MustCompile(`(https?://)([a-z0-9.-]+)(:[0-9]+)?`)

// startReal runs an example as it is but for its addresses, so that nginx looks
// names up and speaks TLS as it says.
func (f fence) startReal(t *testing.T, n nginxtest.Nginx, name string) (nginxtest.Target, *nginxtest.App) {
	t.Helper()
	text, front, app := f.placed(t, name)
	text = strings.Replace(nginxtest.Prologue, "events { worker_connections 512; }\n", "", 1) + text
	n.Start(t, nginxtest.Write(t, map[string]string{"nginx.conf": text}), "nginx.conf", front)
	return nginxtest.Target{Address: front}, app
}

// placed is the example with addresses of this machine, the one at which it is
// reached, and the application behind it.
func (f fence) placed(t *testing.T, name string) (text, front string, app *nginxtest.App) {
	t.Helper()
	apps := make(map[string]*nginxtest.App)
	listens := make(map[string]string)
	for _, m := range listenPort.FindAllStringSubmatch(f.text, -1) {
		listens[m[1]] = nginxtest.FreeAddress(t)
	}
	real := f.realText(func(server string) string {
		if hop := listens[server[strings.LastIndexByte(server, ':')+1:]]; hop != "" {
			return hop
		}
		if apps[server] == nil {
			apps[server] = startAppAt(t, name, server)
		}
		app = apps[server]
		return app.Address
	})
	if app == nil {
		app = startApp(t, name)
	}
	text = listenPort.ReplaceAllStringFunc(real.config(nginxtest.TempPaths), func(d string) string { return "listen " + listens[listenPort.FindStringSubmatch(d)[1]] + ";" })
	return text, listens["8080"], app
}

// reload runs an example with a master process, opens a WebSocket, has nginx
// read its configuration again, and says what has become of the connection.
func (f fence) reload(t *testing.T, n nginxtest.Nginx, name, path string) string {
	t.Helper()
	text, front, app := f.placed(t, name)
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n" // whose files these are
	}
	dir := nginxtest.Write(t, map[string]string{"nginx.conf": user + "daemon off;\npid nginx.pid;\nerror_log error.log;\n" + text})
	n.Start(t, dir, "nginx.conf", front)
	pidFile := filepath.Join(dir, "nginx.pid")
	waitFor(func() bool { b, err := os.ReadFile(pidFile); return err == nil && len(b) > 0 }) // it listens before it writes it
	pid, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(pid)))
	if err != nil {
		t.Fatal(err)
	}
	master, err := os.FindProcess(number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // before it is killed, lest its workers stay
		_ = master.Signal(syscall.SIGTERM)
		waitFor(func() bool { _, err := os.Stat(pidFile); return err != nil })
	})
	conn, err := nginxtest.Dial(t, nginxtest.Target{Address: front}.At(path))
	if err != nil || conn.Status != 101 || app.Echo(conn, "hello") != nil {
		t.Fatalf("no WebSocket: %v, %v", conn, err)
	}
	if err := master.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.WaitCut(3 * time.Second); err == nil {
		return "cut"
	}
	return "kept"
}

// waitFor waits until something is so, but not for long.
func waitFor(so func() bool) {
	for range 500 {
		if so() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// realText is the example with the addresses of applications in it: a host with
// a port is on this machine, and a name without one is that of an upstream
// block, which is what nginx then takes it for. Other examples it leaves alone.
func (f fence) realText(address func(server string) string) fence {
	if !slices.Contains(f.options, "real") {
		return f
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
	f.text = blocks + upstreamServer.ReplaceAllStringFunc(text, func(server string) string { return "server " + address(strings.TrimPrefix(server, "server ")) })
	return f
}

// anywhere is an address for what is only read.
func anywhere(string) string { return "127.0.0.1:9" }

var listenPort = regexp.MustCompile(`listen ([0-9]+);`)

var upstreamServer = regexp.MustCompile(`server [a-z0-9.-]+:[0-9]+`)

// deadAt are addresses at which an application does not listen.
var deadAt = map[string]string{
	"vaultwarden": ":3012",     // since 1.31
	"published":   ":8088",     // the port of the host
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
