package probe

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// TestMain runs more tests at once than there are processors: most of them wait
// for timeouts.
func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "8")
	os.Exit(m.Run())
}

// A scene is a real nginx before a real application, and the row that has to
// speak of it.
type scene struct {
	name    string
	row     string                                  // that has to apply
	verdict *cause.Cause                            // that has to come first; nil: the row's
	app     string                                  // of nginxtest.Apps; coder unless set
	serve   func(testing.TB) string                 // in place of app: starts one, and returns its address
	http    string                                  // what stands at http level; APP is the application's address
	server  string                                  // what stands at server level
	listen  string                                  // what listen has besides
	before  func(t *testing.T, nginx string) string // starts what is asked in place of nginx, and returns its address
	path    string                                  // /ws unless set
	good    bool                                    // the WebSocket works all the same
	direct  bool
	config  bool // the configuration is given to the verdict, too
	tls     bool
	ask     func(*Options)
	only    func(version string) bool          // nil: every nginx
	warm    func(testing.TB, nginxtest.Target) // before the probe
	judge   func(*testing.T, *Case, Verdict)   // what else has to be so
}

const passOn = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $usual; proxy_set_header Host $http_host;"

// good is a location as it should be.
const good = "location /ws { proxy_pass http://APP; " + passOn + " }"

// run runs a scene on one nginx.
func (s scene) run(t *testing.T, n nginxtest.Nginx, app string) (*Case, Verdict) {
	t.Helper()
	target, dir := s.start(t, n, app)
	if s.warm != nil {
		s.warm(t, target)
	}
	if s.before != nil {
		target.Address = s.before(t, target.Address)
	}
	opt := s.options(t, target, app)
	c := &Case{}
	var err error
	if s.config {
		lo := lint.Options{FS: os.DirFS("/"), Paths: []string{dir[1:]}}
		if c.Place, err = Locate(lo, opt.URL); err != nil {
			t.Fatal(err)
		}
		if c.Place == nil {
			t.Fatal("the configuration does not take the URL")
		}
	}
	if c.Through, c.Direct, err = Run(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	return c, Judge(c)
}

// start runs nginx.
func (s scene) start(t *testing.T, n nginxtest.Nginx, app string) (nginxtest.Target, string) {
	t.Helper()
	address, other := nginxtest.FreeAddress(t), nginxtest.FreeAddress(t)
	listen := "listen " + address + s.listen + ";"
	if s.tls {
		cert, key := nginxtest.Certificate(t)
		listen = fmt.Sprintf("listen %s ssl; ssl_certificate %s; ssl_certificate_key %s;", address, cert, key)
	}
	text := nginxtest.Prologue + "http {\n" + nginxtest.TempPaths + "\nmap $http_upgrade $usual { default upgrade; '' close; }\n" + s.http +
		"\nserver {\n" + listen + "\nserver_name example.test;\n" + s.server + "\n}\n}\n"
	if strings.Contains(text, "SECOND") {
		text = strings.ReplaceAll(text, "SECOND", nginxtest.StartApp(t, s.app).Address)
	}
	text = strings.NewReplacer("APP", app, "OTHER", other, "LISTEN", address).Replace(text)
	dir := nginxtest.Write(t, map[string]string{"nginx.conf": text, "html/index.html": "<h1>the site</h1>\n"})
	n.Start(t, dir, "nginx.conf", address)
	return nginxtest.Target{Address: address, Host: "example.test", TLS: s.tls}, dir
}

func (s scene) options(t *testing.T, target nginxtest.Target, app string) Options {
	t.Helper()
	_, port, _ := net.SplitHostPort(target.Address)
	path := s.path
	if path == "" {
		path = "/ws"
	}
	scheme := "ws"
	if s.tls {
		scheme = "wss"
	}
	opt := Options{
		URL: parseURL(t, scheme+"://example.test:"+port+path), Timeout: 10 * time.Second, Tries: 2, Insecure: true,
		Resolve: map[string]string{"example.test:" + port: target.Address},
	}
	if s.direct {
		opt.Direct = parseURL(t, "ws://"+app+path)
	}
	if s.ask != nil {
		s.ask(&opt)
	}
	return opt
}

func parseURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func rowNamed(t testing.TB, name string) *Row {
	t.Helper()
	for i := range Rows {
		if Rows[i].Name == name {
			return &Rows[i]
		}
	}
	t.Fatalf("no row %q", name)
	return nil
}

// show runs scenes on every nginx, those in front of the same application together.
// With -short it only uses the newest nginx.
func show(t *testing.T, scenes []scene) {
	installed := nginxtest.Installed(t)
	if testing.Short() {
		installed = installed[len(installed)-1:]
	}
	groups := make(map[string][]scene)
	for _, s := range scenes {
		if s.app == "" && s.serve == nil {
			s.app = "coder"
		}
		groups[s.app] = append(groups[s.app], s)
	}
	for app, group := range groups {
		t.Run(cmp.Or(app, "stand-ins"), func(t *testing.T) {
			address := ""
			if app != "" {
				address = nginxtest.StartApp(t, app).Address
			}
			for _, n := range installed {
				for _, s := range group {
					t.Run(n.Version+"/"+path.Join(s.row, s.name), func(t *testing.T) { s.show(t, n, address) })
				}
			}
		})
	}
}

// show runs a scene in front of an application; "" means its own.
func (s scene) show(t *testing.T, n nginxtest.Nginx, app string) {
	if s.only != nil && !s.only(n.Version) {
		t.Skip("not with this version")
	}
	t.Parallel()
	if s.serve != nil {
		app = s.serve(t)
	}
	c, v := s.run(t, n, app)
	s.check(t, c, v)
}

func (s scene) check(t *testing.T, c *Case, v Verdict) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Log(seen(c, v))
		}
	}()
	if v.Good != (s.good || s.row == "all-good") {
		t.Errorf("good is %v", v.Good)
	}
	row := rowNamed(t, s.row)
	if row.judge(c).weight == 0 {
		t.Errorf("the row %s does not apply", s.row)
	}
	want := s.verdict
	if want == nil {
		want = row.Cause
	}
	if len(v.Suspects) == 0 || v.Suspects[0].Row.Cause != want {
		t.Errorf("the verdict is not %s", want.Name)
	}
	if s.judge != nil {
		s.judge(t, c, v)
	}
}

// seen is a case for people.
func seen(c *Case, v Verdict) string {
	var b strings.Builder
	for _, q := range []*Inquiry{c.Through, c.Direct} {
		if q == nil {
			continue
		}
		fmt.Fprintln(&b, q.URL)
		for _, a := range q.Answers {
			fmt.Fprintf(&b, "  %-26s %v %s\n", a.Asked, a.OK(), a.Describe())
		}
	}
	if c.Place != nil {
		fmt.Fprintln(&b, "configuration:", c.Place.Model)
	}
	for _, s := range v.Suspects {
		fmt.Fprintln(&b, s.Weight, s.Row.Name, s.Row.Cause.Name, s.Evidence)
		for _, f := range s.Findings {
			fmt.Fprintln(&b, "   ", f.Rule.Name, f.Span.File.Position(f.Span.Start), f.Message)
		}
	}
	return b.String()
}
