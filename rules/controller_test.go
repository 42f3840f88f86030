package rules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// shown is what the configuration of a page's Bad and Good does, for the pages whose
// claim is about nginx: whether it loads, the status of a handshake, how often Upgrade is
// sent, and proxy_read_timeout.
var shown = map[string]struct{ bad, good string }{
	"replaced-connection-header": {"426 1 3600s", "101 1 3600s"},
	"duplicate-in-snippet":       {"refused", "101 1 60s"},
	"duplicate-configmap-header": {"101 2 60s", "101 1 60s"},
	"short-ingress-timeout":      {"101 1 30s", "101 1 3600s"},
	"split-websocket-host":       {"101 1 60s", "101 1 3600s"},
	"invalid-annotation-value":   {"101 1 60s", "101 1 3600s"},
	"invalid-configmap-value":    {"101 1 60s", "101 1 3600s"},
	"unknown-annotation":         {"101 1 3600s", "101 1 3600s"},
}

// TestControllerPages renders the examples of pages with the template and the annotation
// parser of ingress-nginx, runs the result on nginx without its Lua, and shows what the
// page says. `make prove-kubernetes` builds the program.
func TestControllerPages(t *testing.T) {
	program := os.Getenv("NGINX_WS_LINT_CONTROLLER")
	if program == "" {
		t.Skip("ingress-nginx is not there: run make prove-kubernetes")
	}
	installed := slices.DeleteFunc(nginxtest.Installed(t), func(n nginxtest.Nginx) bool { return strings.HasPrefix(n.Version, "1.2") && n.Version < "1.25.1" }) // without http2 on
	app, mirror := nginxtest.StartApp(t, "coder").Address, nginxtest.StartBackend(t)
	rendered := 0
	for _, r := range rules.All {
		want, ok := shown[r.Name]
		if !ok {
			continue
		}
		for _, f := range fences(r.Page())[:2] {
			t.Run(r.Name+" "+f.kind, func(t *testing.T) {
				text := render(t, program, f.text)
				n := installed[rendered%len(installed)]
				rendered++
				expected := want.good
				if f.kind == "bad" {
					expected = want.bad
				}
				if got := shows(t, n, text, app, mirror); got != expected {
					t.Errorf("%v: got %q, want %q\n%s", n, got, expected, text)
				}
			})
		}
	}
	t.Logf("%d examples of %d pages were rendered and run", rendered, len(shown))
}

// webSocketIngress serves a path of WebSockets where an example has no Ingress.
const webSocketIngress = "---\nkind: Ingress\nmetadata: {name: chat, annotations: {nginx.ingress.kubernetes.io/use-regex: \"false\"}}\nspec: {rules: [{host: chat.example.com, http: {paths: [{path: /ws, backend: {service: {name: chat}}}]}}]}\n"

// render gives the objects of an example to the controller's code.
func render(t *testing.T, program, text string) string {
	t.Helper()
	if !strings.Contains(text, "kind: Ingress") {
		text += webSocketIngress
	}
	m, err := kube.Read(parser.Foreign("manifest.yaml", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	type route struct{ Host, Path string }
	type object struct {
		Name        string
		Annotations map[string]string
		Routes      []route
	}
	var q struct {
		Config, Headers map[string]string
		Ingresses       []object
	}
	c := kube.NewCluster([]*kube.Manifest{m})
	for _, config := range c.Configs() {
		q.Config = texts(config.Value)
		if headers := c.ConfigMap(config.Text("proxy-set-headers")); headers != nil {
			q.Headers = texts(headers.At("data"))
		}
	}
	for _, o := range c.Objects("Ingress") {
		in := object{Name: o.Name, Annotations: texts(o.At("metadata", "annotations"))}
		for _, r := range o.Routes() {
			in.Routes = append(in.Routes, route{r.Host, r.Path.Text()})
		}
		q.Ingresses = append(q.Ingresses, in)
	}
	question, _ := json.Marshal(q)
	cmd := exec.Command(program, "render", filepath.Join(filepath.Dir(program), "nginx.tmpl"))
	cmd.Stdin = bytes.NewReader(question)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	return string(out)
}

func texts(v kube.Value) map[string]string {
	all := make(map[string]string)
	for _, e := range v.Entries() {
		all[e.Key()] = e.Text()
	}
	return all
}

// shows runs a rendered configuration and says what it does, as in shown.
func shows(t *testing.T, n nginxtest.Nginx, text, app string, mirror *nginxtest.Backend) string {
	t.Helper()
	timeout, status := "", 0
	for _, to := range []string{app, mirror.Address} {
		address := nginxtest.FreeAddress(t)
		dir := nginxtest.Write(t, map[string]string{"nginx.conf": withoutLua(text, address, to, &timeout)})
		if said, ok := n.Test(dir, "nginx.conf"); !ok {
			if strings.Contains(strings.Join(said, "\n"), "directive is duplicate") {
				return "refused"
			}
			t.Fatalf("%v: %s", n, said)
		}
		n.Start(t, dir, "nginx.conf", address)
		conn, err := nginxtest.Dial(t, nginxtest.ClientOptions{Address: address, Host: "chat.example.com", Path: "/ws"})
		if to != app {
			continue // it notes the request
		}
		if err != nil {
			t.Fatal(err)
		}
		status = conn.Status
	}
	return fmt.Sprint(status, " ", len(mirror.Seen("/ws").Header.Values("Upgrade")), " ", timeout)
}

// left are the directives of the rendered configuration that nginx runs without the
// modules, files and processes of the controller's image.
func left(d *parser.Directive) bool {
	for _, part := range []string{"lua", "geoip2", "more_", "temp_path", "ssl_", "_log", "resolver", "cache_path", "aio", "opentelemetry"} {
		if strings.Contains(d.Name(), part) {
			return false
		}
	}
	return !d.Is("upstream", "listen", "events", "stream", "daemon", "pid", "user", "include", "worker_processes", "worker_cpu_affinity", "worker_rlimit_nofile")
}

// withoutLua writes a rendered configuration that runs on one machine. It notes
// proxy_read_timeout of /ws.
func withoutLua(text, address, app string, timeout *string) string {
	var b strings.Builder
	b.WriteString("daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\n")
	var write func(all []*parser.Directive, path string)
	write = func(all []*parser.Directive, path string) {
		for _, d := range all {
			switch {
			case !left(d):
			case d.Is("server") && d.Block != nil && !slices.ContainsFunc(d.Block.Directives, func(s *parser.Directive) bool {
				return s.Is("server_name") && s.Param(0) == "chat.example.com"
			}):
			case d.Block == nil:
				if d.Is("proxy_read_timeout") && strings.Contains(path, "/ws") {
					*timeout = d.Param(0)
				}
				b.WriteString(d.Span().Text() + "\n")
			default:
				b.WriteString(d.Words() + " {\n")
				if d.Is("http") {
					fmt.Fprintf(&b, "upstream upstream_balancer { server %s; keepalive 8; }\n", app)
					b.WriteString("access_log off;\n")
					for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
						fmt.Fprintf(&b, "%s_temp_path %s;\n", kind, kind)
					}
				}
				if d.Is("server") {
					fmt.Fprintf(&b, "listen %s;\n", address)
				}
				if d.Is("location") {
					path = d.Param(d.ParamCount() - 1)
				}
				write(d.Block.Directives, path)
				b.WriteString("}\n")
			}
		}
	}
	write(parser.ParseText("nginx.conf", []byte(text)).Root.Directives, "")
	return b.String()
}
