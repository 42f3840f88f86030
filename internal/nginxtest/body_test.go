package nginxtest

import (
	"fmt"
	"testing"
)

// Headers that announce a body, or ask for 100 first, keep applications from
// answering a handshake: they wait for the body until nginx gives up, or say 100,
// which nginx passes on as the answer.
func TestSpoiledHandshakes(t *testing.T) {
	installed := Installed(t)
	for _, c := range []struct {
		header string
		status map[string]int // by application
	}{
		{"Content-Length 5", map[string]int{"coder": 504, "tornado": 504, "gorilla": 101}},
		{"Content-Length 0", map[string]int{"coder": 101, "tornado": 101, "gorilla": 101}},
		{"Transfer-Encoding chunked", map[string]int{"coder": 504, "tornado": 504, "gorilla": 101}},
		{"Expect 100-continue", map[string]int{"coder": 101, "tornado": 100, "gorilla": 101}},
		{"TE trailers", map[string]int{"coder": 101, "tornado": 101, "gorilla": 101}},
	} {
		for name, want := range c.status {
			t.Run(name+"/"+c.header, func(t *testing.T) {
				t.Parallel()
				n, address := installed[len(installed)-1], FreeAddress(t)
				a := StartApp(t, name)
				text := fmt.Sprintf(`%shttp { %s server { listen %s; location / { proxy_pass http://%s; proxy_http_version 1.1; proxy_read_timeout 1s;
					proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_set_header %s; } } }
`, Prologue, TempPaths, address, a.Address, c.header)
				n.Start(t, Write(t, map[string]string{"nginx.conf": text}), "nginx.conf", address)
				conn, err := Dial(t, ClientOptions{Address: address, Path: "/"})
				if err != nil || conn.Status != want {
					t.Errorf("%+v, %v, want %d", conn, err, want)
				}
			})
		}
	}
}
