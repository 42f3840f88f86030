package rules_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/standin"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A claim is what a page says that nginx does with a bad example. It stands
// behind the fence:
//
//	handshake=/ws coder=426 gorilla=101   a handshake, behind which application it ends how
//	plain=/ uvicorn=400                   a plain request
//	session=/socket.io/ socket.io=400     a second request of a session
//	cut=/ws:30s                           an idle connection is cut, after how long
//	spread=/ws coder=1                    handshakes of many clients, by how many servers (X-Upstream)
//	reload=/ws coder=kept                 an open connection, three seconds after a reload: kept or cut
//	refused                               nginx does not take the configuration, and says what the finding says
//	warned                                it takes it, and warns in the finding's words
//
// The option real has the example run as it is, but for the addresses: see
// startReal.
type claim struct {
	kind, path string
	after      time.Duration
	ends       map[string]string // by application
}

// asks are the kinds of claims, and how each asks an application once through
// nginx. The answer is a status; cut: 101, and cut at once; garbage: no HTTP.
var asks = map[string]func(*testing.T, nginxtest.Target, *nginxtest.App, string) string{
	"handshake": handshake, "plain": plain, "session": session, "spread": spread,
}

// healthy is how an application ends what is asked of it where all is well.
func (c claim) healthy(app string) string {
	switch {
	case c.kind == "spread":
		return "2"
	case c.kind == "reload":
		return "cut"
	case app == "node-http", c.kind == "plain":
		return "200"
	}
	return "101"
}

func (f fence) claims(t *testing.T) (all []claim, refused bool) {
	t.Helper()
	for _, o := range f.options {
		key, value, _ := strings.Cut(o, "=")
		path, after, _ := strings.Cut(value, ":")
		switch key {
		case "nginx-version", "unsafe", "real", "whole", "by-hand":
		case "refused", "warned":
			refused = true
		case "cut":
			d, err := time.ParseDuration(after)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, claim{kind: key, path: path, after: d})
		case "handshake", "plain", "session", "spread", "reload":
			all = append(all, claim{kind: key, path: path, ends: make(map[string]string)})
		default:
			all[len(all)-1].ends[key] = value
		}
	}
	return all, refused
}

// TestClaims runs the bad example of each page and shows on nginx what the page
// says that happens, and on the good one behind it that it does not. On versions
// on which the rule says nothing of the example, it does not happen either.
func TestClaims(t *testing.T) {
	installed := nginxtest.Installed(t)
	for _, r := range rules.All {
		all := fences(r.Page())
		for i, f := range all {
			if f.kind != "bad" {
				continue
			}
			t.Run(fmt.Sprintf("%s/%d", r.Name, i), func(t *testing.T) {
				claims, refused := f.claims(t)
				if len(claims) == 0 && !refused {
					t.Fatal("a bad example without a claim")
				}
				if refused {
					f.checkRefused(t, installed, r)
				}
				good := fence{}
				if i+1 < len(all) && all[i+1].kind == "good" {
					good = all[i+1]
				}
				for _, c := range claims {
					c.check(t, installed, r, f, good)
				}
			})
		}
	}
}

// checkRefused wants nginx to refuse the example in the words of the finding.
func (f fence) checkRefused(t *testing.T, installed []nginxtest.Nginx, r *rules.Rule) {
	t.Helper()
	findings := f.run(t, r.Name).Findings
	warned := slices.Contains(f.options, "warned")
	for _, n := range installed {
		if found, _ := f.judged(t, r, n); warned && !found {
			continue
		}
		dir := nginxtest.Write(t, map[string]string{"nginx.conf": "events {}\nhttp {\n" + nginxtest.TempPaths + f.text + after})
		messages, ok := n.Test(dir, "nginx.conf")
		if ok != warned || len(messages) == 0 {
			t.Errorf("%v takes it: %v; it says %v", n, ok, messages)
			continue
		}
		said := regexp.MustCompile(`^\[(?:emerg|warn)\] (\d+#\d+: )?`).ReplaceAllString(messages[len(messages)-1], "")
		said = regexp.MustCompile(` in nginx\.conf:\d+$`).ReplaceAllString(said, "")
		if !strings.Contains(findings[0].Message, said) {
			t.Errorf("%v says %q, the finding %q", n, said, findings[0].Message)
		}
	}
}

func (c claim) check(t *testing.T, installed []nginxtest.Nginx, r *rules.Rule, bad, good fence) {
	for app, want := range c.ends {
		t.Run(app, func(t *testing.T) {
			shown := 0
			for _, n := range installed {
				found, runs := bad.judged(t, r, n)
				if !runs {
					continue
				}
				if !found && want != c.healthy(app) {
					if got := c.ask(t, n, bad, app); got != c.healthy(app) {
						t.Errorf("%v: nothing is said of it, and it ends %s", n, got)
					}
					continue
				}
				shown++
				if got := c.ask(t, n, bad, app); got != want {
					t.Errorf("%v: it ends %s, the page says %s", n, got, want)
				}
				if good.kind != "" {
					if got := c.ask(t, n, good, app); got != c.healthy(app) {
						t.Errorf("%v: the good example ends %s", n, got)
					}
				}
			}
			if shown == 0 {
				t.Error("shown on no version")
			}
		})
	}
}

// judged reports whether the rule says of the example on a version what it says
// on the page's, and whether that nginx takes it at all.
func (f fence) judged(t *testing.T, r *rules.Rule, n nginxtest.Nginx) (found, runs bool) {
	t.Helper()
	want := f.run(t, r.Name).Findings[0]
	g := f
	g.options = append(slices.Clone(f.options), "nginx-version="+n.Version)
	for _, finding := range g.run(t, r.Name).Findings {
		found = found || finding.Severity >= min(want.Severity, rules.Warning)
	}
	_, runs = n.Test(nginxtest.Write(t, map[string]string{"nginx.conf": f.realText(anywhere).config(nginxtest.TempPaths)}), "nginx.conf")
	return found, runs
}

// start runs an example with an application in the place of its upstreams: one
// of its own for each server.
func (f fence) start(t *testing.T, n nginxtest.Nginx, app string) (nginxtest.Target, *nginxtest.App) {
	t.Helper()
	if slices.Contains(f.options, "real") {
		return f.startReal(t, n, app)
	}
	cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: []byte(before + f.text + after)}}, "nginx.conf", parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	apps := make(map[string]*nginxtest.App)
	var last *nginxtest.App
	ground := &standin.Ground{Free: func() string { return nginxtest.FreeAddress(t) }, Upstream: func(server string) string {
		if apps[server] == nil {
			apps[server] = startAppAt(t, app, server)
		}
		last = apps[server]
		return last.Address
	}}
	ground.Certificate, ground.Key = nginxtest.Certificate(t)
	tree := ground.Runnable(cfg)
	front := tree.Doors[0].Front
	n.Start(t, nginxtest.Write(t, tree.Files), tree.Main, front.Address)
	return front, last
}

// startApp also knows go-http, a server of Go's net/http, and tls, coder behind
// TLS.
func startApp(t *testing.T, name string) *nginxtest.App {
	if name == "go-http" {
		return &nginxtest.App{Name: name, Address: nginxtest.StartBackend(t).Address}
	}
	if name == "tls" {
		return &nginxtest.App{Name: name, Address: nginxtest.StartTLS(t, nginxtest.StartApp(t, "coder").Address)}
	}
	return nginxtest.StartApp(t, name)
}

func (c claim) ask(t *testing.T, n nginxtest.Nginx, f fence, name string) string {
	t.Helper()
	if c.kind == "reload" {
		return f.reload(t, n, name, c.path)
	}
	target, app := f.start(t, n, name)
	return asks[c.kind](t, target, app, c.path)
}

func handshake(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	o := target.At(path)
	o.Path = app.URI(o.Path)
	conn, err := nginxtest.Dial(t, o)
	if err != nil {
		return "garbage"
	}
	if conn.Status == 101 && app.Echo(conn, "hello") != nil {
		return "cut"
	}
	return strconv.Itoa(conn.Status)
}

func plain(t *testing.T, target nginxtest.Target, _ *nginxtest.App, path string) string {
	status, err := target.Get(path)
	if err != nil {
		return "garbage"
	}
	return strconv.Itoa(status)
}

// session begins with a plain request, as Socket.IO's client does, and then
// upgrades: several times, for where it goes to may be a matter of luck.
func session(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	for range 4 {
		o := target.At(path)
		o.Path, o.Header = path+"?EIO=4&transport=polling", nginxtest.PlainHeader
		conn, err := nginxtest.Dial(t, o)
		if err != nil || conn.Status != 200 {
			t.Fatalf("no session: %v, %v", conn, err)
		}
		sid := regexp.MustCompile(`"sid":"([^"]+)"`).FindStringSubmatch(conn.Body)
		if sid == nil {
			t.Fatalf("no session: %s", conn.Body)
		}
		o = target.At(path)
		o.Path = app.URI(path) + "&sid=" + sid[1]
		if conn, err = nginxtest.Dial(t, o); err != nil || conn.Status != 101 {
			return strconv.Itoa(conn.Status)
		}
	}
	return "101"
}

// spread comes from many networks, as a proxy tells, and counts the servers
// that take the handshakes.
func spread(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	servers := make(map[string]bool)
	for i := range 16 {
		o := target.At(path)
		o.Path, o.Header = app.URI(o.Path), http.Header{"Cf-Connecting-Ip": {fmt.Sprintf("198.51.%d.7", i)}}
		conn, err := nginxtest.Dial(t, o)
		if err != nil || conn.Status != 101 {
			return "garbage"
		}
		servers[conn.Header.Get("X-Upstream")] = true
	}
	return strconv.Itoa(len(servers))
}
