package lint

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"
)

// Public reports of WebSockets that fail, rebuilt small, which are stored outside the
// repository: what is found, and what the inventory says.
func TestFieldReports(t *testing.T) {
	root, err := filepath.Abs("../../shared/trials/cases")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no cases next to the project: skipped")
	}
	for _, c := range []struct {
		file, finding string
		inventory     []string
	}{
		{"field-tryfiles-answers/chat.conf", "17 error answered-before-proxy", []string{"location /websocket fails"}},
		{"field-false-missing-pass/tf2.conf", "4 error answered-before-proxy", []string{"location /ws fails"}},
		{"field-orphan-named-location/minimal.conf", "4 warning unreached-location", []string{"location @ws fails"}},
		{"field-orphan-named-location/named-not-last.conf", "6 warning unreached-location", []string{"location @orphan fails"}},
		{"field-orphan-named-location/data/nginx/proxy_host/7.conf", "25 warning unreached-location", []string{"location @ws fails", "location / fails"}},
		{"field-pass-inside-if/variants/no-headers.conf", "10 error missing-upgrade-headers", nil},
		{"field-pass-inside-if/variants/connection-empty.conf", "10 error missing-upgrade-headers", nil},
		{"field-pass-inside-if/nginx.conf", "", nil},
	} {
		t.Run(c.file, func(t *testing.T) {
			res, err := Run(Options{FS: os.DirFS(filepath.Join(root, path.Dir(c.file))), Paths: []string{path.Base(c.file)}})
			if err != nil {
				t.Fatal(err)
			}
			var found, listed []string
			for _, f := range res.Findings {
				found = append(found, fmt.Sprint(f.Span.File.Position(f.Span.Start).Line, " ", f.Severity, " ", f.Rule.Name))
			}
			entries := Inventory(res, false)
			for _, e := range entries {
				listed = append(listed, e.Location.Opener.Words()+" "+e.Handshake.Outcome.String())
			}
			if c.finding != "" && !slices.Contains(found, c.finding) {
				t.Errorf("found %q, want %q", found, c.finding)
			}
			if len(entries) == 0 || c.inventory != nil && !slices.Equal(listed, c.inventory) {
				t.Errorf("the inventory has %q, want %q", listed, c.inventory)
			}
		})
	}
}
