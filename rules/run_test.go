package rules

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/benchsites"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// mistakes is a configuration whose servers share text in which mistakes stand,
// on every level, and have some of their own.
func mistakes() fstest.MapFS {
	const main = `events {}
http {
    proxy_set_header Origin "";
    upstream shared {
        ip_hash;
        server 127.0.0.1:3000;
        server 127.0.0.1:3001;
    }
    include sites/*.conf;
}
`
	const shared = `proxy_http_version 1.1;
proxy_set_header Upgrade websocket;
proxy_set_header Connection: upgrade;
proxy_set_header Connection $undefined_one;
proxy_set_header Sec-WebSocket-Key "";
proxy_set_header Origin "";
proxy_set_header X-Forwarded-For $http_x_forwarded_for;
proxy_connect_timeout 2h;
`
	const site = `server {
    listen 127.0.0.1:%[1]d http2;
    server_name s%[1]d.example.com;
    add_header Content-Security-Policy "default-src 'self'";
    location /ws {
        proxy_pass http://shared;
        include snippets/shared.conf;
    }
    location /socket.io/ {
        proxy_pass http://shared/;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Upgrade $http_upgrade;
        proxy_read_timeout 1,5h;
    }
    location ~ ^/ws/%[1]d { proxy_pass wss://shared/; }
    location /ws { return 404; }
    proxy_set_heade X y;
}
`
	tree := fstest.MapFS{"nginx.conf": {Data: []byte(main)}, "snippets/shared.conf": {Data: []byte(shared)}}
	for i := range 60 {
		tree[fmt.Sprintf("sites/%03d.conf", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, site, 8000+i)}
	}
	return tree
}

// oneServer is a configuration with nearly all its locations in one server.
func oneServer() fstest.MapFS {
	var b strings.Builder
	b.WriteString("events {} http { server { location /ws { proxy_pass http://a; } } server {\n")
	for i := range manyLocations + 1 {
		fmt.Fprintf(&b, "location /ws%d { proxy_pass http://a; proxy_set_header Upgrade $http_upgrade; }\n", i)
	}
	b.WriteString("} }")
	return fstest.MapFS{"nginx.conf": {Data: []byte(b.String())}}
}

// What rules find does not depend on how the tree is divided among goroutines.
func TestParts(t *testing.T) {
	dir := t.TempDir()
	if _, err := benchsites.Write(dir, 100); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		cfg       *parser.Config
		undivided bool
		rules     int // that find something, at least
	}{
		{"mistakes", load(t, parser.NewFiles(mistakes())), false, 15},
		{"sites", load(t, parser.NewFiles(os.DirFS(dir))), false, 2},
		{"one server", load(t, parser.NewFiles(oneServer())), true, 2},
	} {
		settings := Settings{Versions: parser.AnyVersion}
		divided, whole := NewTree(model.New(tt.cfg, nil), settings), NewTree(model.New(tt.cfg, nil), settings)
		if p := divided.plan(All); p.undivided != tt.undivided {
			t.Errorf("%s: undivided is %t", tt.name, p.undivided)
		}
		got, want := divided.Run(All), whole.runWhole(All)
		rules := 0
		for i, r := range All {
			if !slices.Equal(shown(got[i]), shown(want[i])) {
				t.Errorf("%s: %s finds in parts\n%s\nand in all\n%s", tt.name, r.Name, strings.Join(shown(got[i]), "\n"), strings.Join(shown(want[i]), "\n"))
			}
			if len(want[i]) > 0 {
				rules++
			}
		}
		if rules < tt.rules {
			t.Errorf("%s: only %d rules find something", tt.name, rules)
		}
	}
}

// runWhole runs the rules one after the other on all of the tree.
func (t *Tree) runWhole(chosen []*Rule) [][]Finding {
	all := make([][]Finding, len(chosen))
	for i, r := range chosen {
		p := &Pass{Tree: t, Rule: r}
		p.whole(true)
		all[i] = inOrder(p.found)
	}
	return all
}

func load(t *testing.T, files *parser.Files) *parser.Config {
	cfg, err := parser.Load(files, "nginx.conf", parser.Options{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// shown are findings in an order of their own: those of one rule are told in the
// order of places.
func shown(findings []Finding) []string {
	var all []string
	for _, f := range findings {
		at := f.Span.File.Position(f.Span.Start)
		line := fmt.Sprint(f.Span.File.Name, ":", at, " ", f.Severity, " ", f.Message)
		for _, fix := range f.Fixes {
			line += fmt.Sprint(" [", fix.Message, " ", fix.Safety, " ", len(fix.Names), " ", fix.Changes, "]")
		}
		all = append(all, line)
	}
	slices.Sort(all)
	return all
}
