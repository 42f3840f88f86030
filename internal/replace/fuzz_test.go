//go:build unix

package replace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzJournal: whatever the journals of two directories say, Recover touches nothing
// in a directory that was not given, restores only a file that matches the journal,
// and never another user's file.
func FuzzJournal(f *testing.F) {
	head := `{"id":"x","decides":"DIR","dirs":["DIR","DIR/d"]}` + "\n"
	entry := `{"Name":"a","Temp":".nginx-ws-lint-x-0.tmp","Backup":".nginx-ws-lint-x-0.old","Old":"` + digest([]byte("old")) + `","New":"` + digest([]byte("a")) + `"}`
	below := `{"id":"x","decides":"DIR"}` + "\n" + `{"files":[` + entry + `]}` + "\n"
	f.Add(head+`{"files":[`+entry+`]}`+"\n", below)
	f.Add(head+`{"files":[`+entry+`]}`+"\n"+`{"keep":true}`+"\n", below)
	f.Add(`{"id":"x/../..","decides":"OUT"}`+"\n"+`{"files":[{"Name":"../s"}]}`+"\n", "")
	f.Add(`{"id":"","decides":"DIR"}`+"\n"+`{"files":[{"Name":"b","Temp":".nginx-ws-lint--","Backup":".nginx-ws-lint--"}]}`+"\n", below)
	f.Add(head+`{"files":null}`+"\n"+`{"keep":1}`, "not JSON\n")
	f.Add(`{"id":"x","decides":"DIR","dirs":["DIR","OUT","DIR/d","DIR/d"]}`+"\n"+`{"files":[`+entry+`]}`+"\n", below)
	f.Add(`{"id":"x","decides":"DIR/d"}`+"\n", `{"id":"x","decides":"DIR/d","dirs":["DIR/d/..","OUT"]}`+"\n")
	dir, err := filepath.EvalSymlinks(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, journal, lower string) {
		place, err := os.MkdirTemp(dir, "")
		must(t, err)
		defer os.RemoveAll(place)
		in, out := filepath.Join(place, "in"), filepath.Join(place, "out")
		for name, text := range map[string]string{
			"in/a": "a", "in/b": "b", "in/" + lockName: "", "in/.nginx-ws-lint-x-0.old": "old", "in/.nginx-ws-lint-x-1.old": "other",
			"in/d/a": "a", "in/d/b": "b", "in/d/" + lockName: "", "in/d/.nginx-ws-lint-x-0.old": "old",
			"out/s": "s", "out/" + lockName: "", "out/.nginx-ws-lint-x-0.old": "s", "out/.nginx-ws-lint-x-1.tmp": "s",
		} {
			must(t, os.MkdirAll(filepath.Dir(filepath.Join(place, name)), 0o755))
			must(t, os.WriteFile(filepath.Join(place, name), []byte(text), 0o600))
		}
		placed := func(text string) []byte {
			return []byte(strings.ReplaceAll(strings.ReplaceAll(text, "DIR", in), "OUT", out))
		}
		must(t, os.WriteFile(filepath.Join(in, journalName), placed(journal), 0o600))
		must(t, os.WriteFile(filepath.Join(in, "d", journalName), placed(lower), 0o600))
		must(t, os.WriteFile(filepath.Join(out, journalName), placed(lower), 0o600))
		_, _ = recoverIn(in, in)
		wantTree(t, out, map[string]string{"s": "s", lockName: "", ".nginx-ws-lint-x-0.old": "s", ".nginx-ws-lint-x-1.tmp": "s", journalName: string(placed(lower))})
		for _, name := range []string{"a", "b", "d/a", "d/b"} {
			is := filepath.Base(name)
			text, err := os.ReadFile(filepath.Join(in, name))
			claimed := strings.Contains(journal+lower, digest([]byte("old"))) || strings.Contains(journal+lower, digest([]byte("other")))
			if err != nil || string(text) != is && !(claimed && (string(text) == "old" || string(text) == "other")) {
				t.Errorf("%s holds %q, %v", name, text, err)
			}
		}
	})
}
