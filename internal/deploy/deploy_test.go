package deploy

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

var update = flag.Bool("update", false, "write the expected views again")

// TestViews compares the views of small repositories with those in testdata.
func TestViews(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files, want := fstest.MapFS{}, ""
			kept := a.Files[:0]
			for _, f := range a.Files {
				if f.Name == "want/views" {
					want = string(f.Data)
					continue
				}
				kept = append(kept, f)
				file, link, isLink := strings.Cut(f.Name, " -> ")
				files[file] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
				if isLink {
					files[file] = &fstest.MapFile{Data: []byte(link), Mode: 0o777 | fs.ModeSymlink}
				}
			}
			got := describe(find(files))
			if *update {
				a.Files = append(kept, txtar.File{Name: "want/views", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if again := describe(find(files)); again != got {
				t.Errorf("the second time\n%s", again)
			}
		})
	}
}

// find returns the views of a repository and why evidence was not read.
func find(files fstest.MapFS) ([]*View, []string) {
	store := parser.NewFiles(files)
	var unread, names []string
	for name := range files {
		if IsEvidence(name) {
			names = append(names, name)
		}
	}
	src := Source{
		FS: store.Snapshot(), Read: store.ReadRegular, Allowed: func(string) bool { return true },
		Unread: func(name string, err error) { unread = append(unread, fmt.Sprintf("%s: %v", name, err)) },
	}
	return Find(src, names), unread
}

func describe(views []*View, unread []string) string {
	var b strings.Builder
	for _, v := range views {
		fmt.Fprintf(&b, "%s (%s:%d): image %q main %q", v.Name, v.Place.File, v.Place.Line, v.Image, v.Main)
		if v.Version.Numbered {
			fmt.Fprintf(&b, ", version %s", v.Version.Versions)
		}
		for _, also := range v.Also {
			fmt.Fprintf(&b, ", also %s", also)
		}
		for what, is := range map[string]bool{", alone": v.Alone && !v.Host} {
			if is {
				b.WriteString(what)
			}
		}
		if v.Globals != "" && v.Globals != daemonOff {
			fmt.Fprintf(&b, ", -g %q", v.Globals)
		}
		b.WriteString("\n")
		for _, n := range v.Neighbours {
			fmt.Fprintf(&b, "    beside %s %v\n", n.Names, n.Ports)
		}
		for _, e := range v.Environment {
			fmt.Fprintf(&b, "    %s=%s known %v (%s:%d)\n", e.Name, e.Value, e.Known, e.Place.File, e.Place.Line)
		}
		nodes(&b, "", v.tree.root)
		for _, e := range v.Empties {
			fmt.Fprintf(&b, "    empties %v at %s:%d\n", e.Names, e.Place.File, e.Place.Line)
		}
		for _, o := range v.Open {
			fmt.Fprintf(&b, "    open: %s\n", o)
		}
	}
	for _, u := range unread {
		fmt.Fprintf(&b, "not read: %s\n", u)
	}
	return b.String()
}

// nodes writes what is below a path, but not the files of images.
func nodes(b *strings.Builder, at string, n *node) {
	switch {
	case n.link != "":
		fmt.Fprintf(b, "    %s -> %s\n", at, n.link)
		return
	case n.unknown:
		fmt.Fprintf(b, "    %s unknown\n", at)
	case n.text != nil && n.place.File != "":
		fmt.Fprintf(b, "    %s text of %s:%d: %.40q\n", at, n.place.File, n.place.Line, n.text)
	}
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		nodes(b, at+"/"+name, n.children[name])
	}
}
