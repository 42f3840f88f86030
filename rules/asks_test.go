package rules_test

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// startApp also knows go-http, a server of Go's net/http, go-stream, one that
// sends an event and keeps the answer open for a while, and tls, coder behind TLS.
func startApp(t *testing.T, name string) *nginxtest.App {
	switch name {
	case "go-http":
		return &nginxtest.App{Name: name, Address: nginxtest.StartBackend(t).Address}
	case "go-stream":
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: first\n\n")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(streamTime)
		}))
		t.Cleanup(s.Close)
		return &nginxtest.App{Name: name, Address: s.Listener.Addr().String()}
	case "tls":
		return &nginxtest.App{Name: name, Address: nginxtest.StartTLS(t, nginxtest.StartApp(t, "coder").Address)}
	}
	return nginxtest.StartApp(t, name)
}

// streamTime is how long a stream stays open after its only event.
const streamTime = 2 * time.Second

// stream asks as a browser's EventSource does.
func stream(t *testing.T, target nginxtest.Target, _ *nginxtest.App, path string) string {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	req, err := http.NewRequest(http.MethodGet, "http://"+target.Address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = target.Host
	req.Header.Set("Accept-Encoding", "gzip")
	start := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := resp.Body.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if time.Since(start) >= streamTime {
		return "late"
	}
	return strconv.Itoa(resp.StatusCode)
}

func handshake(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	return handshakeWith(t, target, app, path, nil)
}

// firefox asks with the Connection header of Firefox.
func firefox(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	return handshakeWith(t, target, app, path, http.Header{"Connection": {"keep-alive, Upgrade"}})
}

func handshakeWith(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string, header http.Header) string {
	o := target.At(path)
	o.Path, o.Header = app.URI(o.Path), header
	conn, err := nginxtest.Dial(t, o)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "closed"
	case err != nil:
		return "garbage"
	}
	if conn.Status == 101 && app.Echo(conn, "hello") != nil {
		return "cut"
	}
	return strconv.Itoa(conn.Status)
}

// afterPlain asks as a browser does that opens the address before its script
// opens a WebSocket there.
func afterPlain(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	for range 2 { // the second finds what the first had nginx store
		if got := plain(t, target, app, path); got != "200" {
			t.Fatalf("the plain request ends %s", got)
		}
	}
	return handshake(t, target, app, path)
}

func passes(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	o := target.At(path)
	o.Header = http.Header{"Upgrade": {"h2c"}, "Connection": {"Upgrade, HTTP2-Settings"}, "Http2-Settings": {"AAMAAABkAAQAoAAAAAIAAAAA"}}
	if _, err := nginxtest.Dial(t, o); err != nil {
		t.Fatal(err)
	}
	seen := app.Seen(t)
	if got := seen[len(seen)-1].Header.Get("Upgrade"); got != "" {
		return got
	}
	return "nothing"
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

// header returns a header of a handshake as it reached the application, without
// spaces.
func header(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	parts := strings.SplitN(path, ":", 3)
	fromPage(t, target, app, parts[0], "http://example.test")
	seen := app.Seen(t)
	if len(seen) == 0 || seen[0].Header[parts[1]] == nil {
		return "nothing"
	}
	return strings.ReplaceAll(strings.Join(seen[0].Header[parts[1]], ","), " ", "")
}

// password asks with a password that nginx takes, see start, and returns the scheme
// of the Authorization that reached the application.
func password(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	credentials := base64.StdEncoding.EncodeToString([]byte("user:secret"))
	if got := handshakeWith(t, target, app, path, http.Header{"Authorization": {"Basic " + credentials}}); got != "101" {
		t.Fatalf("the handshake ends %s", got)
	}
	seen := app.Seen(t)
	scheme, _, _ := strings.Cut(seen[len(seen)-1].Header.Get("Authorization"), " ")
	return cmp.Or(scheme, "nothing")
}

// cookie asks with a header line that is longer than nginx's default buffers.
func cookie(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	return handshakeWith(t, target, app, path, http.Header{"Cookie": {"session=" + strings.Repeat("0", 12_000)}})
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

// overHTTP3 asks at the socket that speaks HTTP/3, which is at the same port.
func overHTTP3(t *testing.T, target nginxtest.Target, _ *nginxtest.App, path string) string {
	status, err := target.GetOver("h3", path)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(status)
}

// sees takes its path with a query.
func sees(t *testing.T, target nginxtest.Target, app *nginxtest.App, path string) string {
	o := target.At("/")
	o.Path = path
	if _, err := nginxtest.Dial(t, o); err != nil {
		return "garbage"
	}
	all := app.Seen(t)
	if len(all) == 0 {
		return "nothing"
	}
	return all[len(all)-1].URI
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
