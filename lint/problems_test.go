package lint

import (
	"os"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/runnable"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// TestRefused compares the rule refused-directive with nginx over real
// configurations: what it calls refused some nginx has to refuse.
func TestRefused(t *testing.T) {
	installed := nginxtest.Installed(t)
	root, names := corpusNames(t)
	cert, key := nginxtest.Certificate(t)
	called, wrong := 0, 0
	for _, name := range names {
		res, err := Run(Options{FS: os.DirFS(root), Paths: []string{name}, Select: []string{rules.RefusedDirective.Name}})
		if err != nil || len(res.Findings) == 0 {
			continue
		}
		called++
		ground := &runnable.Ground{Free: func() string { return nginxtest.FreeAddress(t) }, Upstream: func(string) string { return "127.0.0.1:1" }, Certificate: cert, Key: key}
		refused := false
		var said []string
		for _, cfg := range res.Configs {
			tree := ground.Runnable(cfg)
			dir := nginxtest.Write(t, tree.Files)
			for _, n := range installed {
				messages, ok := n.Test(dir, tree.Main)
				said = append(said, messages...)
				refused = refused || !ok
			}
		}
		if !refused && !strings.Contains(res.Findings[0].Message, "unknown directive") && res.Findings[0].Context.Name != "main" { // which the stand-in drops
			wrong++
			t.Errorf("%s: %s; nginx takes it: %v", name, res.Findings[0].Message, said)
		}
		if testing.Verbose() {
			for _, f := range res.Findings {
				t.Logf("%s:%s: %s", f.Span.File.Name, f.Span.File.Position(f.Span.Start), f.Message)
			}
		}
	}
	t.Logf("%d real configurations called refused, %d wrongly", called, wrong)
}
