package intent

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

func TestAnnotation(t *testing.T) {
	for server, want := range map[string]Level{
		"# nginx-ws-lint: websocket\nlocation /x { proxy_pass http://b; }":                                          Certain,
		"location /x {\n# nginx-ws-lint: websocket (terminals)\nproxy_pass http://b; }":                             Certain,
		"location /x { proxy_pass http://b; } # nginx-ws-lint: websocket":                                           Certain,
		"#nginx-ws-lint:websocket\n# more\nlocation /x { proxy_pass http://b; }":                                    Certain,
		"# nginx-ws-lint: not-websocket\nlocation /ws { proxy_pass http://b; }":                                     None,
		"location /ws { proxy_pass http://b; proxy_set_header Upgrade websocket; # nginx-ws-lint: not-websocket\n}": None,
		"# nginx-ws-lint: websockets\nlocation /x { proxy_pass http://b; }":                                         None,
		"# nginx-ws-lint: websocket\n\nlocation /x { proxy_pass http://b; }":                                        None,
		"location /x { proxy_pass http://b;\n# nginx-ws-lint: websocket\nlocation /x/y { proxy_pass http://b; } }":  None,
		"location /x { proxy_pass http://b;\nlocation /x/y { # nginx-ws-lint: websocket\nproxy_pass http://b; } }":  None,
		"location /x { proxy_pass http://b;\nlocation /x/y { proxy_pass http://b; }\n# nginx-ws-lint: websocket\n}": Certain,
		"location /a { return 200; } # nginx-ws-lint: websocket\nlocation /x { proxy_pass http://b; }":              Certain,  // of /a
		"# nginx-ws-lint: websocket\nlocation /x { proxy_pass http://b; # nginx-ws-lint: not-websocket\n}":          None,     // the last one holds
		"set $a b; # nginx-ws-lint: websocket\nlocation /x { proxy_pass http://b; }":                                None,     // about the set
		"# about nginx-ws-lint: websocket\nlocation /x { proxy_pass http://b; }":                                    Possible, // no annotation, but a comment
	} {
		score := one(t, server)
		if score.Level != want {
			t.Errorf("%s: %v %q, want %v", server, score.Level, score.Reasons, want)
		}
		if settled := len(score.Reasons) == 1 && score.Reasons[0] == "annotated"; want == Certain && (!settled || score.Points != 100) {
			t.Errorf("%s: %d %q, want 100 and \"annotated\"", server, score.Points, score.Reasons)
		}
	}
}

// In a fragment that is the inside of a location, the whole file is about it.
func TestAnnotatedFragment(t *testing.T) {
	files := fstest.MapFS{"f.conf": {Data: []byte("# nginx-ws-lint: websocket\n\nproxy_pass http://b;\nproxy_buffering off;\n")}}
	cfg, err := parser.Load(files, "f.conf", parser.Options{Context: "location"})
	if err != nil {
		t.Fatal(err)
	}
	if score := scored(cfg).Of(first(cfg, "location")); score.Level != Certain {
		t.Errorf("%v %q, want certain", score.Level, score.Reasons)
	}
}

// Comments in an included file are about its content, not about the file that
// includes it.
func TestCommentsOfIncludes(t *testing.T) {
	files := fstest.MapFS{
		"nginx.conf": {Data: []byte("events {}\nhttp { server { location /x {\n# websocket\ninclude x.conf; location /x/y { proxy_pass http://b; } } } }\n")},
		"x.conf":     {Data: []byte(strings.Repeat("\n", 500) + "# websocket\nlocation /x/z { proxy_pass http://b; }\nproxy_pass http://b;\n")},
	}
	cfg, err := parser.Load(files, "nginx.conf", parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for path, points := range map[string]int{"/x": 35, "/x/y": 0, "/x/z": 35} {
		cfg.Root.Walk(func(c *parser.Context) bool {
			if c.Name == "location" && c.Opener.Param(0) == path {
				if score := scored(cfg).Of(c); score.Points != points {
					t.Errorf("%s: %d %q, want %d", path, score.Points, score.Reasons, points)
				}
			}
			return true
		})
	}
}

func TestCommentSignal(t *testing.T) {
	for comment, want := range map[string]int{
		"WebSocket support":                 35,
		"Web socket proxying":               35,
		"wss://example.com/x":               35,
		"socket.io needs this":              35,
		"Vite HMR":                          35,
		"web server":                        0,
		"unix socket":                       0,
		"Not a WebSocket, plain long polls": denialPoints,
		"websockets are disabled here":      denialPoints,
		"works without web sockets":         denialPoints,
		"location /websocket {":             0,
		"nginx-ws-lint: ignore x websocket": 0,
		"news":                              0,
	} {
		if got := newRemark(comment).points; got != want {
			t.Errorf("%q: %d, want %d", comment, got, want)
		}
	}
}
