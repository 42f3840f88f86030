package hops

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// TestHAProxy runs HAProxy with configurations, and compares when it cuts an idle
// WebSocket, or whether the handshake fails, with what is read of them.
func TestHAProxy(t *testing.T) {
	app := nginxtest.StartApp(t, "coder")
	for name, c := range map[string]struct{ defaults, front, back string }{
		"client":                {"timeout client 1s\n timeout server 3s", "", ""},
		"server":                {"timeout client 3s\n timeout server 1000", "", ""},
		"tunnel":                {"timeout client 1s\n timeout server 1s\n timeout tunnel 2s", "", ""},
		"tunnel of the backend": {"timeout client 1s\n timeout server 1s", "", "timeout tunnel 2s"},
		"tunnel 0":              {"timeout client 1s\n timeout server 2s\n timeout tunnel 0", "", ""},
		"tunnel of a frontend":  {"timeout client 1s\n timeout server 2s", "timeout tunnel 4s", ""},
		"client of a frontend":  {"timeout client 1s\n timeout server 3s", "timeout client 2s", ""},
		"httpclose":             {"timeout client 1s\n timeout server 1s\n option httpclose", "", ""},
		"http-server-close":     {"timeout client 1s\n timeout server 1s\n option http-server-close", "", ""},
		"tcp":                   {"mode tcp\n timeout client 1s\n timeout server 1s\n timeout tunnel 2s", "", ""},
		"del upgrade":           {"timeout client 1s\n timeout server 1s", "", "http-request del-header Upgrade"},
		"del connection":        {"timeout client 1s\n timeout server 1s", "http-request del-header Connection", ""},
		"set connection":        {"timeout client 1s\n timeout server 1s", "", "http-request set-header Connection close"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := nginxtest.FreeAddress(t)
			config := fmt.Sprintf("global\n maxconn 100\ndefaults\n mode http\n timeout connect 1s\n %s\nfrontend f\n bind %s\n %s\n default_backend b\nbackend b\n %s\n server n %s\n",
				c.defaults, address, c.front, c.back, app.Address)
			nginxtest.StartHAProxy(t, config, address)
			conn, err := nginxtest.Dial(t, nginxtest.ClientOptions{Address: address, Path: "/ws"})
			if err != nil {
				t.Fatal(err)
			}
			var idle time.Duration
			strips := false
			for _, h := range readHAProxy(parser.Foreign("haproxy.cfg", []byte(config))) {
				strips = strips || h.Kind == Strip
				if h.Kind == Idle {
					idle = h.Time
				}
			}
			if switched := conn.Status == http.StatusSwitchingProtocols; switched == strips {
				t.Fatalf("the handshake gets %d, and a header is removed: %v", conn.Status, strips)
			} else if !switched {
				return
			}
			after, how, err := conn.WaitCut(6 * time.Second)
			if err != nil || after < idle-200*time.Millisecond || after > idle+700*time.Millisecond {
				t.Errorf("cut after %s (%s, %v), read %s", after, how, err, idle)
			}
		})
	}
}
