package nginxtest

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// asked are requests that nginx sends to an application, correct or not, and what
// applications answer, in the order of Apps. If nginx should have sent other headers,
// no two agree on the status.
var asked = []struct {
	name   string
	proto  string
	header http.Header
	status [8]int
}{
	//                                           coder gorilla http  ws  s.io uvic pyws tornado
	{"handshake", "", nil, [8]int{101, 101, 200, 101, 101, 101, 101, 101}},
	{"handshake in HTTP/1.0", "HTTP/1.0", nil, [8]int{426, 101, 200, 101, 101, 101, 400, 101}},
	{"no Upgrade, no Connection", "", http.Header{"Upgrade": nil, "Connection": nil}, [8]int{426, 400, 200, 426, 400, 200, 426, 400}},
	{"the same in HTTP/1.0", "HTTP/1.0", http.Header{"Upgrade": nil, "Connection": {"close"}}, [8]int{426, 400, 200, 426, 400, 200, 400, 400}},
	{"Connection: close", "", http.Header{"Connection": {"close"}}, [8]int{426, 400, 200, 426, 400, 200, 426, 400}},
	{"Connection: keep-alive", "", http.Header{"Connection": {"keep-alive"}}, [8]int{426, 400, 200, 426, 400, 200, 426, 400}},
	{"no Upgrade", "", http.Header{"Upgrade": nil}, [8]int{426, 400, 200, 426, 400, 400, 426, 400}},
	{"Upgrade: upgrade", "", http.Header{"Upgrade": {"upgrade"}}, [8]int{426, 400, 200, 400, 400, 400, 426, 400}},
	{"both twice", "", http.Header{"Upgrade": {"websocket", "websocket"}, "Connection": {"upgrade", "upgrade"}}, [8]int{101, 101, 200, 400, 400, 426, 426, 400}},
	{"Connection: upgrade and close", "", http.Header{"Connection": {"upgrade", "close"}}, [8]int{101, 101, 200, 101, 101, 101, 101, 101}},
	{"an Origin that is not the Host", "", http.Header{"Origin": {"http://other.test"}}, [8]int{403, 403, 200, 101, 101, 101, 101, 403}},
	{"plain", "", plain(http.Header{"Upgrade": nil, "Connection": nil}), [8]int{426, 400, 200, 426, 400, 200, 426, 400}},
	{"plain, Connection: upgrade", "", plain(http.Header{"Upgrade": nil}), [8]int{426, 400, 200, 426, 400, 400, 426, 400}},
	{"plain, both", "", plain(http.Header{}), [8]int{400, 400, 200, 400, 400, 400, 400, 426}},
}

// plain removes what no plain request has from a handshake.
func plain(h http.Header) http.Header {
	h["Sec-WebSocket-Key"], h["Sec-WebSocket-Version"] = nil, nil
	return h
}

func TestAppsAnswer(t *testing.T) {
	for i, name := range Apps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := StartApp(t, name)
			for _, ask := range asked {
				t.Run(ask.name, func(t *testing.T) {
					c, err := Dial(t, ClientOptions{Address: a.Address, Path: a.URI("/any/path"), Proto: ask.proto, Header: ask.header})
					if err != nil {
						t.Fatal(err)
					}
					if c.Status != ask.status[i] {
						t.Errorf("status %d, want %d", c.Status, ask.status[i])
					}
					// tornado accepts a handshake over HTTP/1.0 and then closes it.
					works := name != "tornado" || ask.proto == ""
					if c.Status == http.StatusSwitchingProtocols && (a.Echo(c, "hello") == nil) != works {
						t.Errorf("echoes: %v, want %v", !works, works)
					}
				})
			}
		})
	}
}

func TestAppsRecordRequests(t *testing.T) {
	for _, name := range Apps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := StartApp(t, name)
			for i, path := range []string{"/first", "/a%20b?c=d"} {
				o := ClientOptions{Address: a.Address, Host: "app.example.test:81", Path: path, Header: http.Header{"X-Twice": {"1", "2"}}}
				if _, err := Dial(t, o); err != nil {
					t.Fatal(err)
				}
				all := a.Seen(t)
				if len(all) != i+1 {
					t.Fatalf("%d requests after %d: %v", len(all), i+1, all)
				}
				r := all[i]
				if r.Method != "GET" || r.URI != path || r.Proto != "HTTP/1.1" || r.Host != o.Host {
					t.Errorf("recorded %+v", r)
				}
				if got := fmt.Sprint(r.Header["X-Twice"], r.Header["Upgrade"], r.Header["Host"]); got != "[1 2] [websocket] []" {
					t.Errorf("headers %s in %v", got, r.Header)
				}
			}
		})
	}
}

func TestSocketIOPolls(t *testing.T) {
	a := StartApp(t, "socket.io")
	c, err := Dial(t, ClientOptions{
		Address: a.Address, Path: "/socket.io/?EIO=4&transport=polling",
		Header: plain(http.Header{"Upgrade": nil, "Connection": nil}),
	})
	if err != nil || c.Status != http.StatusOK || len(c.Body) == 0 || c.Body[0] != '0' {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestStartAppSkipsWhatIsNotInstalled(t *testing.T) {
	t.Setenv(AppsEnvironment, t.TempDir())
	var inner *testing.T
	t.Run("node-ws", func(t *testing.T) {
		inner = t
		StartApp(t, "node-ws")
	})
	if !inner.Skipped() {
		t.Error("not skipped")
	}
}

// behind proxies to an application at two listeners, as the documentation has
// it; below /impatient with a short proxy_read_timeout.
const behind = Prologue + `http {
` + TempPaths + `
map $http_upgrade $connection_upgrade { default upgrade; '' close; }
proxy_http_version 1.1;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $connection_upgrade;
proxy_set_header Host $http_host;
server {
	listen %s;
	listen %s ssl;
	ssl_certificate %s;
	ssl_certificate_key %s;
	location / { proxy_pass http://%[5]s; }
	location /impatient { proxy_pass http://%[5]s; proxy_read_timeout 1s; }
}
}
`

func TestAppsBehindNginx(t *testing.T) {
	all := Installed(t)
	cert, secret := Certificate(t)
	for _, name := range Apps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := StartApp(t, name)
			var waits sync.WaitGroup // for cuts, all at once
			defer waits.Wait()
			for _, n := range all {
				plain, tls := FreeAddress(t), FreeAddress(t)
				dir := Write(t, map[string]string{"nginx.conf": fmt.Sprintf(behind, plain, tls, cert, secret, a.Address)})
				n.Start(t, dir, "nginx.conf", plain)
				for _, o := range []ClientOptions{{Address: plain}, {Address: tls, TLS: true}} {
					if c := used(t, a, o); name != "node-http" {
						waits.Go(func() { wantCut(t, fmt.Sprintf("%v, TLS %v", n, o.TLS), c) })
					}
				}
			}
		})
	}
}

// used opens a connection at which a message comes back and a ping is answered.
func used(t *testing.T, a *App, o ClientOptions) *Conn {
	t.Helper()
	o.Path = a.URI("/impatient")
	c, err := Dial(t, o)
	if err != nil {
		t.Fatal(err)
	}
	if a.Name == "node-http" {
		if c.Status != http.StatusOK || c.Body != "ok\n" {
			t.Errorf("status %d, body %q", c.Status, c.Body)
		}
		return c
	}
	if err := a.Echo(c, "hello"); err != nil {
		t.Fatalf("status %d: %v", c.Status, err)
	}
	if err := c.Ping(); err != nil {
		t.Fatalf("ping: %v", err)
	}
	return c
}

// wantCut waits for the cut that proxy_read_timeout makes.
func wantCut(t *testing.T, where string, c *Conn) {
	after, how, err := c.WaitCut(timeout)
	if how != "fin" || after < 500*time.Millisecond || after > 5*time.Second {
		t.Errorf("%s: cut after %v by %q, %v; want after 1s by fin", where, after, how, err)
	}
}
