package probe

import (
	"net/http"
	"net/url"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// TestServedBy checks that the version in the Server header decides what the
// configuration means, unless one was asked for.
func TestServedBy(t *testing.T) {
	files := fstest.MapFS{"nginx.conf": {Data: []byte("events {}\nhttp { server { listen 80; location /ws { proxy_pass http://127.0.0.1:3000; } } }\n")}}
	u := &url.URL{Scheme: "ws", Host: "example.test", Path: "/ws"}
	for _, test := range []struct{ server, asked, want string }{
		{"nginx/1.26.3", "", "1.0"}, {"nginx/1.31.0", "", "1.1"}, {"Angie/1.12.1", "", "1.1"}, {"Tengine/3.1.0", "", "1.0"},
		{"nginx/1.31.0", "1.26.3", "1.0"}, {"nginx", "", "1.0"}, {"Apache/2.4.66", "", "1.0"}, {"1.31.0", "", "1.0"}, {"", "", "1.0"},
	} {
		opt := lint.Options{FS: files, Paths: []string{"nginx.conf"}}
		if test.asked != "" {
			opt.Version, _ = parser.ParseVersion(test.asked)
		}
		p, err := Locate(opt, u)
		if err != nil {
			t.Fatal(err)
		}
		p, err = p.ServedBy(&Inquiry{URL: u, Answers: []*Answer{{Header: http.Header{"Server": {test.server}}}}})
		if err != nil || p.Request.HTTP != test.want {
			t.Errorf("%+v: HTTP/%s, %v", test, p.Request.HTTP, err)
		}
	}
}
