// Package lab reads the lab: configurations of our own, the requests to nginx or one
// of its relatives that ran them, and what was seen. The archives are in
// parser/testdata/lab; its README describes the format.
package lab

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// The directories of the lab, from a package of the top level.
const (
	Nginx     = "../parser/testdata/lab/nginx"
	Relatives = "../parser/testdata/lab/relatives"
)

// A Case is one experiment.
type Case struct {
	Topic, Name string
	Files       fstest.MapFS // nginx.conf and what it includes
	Seen        []Seen
	Observed    string // what was seen, if it is not a table of probes
}

// Seen is what a probe saw in some versions.
type Seen struct{ Probe, Versions, Result string }

// relativeBuilds are the builds that ran the relatives' cases, HEAD as its version.
var relativeBuilds = strings.Fields("1.31.5 angie-1.10.3 angie-1.11.8 angie-1.12.1 tengine-3.1.0 tengine-3.2.0 freenginx-1.27.1")

// Builds returns the versions of a case of the relatives' lab in which something was
// seen.
func (c *Case) Builds(s Seen) []string {
	switch {
	case s.Versions != "ALL":
		return strings.Split(strings.Replace(s.Versions, "HEAD", relativeBuilds[0], 1), ",")
	case c.Topic == "openresty":
		return []string{"openresty-1.27.1.2", "openresty-1.31.1.1"}
	}
	return relativeBuilds
}

// escapes represent bytes that a text file of ours should not contain.
var escapes = strings.NewReplacer("<CR>", "\r", "<NUL>", "\x00", "<VT>", "\v", "<FF>", "\f", "<BOM>", "\xef\xbb\xbf",
	"<NBSP>", "\xc2\xa0", "<LATIN1>", "\xe9", "<NO NEWLINE>\n", "")

// Cases reads the archives of a directory.
func Cases(tb testing.TB, dir string) []*Case {
	tb.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(names) == 0 {
		tb.Fatalf("%s: no archives of the lab (%v)", dir, err)
	}
	var all []*Case
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, read(tb, strings.TrimSuffix(filepath.Base(name), ".txtar"), a)...)
	}
	return all
}

// read returns the cases of one archive. The files of a case are consecutive.
func read(tb testing.TB, topic string, a *txtar.Archive) []*Case {
	tb.Helper()
	var all []*Case
	for _, f := range a.Files {
		in, name, ok := strings.Cut(f.Name, "/")
		if !ok {
			tb.Fatalf("%s: the file %s belongs to no case", topic, f.Name)
		}
		if len(all) == 0 || all[len(all)-1].Name != in {
			all = append(all, &Case{Topic: topic, Name: in, Files: fstest.MapFS{}})
		}
		c, text := all[len(all)-1], escapes.Replace(string(f.Data))
		switch name {
		case "expect":
			c.Seen = seen(tb, f.Name, text)
		case "observed":
			c.Observed = text
		default:
			c.Files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
		}
	}
	for _, c := range all {
		if c.Files["nginx.conf"] == nil || len(c.Seen) == 0 && c.Observed == "" {
			tb.Fatalf("%s: %s lacks nginx.conf, or what was seen", topic, c.Name)
		}
	}
	return all
}

// seen reads a table of probes: probe, versions and result, separated by tabs.
func seen(tb testing.TB, name, text string) []Seen {
	tb.Helper()
	var all []Seen
	for line := range strings.Lines(text) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		if len(fields) != 3 {
			tb.Fatalf("%s: %q is not a probe, versions and a result", name, line)
		}
		all = append(all, Seen{fields[0], fields[1], fields[2]})
	}
	return all
}
