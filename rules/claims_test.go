package rules_test

import (
	"fmt"
	"net/http"
	"regexp"
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
//	browser=/ws:8080 coder=403            a handshake with the Origin of a page of that very host and port
//	stranger=/ws coder=101                the same from a page of another site
//	sees=/ws:Origin:that coder=nothing    a header as the application sees it, and how it should
//	reuses=/ coder=no                     whether nginx uses a connection to the upstream again
//	cut=/ws:30s                           an idle connection is cut, after how long
//	refused                               nginx does not take the configuration, and says what the finding says
type claim struct {
	kind, path string
	after      time.Duration
	ends       map[string]string // by application
}

// asks are the kinds of claims, and how each asks an application once through
// nginx. The answer is a status; cut: 101, and cut at once; garbage: no HTTP.
var asks = map[string]func(*testing.T, nginxtest.Target, *nginxtest.App, string) string{
	"handshake": handshake, "plain": plain, "session": session, "browser": browser, "stranger": stranger, "sees": sees, "reuses": reuses,
}

// healthy is how an application ends what is asked of it where all is well.
func (c claim) healthy(app string) string {
	switch {
	case app == "node-http" || c.kind == "plain":
		return "200"
	case c.kind == "stranger":
		return "403"
	case c.kind == "sees":
		return c.path[strings.LastIndexByte(c.path, ':')+1:]
	case c.kind == "reuses":
		return "yes"
	}
	return "101"
}

func (f fence) claims(t *testing.T) (all []claim, refused bool) {
	t.Helper()
	for _, o := range f.options {
		key, value, _ := strings.Cut(o, "=")
		path, after, _ := strings.Cut(value, ":")
		switch key {
		case "nginx-version", "unsafe":
		case "refused":
			refused = true
		case "cut":
			d, err := time.ParseDuration(after)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, claim{kind: key, path: path, after: d})
		case "browser", "sees":
			all = append(all, claim{kind: key, path: value, ends: make(map[string]string)})
		case "handshake", "plain", "session", "stranger", "reuses":
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
	for _, n := range installed {
		dir := f.write(t)
		messages, ok := n.Test(dir, "nginx.conf")
		if ok || len(messages) == 0 {
			t.Errorf("%v takes it", n)
			continue
		}
		said := regexp.MustCompile(`^\[emerg\] (\d+#\d+: )?`).ReplaceAllString(messages[len(messages)-1], "")
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
	g.options = []string{"nginx-version=" + n.Version}
	for _, finding := range g.run(t, r.Name).Findings {
		found = found || finding.Severity >= min(want.Severity, rules.Warning)
	}
	_, runs = n.Test(f.write(t), "nginx.conf")
	return found, runs
}

// start runs an example with an application in the place of its upstreams: one
// of its own for each server.
func (f fence) start(t *testing.T, n nginxtest.Nginx, app string) (nginxtest.Target, *nginxtest.App) {
	t.Helper()
	cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: []byte(before + f.text + after)}}, "nginx.conf", parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	apps := make(map[string]*nginxtest.App)
	var last *nginxtest.App
	ground := &standin.Ground{Free: func() string { return nginxtest.FreeAddress(t) }, Upstream: func(server string) string {
		if apps[server] == nil {
			apps[server] = startApp(t, app)
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

// startApp also knows go-http, a server of Go's net/http.
func startApp(t *testing.T, name string) *nginxtest.App {
	if name == "go-http" {
		return &nginxtest.App{Name: name, Address: nginxtest.StartBackend(t).Address}
	}
	return nginxtest.StartApp(t, name)
}

func (c claim) ask(t *testing.T, n nginxtest.Nginx, f fence, name string) string {
	t.Helper()
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

// browser asks as a page of the host does on which it is: Origin and Host name
// the same, with a port behind the path where it is not the usual one.
func browser(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	path, port, unusual := strings.Cut(path, ":")
	target.Host = "example.test"
	if unusual {
		target.Host += ":" + port
	}
	return fromPage(t, target, app, path, "http://"+target.Host)
}

func stranger(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	return fromPage(t, target, app, path, "http://evil.test")
}

func fromPage(t *testing.T, target nginxtest.Target, app *nginxtest.App, path, origin string) string {
	o := target.At(path)
	o.Path, o.Header = app.URI(o.Path), http.Header{"Origin": {origin}}
	conn, err := nginxtest.Dial(t, o)
	if err != nil {
		return "garbage"
	}
	return strconv.Itoa(conn.Status)
}

// sees returns a header of a handshake as it reached the application, without
// spaces.
func sees(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	parts := strings.SplitN(path, ":", 3)
	fromPage(t, target, app, parts[0], "http://example.test")
	seen := app.Seen(t)
	if len(seen) == 0 || seen[0].Header[parts[1]] == nil {
		return "nothing"
	}
	return strings.ReplaceAll(strings.Join(seen[0].Header[parts[1]], ","), " ", "")
}

func reuses(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	for range 2 {
		if _, err := target.Get(path); err != nil {
			t.Fatal(err)
		}
	}
	if seen := app.Seen(t); len(seen) != 2 || seen[0].From != seen[1].From {
		return "no"
	}
	return "yes"
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
		if err != nil {
			t.Fatalf("no session: %v", err)
		}
		if conn.Status != 200 {
			return strconv.Itoa(conn.Status)
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
