package lsp

import (
	"path/filepath"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/benchsites"
)

// BenchmarkChange changes one of 1,000 sites and waits for the diagnostics.
func BenchmarkChange(b *testing.B) {
	dir := realPath(b.TempDir())
	if _, err := benchsites.Write(dir, 1000); err != nil {
		b.Fatal(err)
	}
	c := start(b, testHost(), "", dir)
	uri := c.open(filepath.Join(dir, "sites-enabled", "site000500.conf"))
	c.diagnostics(uri, 1)
	b.ResetTimer()
	for version := 2; b.Loop(); version++ {
		c.change(uri, version, &span{}, "#")
		c.diagnostics(uri, version)
	}
}
