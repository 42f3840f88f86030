package rules_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/runnable"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A claim is what a page says that nginx does with a bad example. It stands
// behind the fence:
//
//	handshake=/ws coder=426 gorilla=101   a handshake, behind which application it ends how
//	firefox=/ws coder=400                 the same with the Connection header of Firefox
//	after-plain=/ws node-ws=200           a handshake, after a plain request for the same
//	plain=/ uvicorn=400                   a plain request
//	h3=/ go-http=400                      a plain request over HTTP/3
//	open=/ws:3 coder=503                  a handshake, while one less than so many others are open
//	passes=/ws coder=h2c                  the Upgrade that reaches the application where the client asks for h2c
//	stream=/sse go-stream=late            the first event of an answer that goes on
//	session=/socket.io/ socket.io=400     a second request of a session
//	sees=/ws?a=b:/ws coder=/              which path and query of a handshake the application gets; after the colon, where all is well
//	header=/ws:Origin:that coder=nothing  a header as the application sees it, and how it should
//	password=/ws coder=Basic              the scheme of the Authorization that the application sees of a handshake with a password of htpasswd
//	cookie=/ws coder=400                  a handshake with 12 kB of cookies
//	browser=/ws:8080 coder=403            a handshake with the Origin of a page of that very host and port
//	stranger=/ws coder=101                the same from a page of another site
//	reuses=/ coder=no                     whether nginx uses a connection to the upstream again
//	cut=/ws:30s                           an idle connection is cut, after how long
//	spread=/ws coder=1                    handshakes of many clients, by how many servers (X-Upstream)
//	reload=/ws coder=kept                 an open connection, three seconds after a reload: kept or cut
//	lint-only                             nothing: it is a matter of this program alone
//	refused                               nginx does not take the configuration, and says what the finding says
//	warned                                it takes it, and warns in the finding's words
//
// The option real has the example run as it is, but for the addresses: see
// startReal.
type claim struct {
	kind, path string
	after      time.Duration
	wanted     string // sees: what the application gets of the good example
	count      int
	ends       map[string]string // by application
}

// asks are the kinds of claims, and how each asks an application once through
// nginx. The answer is a status; cut: 101, and cut at once; closed: none at all;
// garbage: no HTTP; late: it came with the end of the answer.
var asks = map[string]func(*testing.T, nginxtest.Target, *nginxtest.App, string) string{
	"handshake": handshake, "firefox": firefox, "open": handshake, "after-plain": afterPlain, "plain": plain, "session": session, "stream": stream, "passes": passes, "sees": sees,
	"h3": overHTTP3, "spread": spread, "browser": browser, "stranger": stranger, "header": header, "reuses": reuses, "password": password, "cookie": cookie,
}

// healthy is how an application ends what is asked of it where all is well.
func (c claim) healthy(app string) string {
	switch {
	case c.kind == "sees":
		return c.wanted
	case c.kind == "passes", c.kind == "password":
		return "nothing"
	case c.kind == "spread":
		return "2"
	case c.kind == "stranger":
		return "403"
	case c.kind == "header":
		return c.path[strings.LastIndexByte(c.path, ':')+1:]
	case c.kind == "reuses":
		return "yes"
	case c.kind == "reload":
		return "cut"
	case app == "node-http", c.kind == "plain", c.kind == "h3", c.kind == "stream":
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
		case "nginx-version", "unsafe", "lint-only", "main", "real", "by-hand", "file", "beside":
		case "refused", "warned":
			refused = true
		case "cut":
			d, err := time.ParseDuration(after)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, claim{kind: key, path: path, after: d})
		case "open":
			n, err := strconv.Atoi(after)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, claim{kind: key, path: path, count: n, ends: make(map[string]string)})
		case "browser", "header":
			all = append(all, claim{kind: key, path: value, ends: make(map[string]string)})
		case "handshake", "firefox", "after-plain", "plain", "h3", "session", "sees", "stream", "passes", "spread", "stranger", "reuses", "reload", "password", "cookie":
			all = append(all, claim{kind: key, path: path, wanted: after, ends: make(map[string]string)})
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
	if testing.Short() {
		t.Skip("it runs every example behind every application")
	}
	installed := nginxtest.Installed(t)
	for _, r := range rules.All {
		all := fences(r.Page())
		for i, f := range all {
			if f.kind != "bad" || f.file != "" { // make prove-kubernetes asks the controller about those
				continue
			}
			t.Run(fmt.Sprintf("%s/%d", r.Name, i), func(t *testing.T) {
				claims, refused := f.claims(t)
				if len(claims) == 0 && !refused && !slices.Contains(f.options, "lint-only") {
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
		dir := f.write(t)
		messages, ok := n.Test(dir, "nginx.conf")
		if ok != warned || len(messages) == 0 {
			t.Errorf("%v takes it: %v; it says %v", n, ok, messages)
			continue
		}
		said := regexp.MustCompile(`^\[(?:emerg|warn)\] (\d+#\d+: )?`).ReplaceAllString(messages[len(messages)-1], "")
		said = regexp.MustCompile(` in \S*nginx\.conf:\d+$`).ReplaceAllString(strings.ReplaceAll(said, dir+"/", ""), "")
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
	g.options = append(slices.Clone(f.options), "nginx-version="+n.Version) // the last one counts
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
	if slices.Contains(f.options, "real") {
		return f.startReal(t, n, app)
	}
	cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: []byte(f.config(""))}}, "nginx.conf", parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	apps := make(map[string]*nginxtest.App)
	var last *nginxtest.App
	ground := &runnable.Ground{Free: func() string { return nginxtest.FreeAddress(t) }, Upstream: func(server string) string {
		if apps[server] == nil {
			apps[server] = startAppAt(t, app, server)
		}
		last = apps[server]
		return last.Address
	}}
	ground.Certificate, ground.Key = nginxtest.Certificate(t)
	ground.HTTP3 = n.HTTP3()
	ground.Keep = []string{"allow", "deny", "auth_request", "auth_basic", "auth_basic_user_file", "limit_conn", "proxy_cache", "proxy_cache_path", "worker_connections"}
	tree := ground.Runnable(model.New(cfg, nil))
	tree.Files["htpasswd"] = "user:{PLAIN}secret\n"
	front := tree.Doors[0].Front
	n.Start(t, nginxtest.Write(t, tree.Files), tree.Main, front.Address)
	return front, last
}

func (c claim) ask(t *testing.T, n nginxtest.Nginx, f fence, name string) string {
	t.Helper()
	if c.kind == "reload" {
		return f.reload(t, n, name, c.path)
	}
	target, app := f.start(t, n, name)
	if c.kind == "open" {
		for range c.count - 1 {
			if got := handshake(t, target, app, c.path); got != "101" {
				return got
			}
		}
	}
	return asks[c.kind](t, target, app, c.path)
}
