package lint

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

var update = flag.Bool("update", false, "write the goldens again")

// A golden is one case: a tree, how it is linted, what is found, and the files that
// fixing changes. The archive's comment says what the case shows; a line "flags: ..."
// in it has options.
type golden struct {
	name    string
	archive *txtar.Archive
	opt     Options
	files   fstest.MapFS
}

func TestGolden(t *testing.T) {
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no goldens", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			g := readGolden(t, name)
			res := g.run(t, g.files)
			got := g.record(res)
			if *update {
				g.write(t, got)
				return
			}
			g.compare(t, got)
			g.promises(t, res)
		})
	}
}

func readGolden(t *testing.T, name string) *golden {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	g := &golden{name: name, archive: a, files: fstest.MapFS{}, opt: Options{Paths: []string{"."}, Fix: true}}
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, "want/") {
			continue
		}
		file, link, isLink := strings.Cut(f.Name, " -> ")
		g.files[file] = &fstest.MapFile{Data: fuzzseeds.Decode(f.Data), Mode: 0o644}
		if isLink {
			g.files[file] = &fstest.MapFile{Data: []byte(link), Mode: 0o777 | fs.ModeSymlink}
		}
	}
	for _, line := range strings.Split(string(a.Comment), "\n") {
		if flags, ok := strings.CutPrefix(line, "flags: "); ok {
			g.flags(t, flags)
		}
	}
	return g
}

// encode is the other way of fuzzseeds.Decode.
func encode(data []byte) []byte {
	s := strings.NewReplacer("\r", "<CR>", "\xef\xbb\xbf", "<BOM>", "\xe9", "<LATIN1>").Replace(string(data))
	if !strings.HasSuffix(s, "\n") {
		s += "<NO NEWLINE>\n"
	}
	return []byte(s)
}

func (g *golden) flags(t *testing.T, flags string) {
	t.Helper()
	for _, f := range strings.Fields(flags) {
		name, value, _ := strings.Cut(f, "=")
		switch name {
		case "nginx-version":
			v, err := parser.ParseVersion(value)
			if err != nil {
				t.Fatal(err)
			}
			g.opt.Version = v
		case "unsafe-fixes":
			g.opt.UnsafeFixes = true
		case "context":
			g.opt.Context = value
		case "path":
			g.opt.Paths = strings.Split(value, ",")
		case "select":
			g.opt.Select = strings.Split(value, ",")
		default:
			t.Fatalf("unknown flag %q", f)
		}
	}
}

func (g *golden) run(t *testing.T, files fs.FS) *Result {
	t.Helper()
	opt := g.opt
	opt.FS = files
	res, err := Run(opt)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// record is what a run gives, as files of the archive.
func (g *golden) record(res *Result) []txtar.File {
	var b strings.Builder
	for _, f := range res.Findings {
		fmt.Fprintf(&b, "%s:%s: %s: %s [%s]\n", f.Span.File.Name, f.Span.File.Position(f.Span.Start), f.Severity, f.Message, f.Rule.Name)
		for _, r := range f.Related {
			fmt.Fprintf(&b, "    see %s:%s: %s\n", r.Span.File.Name, r.Span.File.Position(r.Span.Start), r.Message)
		}
		for _, fix := range f.Fixes {
			fmt.Fprintf(&b, "    fix (%s): %s\n", fix.Safety, strings.ReplaceAll(fix.Message, "\n", "\n        "))
		}
	}
	for _, n := range res.Notes {
		fmt.Fprintf(&b, "note: %s\n", n.Message)
	}
	for _, h := range res.Held {
		if h.Fix.Refused {
			fmt.Fprintf(&b, "%s\n", h.Reason)
		}
	}
	out := []txtar.File{{Name: "want/findings", Data: []byte(b.String())}}
	for _, p := range res.Patches {
		out = append(out, txtar.File{Name: "want/" + p.File.Name, Data: encode(p.New)})
	}
	return out
}

func (g *golden) write(t *testing.T, got []txtar.File) {
	t.Helper()
	g.archive.Files = slices.DeleteFunc(g.archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") })
	g.archive.Files = append(g.archive.Files, got...)
	if err := os.WriteFile(g.name, txtar.Format(g.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (g *golden) compare(t *testing.T, got []txtar.File) {
	t.Helper()
	want := make(map[string]string)
	for _, f := range g.archive.Files {
		if strings.HasPrefix(f.Name, "want/") {
			want[f.Name] = string(f.Data)
		}
	}
	for _, f := range got {
		if w, ok := want[f.Name]; !ok || w != string(f.Data) {
			t.Errorf("%s is\n%swant\n%s", f.Name, f.Data, w)
		}
		delete(want, f.Name)
	}
	for name := range want {
		t.Errorf("%s is wanted, but nothing changes there", name)
	}
}

// promises checks what every fix promises, whatever the case.
func (g *golden) promises(t *testing.T, res *Result) {
	t.Helper()
	patched := fstest.MapFS{}
	for name, f := range g.files {
		patched[name] = f
	}
	for _, p := range res.Patches {
		patched[p.File.Name] = &fstest.MapFile{Data: p.New, Mode: 0o644}
	}
	again := g.run(t, patched)
	if len(again.Patches) > 0 {
		t.Errorf("fixing twice changes something:\n%s", again.Patches[0].Diff("once", "twice"))
	}
	before := make(map[*rules.Rule]bool)
	for _, f := range res.Findings {
		before[f.Rule] = true
	}
	for _, f := range res.Left {
		if f.Severity > rules.Info && !before[f.Rule] {
			t.Errorf("the patch brings a finding: %s", f.Message)
		}
	}
	if len(res.Patches) > 0 {
		applyDiff(t, g.files, res.Patches, "patch", "-p1", "--no-backup-if-mismatch", "-s")
		applyDiff(t, g.files, res.Patches, "git", "apply", "-p1", "--whitespace=nowarn")
	}
}

// applyDiff has a tool apply the diffs and compares the bytes.
func applyDiff(t *testing.T, files fstest.MapFS, patches []fixer.Patch, tool string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Logf("no %s on this machine: the diff was not applied with it", tool)
		return
	}
	dir := t.TempDir()
	var diff bytes.Buffer
	for _, p := range patches {
		place := filepath.Join(dir, filepath.FromSlash(p.File.Name))
		if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, p.File.Src, 0o644); err != nil {
			t.Fatal(err)
		}
		diff.WriteString(p.Diff("a/"+p.File.Name, "b/"+p.File.Name))
	}
	cmd := exec.Command(tool, args...)
	cmd.Dir, cmd.Stdin = dir, &diff
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", tool, err, out)
		return
	}
	for _, p := range patches {
		if got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p.File.Name))); err != nil || !bytes.Equal(got, p.New) {
			t.Errorf("%s makes another text of %s than --fix", tool, p.File.Name)
		}
	}
}
