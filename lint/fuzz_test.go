package lint

import (
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzFix lints and fixes any text: it neither panics nor brings a reading
// error, and fixing twice changes nothing.
func FuzzFix(f *testing.F) {
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(decode(a.Files[0].Data), []byte("proxy_set_header Host $host;"))
	}
	f.Fuzz(func(t *testing.T, main, included []byte) {
		fsys := fstest.MapFS{"nginx.conf": {Data: main}, "proxy.conf": {Data: included}}
		opt := Options{FS: fsys, Paths: []string{"nginx.conf", "proxy.conf"}, Fix: true, UnsafeFixes: true}
		res, err := Run(opt)
		if err != nil {
			return // not nginx
		}
		patched := fstest.MapFS{"nginx.conf": fsys["nginx.conf"], "proxy.conf": fsys["proxy.conf"]}
		for _, p := range res.Patches {
			patched[p.File.Name] = &fstest.MapFile{Data: p.New}
		}
		opt.FS = patched
		again, err := Run(opt)
		if err != nil {
			t.Fatalf("the patched text: %v", err)
		}
		if len(again.Patches) > 0 {
			t.Errorf("fixed twice:\n%s", again.Patches[0].Diff("once", "twice"))
		}
	})
}
