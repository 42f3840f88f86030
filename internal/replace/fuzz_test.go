//go:build unix

package replace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzJournal: a journal that comes with a pull request makes Recover touch
// nothing but the files that it may, however it lies.
func FuzzJournal(f *testing.F) {
	head := `{"id":"x","decides":"DIR","dirs":["DIR"]}` + "\n"
	entry := `{"Name":"a","Temp":".nginx-ws-lint-x-0.tmp","Backup":".nginx-ws-lint-x-0.old","Old":"","New":"` + digest([]byte("a")) + `"}`
	f.Add(head + `{"files":[` + entry + `]}` + "\n")
	f.Add(head + `{"files":[` + entry + `]}` + "\n" + `{"keep":true}` + "\n")
	f.Add(`{"id":"x/../..","decides":"OUT"}` + "\n" + `{"files":[{"Name":"../s"}]}` + "\n")
	f.Add(`{"id":"","decides":"DIR"}` + "\n" + `{"files":[{"Name":"b","Temp":".nginx-ws-lint--","Backup":".nginx-ws-lint--"}]}` + "\n")
	f.Add(head + `{"files":null}` + "\n" + `{"keep":1}`)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, journal string) {
		place, err := os.MkdirTemp(dir, "")
		must(t, err)
		defer os.RemoveAll(place)
		in, out := filepath.Join(place, "in"), filepath.Join(place, "out")
		for name, text := range map[string]string{"in/a": "a", "in/b": "b", "in/" + lockName: "", "in/.nginx-ws-lint-x-0.old": "old", "out/s": "s", "out/.nginx-ws-lint-x-0.old": "s", "out/.nginx-ws-lint-x-1.tmp": "s"} {
			must(t, os.MkdirAll(filepath.Dir(filepath.Join(place, name)), 0o755))
			must(t, os.WriteFile(filepath.Join(place, name), []byte(text), 0o600))
		}
		journal = strings.ReplaceAll(strings.ReplaceAll(journal, "DIR", in), "OUT", out)
		must(t, os.WriteFile(filepath.Join(in, journalName), []byte(journal), 0o600))
		_, _ = recoverIn(in, in)
		wantTree(t, out, map[string]string{"s": "s", ".nginx-ws-lint-x-0.old": "s", ".nginx-ws-lint-x-1.tmp": "s"})
		if b, err := os.ReadFile(filepath.Join(in, "b")); err != nil || string(b) != "b" {
			if !strings.Contains(journal, `"b"`) {
				t.Errorf("b holds %q, %v", b, err)
			}
		}
		if a, err := os.ReadFile(filepath.Join(in, "a")); err != nil || string(a) != "a" && string(a) != "old" {
			t.Errorf("a holds %q, %v", a, err)
		}
	})
}
