package lint

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lab"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// healthy gathers the sources: the patched goldens, the fixed examples and the
// cases of the lab.
func (m *mutation) healthy() []*working {
	var all []*working
	add := func(name string, files map[string]string) {
		if s := m.working(name, files); s != nil {
			all = append(all, s)
		}
	}
	goldens, _ := filepath.Glob("testdata/golden/*.txtar")
	for _, name := range goldens {
		g := readGolden(m.T, name)
		files := make(map[string]string)
		for name, f := range g.files {
			if f.Mode&fs.ModeSymlink == 0 {
				files[name] = string(f.Data)
			}
		}
		for _, f := range g.archive.Files {
			if name, ok := strings.CutPrefix(f.Name, "want/"); ok && name != "findings" {
				files[name] = string(fuzzseeds.Decode(f.Data))
			}
		}
		add(filepath.Base(name), files)
	}
	dirs, _ := filepath.Glob("../examples/*/fixed")
	for _, dir := range dirs {
		add(dir, readTree(m.T, dir))
	}
	for _, c := range lab.Cases(m.T, "../parser/testdata/lab/nginx") {
		files := make(map[string]string)
		for name, f := range c.Files {
			files[name] = string(f.Data)
		}
		add(c.Name, files)
	}
	return all
}

func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// broken are directives that do not belong into a WebSocket location.
var broken = []string{
	"proxy_set_header X-Mutant 1;", "proxy_http_version 1.0;", "proxy_read_timeout 0;", "proxy_method POST;", "proxy_pass_request_headers off;",
	"proxy_hide_header Upgrade;", "proxy_hide_header Sec-WebSocket-Accept;", `proxy_set_header Sec-WebSocket-Key "";`, "return 301 /elsewhere;",
	"deny all;", "limit_except POST { deny all; }", "if ($http_upgrade) { return 403; }", "proxy_set_header Upgrade $http_upgrade;",
	"fastcgi_pass 127.0.0.1:1;", "proxy_set_header Connection close;",
}

// replacements are what may be written by mistake in the place of a directive.
func replacements(d *parser.Directive) []string {
	switch {
	case d.Is("events", "http", "server", "location", "listen", "server_name", "daemon", "pid", "error_log", "worker_processes", "include") || d.Block != nil && !d.Is("map"):
		return nil
	case d.Is("proxy_set_header") && strings.EqualFold(d.Param(0), "Upgrade"):
		return []string{"", `proxy_set_header Upgrade "";`, "proxy_set_header Upgrade $http_upgarde;", "proxy_set_header Upgrade $connection_upgrade;", "proxy_set_header Upgrade http_upgrade;", "add_header Upgrade $http_upgrade;", "proxy_set_header Upgrade: $http_upgrade;"}
	case d.Is("proxy_set_header") && strings.EqualFold(d.Param(0), "Connection"):
		return []string{"", `proxy_set_header Connection "";`, "proxy_set_header Connection close;", "proxy_set_header Connection keep-alive;", "proxy_set_header Connection $connection_upgarde;", "proxy_set_header Connection connection_upgrade;", "add_header Connection upgrade;", "proxy_set_header Connection: upgrade;"}
	case d.Is("proxy_http_version"):
		return []string{"", "proxy_http_version 1.0;"}
	case d.Is("proxy_pass"):
		rest := strings.TrimPrefix(d.Param(0), "http://")
		return []string{"", "proxy_pass ws://" + rest + ";", "proxy_pass " + rest + ";", "proxy_pass " + d.Param(0)}
	case d.Is("map"):
		return []string{""}
	}
	return []string{""}
}
