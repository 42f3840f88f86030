package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A deployed nginx is one that Compose files or a Dockerfile describe, with the file
// system that it sees.
type deployed struct {
	*deploy.View
	root  string // where its file system is mounted in ours
	reads bool   // it reads a file of the repository

	globals *parser.File // the directives of nginx -g; nil for none

	box *rules.Container // see container
}

// evidenceAbove returns the Compose files and Dockerfiles in a directory and in those
// above it, up to the repository's root or maxAbove levels.
func (w *workspace) evidenceAbove(dir string) (names []string) {
	for range maxAbove + 1 {
		entries, err := w.files.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.unreadEvidence(dir, err)
		}
		last := dir == "."
		for _, entry := range entries {
			last = last || entry.Name() == ".git"
			if deploy.IsEvidence(entry.Name()) && entry.Type().IsRegular() {
				names = append(names, path.Join(dir, entry.Name()))
			}
		}
		if last {
			break
		}
		dir = path.Dir(dir)
	}
	return names
}

// unreadEvidence notes a file or directory that exists but cannot be read. It is not
// part of the configuration, so this is not an error.
func (w *workspace) unreadEvidence(name string, err error) {
	w.note(Note{Name: name, Message: "not read: " + reason(err) + "; it may say the version of nginx and what nginx runs with"})
}

// findDeployed reads the evidence and mounts the file systems that it describes.
func (w *workspace) findDeployed(dirs []string) {
	w.evidence = slices.DeleteFunc(w.evidence, func(name string) bool { return deploy.IsScript(name) && !w.starts(name) })
	if len(w.evidence) == 0 {
		return
	}
	for _, name := range w.evidence {
		dirs = append(dirs, path.Dir(name))
	}
	w.near = dirs
	src := deploy.Source{FS: w.files.Snapshot(), Read: w.files.ReadRegular, Unread: w.unreadEvidence, Allowed: func(name string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return below(name, dir) })
	}}
	for _, v := range deploy.Find(src, w.evidence) {
		d := &deployed{View: v, root: w.freeRoot(v), globals: globals(v)}
		w.overlay.Mount(d.root, v)
		w.deployed = append(w.deployed, d)
	}
	w.distinguish()
}

// globals returns the directives of nginx -g, or nil if there are none that can be read.
func globals(v *deploy.View) *parser.File {
	if v.Globals == "" {
		return nil
	}
	f := parser.ParseText("nginx -g", []byte(v.Globals))
	f.Provided = true
	if len(f.Errs) > 0 {
		return nil
	}
	return f
}

// starts reports whether a script starts containers. Others are no evidence.
func (w *workspace) starts(name string) bool {
	text, err := w.files.ReadRegular(name, deploy.MaxScript)
	return err == nil && deploy.Starts(text)
}

// freeRoot returns the name below which a file system is mounted: one that says whose
// files these are, and that nothing in the repository has.
func (w *workspace) freeRoot(v *deploy.View) string {
	base := "image of " + v.Name
	if v.Image != "" {
		base = v.Image + " of " + v.Name
	}
	root := "(" + strings.ReplaceAll(base, "/", "-") + ")"
	for n := 2; w.overlay.Exists(root); n++ {
		root = fmt.Sprintf("(%s %d)", strings.ReplaceAll(base, "/", "-"), n)
	}
	return root
}

// distinguish adds the directory to the names that several have.
func (w *workspace) distinguish() {
	count := make(map[string]int)
	for _, d := range w.deployed {
		count[d.Name]++
	}
	for _, d := range w.deployed {
		if dir := path.Base(path.Dir(d.Place.File)); count[d.Name] > 1 && dir != "." {
			d.Name += " in " + dir
		}
	}
}

// Limits for the configurations of all that the evidence describes. They share files.
const (
	maxDeployed      = 100
	maxDeployedBytes = parser.MaxBytes
)

// loadDeployed loads the configurations of those that read one of the given files.
func (w *workspace) loadDeployed(wanted map[*parser.File]bool) error {
	loaded, bytes := 0, 0
	for _, d := range w.deployed {
		if d.Main == "" {
			continue
		}
		if loaded >= maxDeployed || bytes > maxDeployedBytes {
			w.note(Note{Name: d.Place.File, Message: fmt.Sprintf("not checked as %s reads it: more than %d containers or %d MiB of configuration in all of them", d.Name, maxDeployed, maxDeployedBytes>>20)})
			continue
		}
		l := load{name: d.root + d.Main, deployed: d}
		cfg, err := w.read(l)
		if err != nil { // the main file cannot be read: that is reported where it lies
			continue
		}
		d.reads = slices.ContainsFunc(cfg.Files, func(f *parser.File) bool { return !f.Provided })
		if !slices.ContainsFunc(cfg.Files, func(f *parser.File) bool { return wanted[f] }) {
			continue
		}
		loaded++
		for _, f := range cfg.Files {
			bytes += len(f.Src)
		}
		l.cfg = cfg
		if err := w.load(l); err != nil {
			return err
		}
	}
	return nil
}

// readAs reads a configuration at a level, or at the one that its file implies.
func (w *workspace) readAs(l load, level string) (*parser.Config, error) {
	opt := w.options()
	opt.Context, opt.Siblings, opt.Enabled = level, l.siblings, l.enabled
	if d := l.deployed; d != nil {
		opt.Context, opt.Globals, opt.Root, opt.Roots, opt.Prefixes = "main", d.globals, d.root, w.near, nil
		opt.Unknown = func(name string) bool { return w.overlay.Unknown(d.root, name) }
	}
	return parser.Load(w.files, l.name, opt)
}

// want adds the files with some names.
func (w *workspace) want(wanted map[*parser.File]bool, names []string) {
	for _, name := range names {
		if f, err := w.files.Read(name); err == nil {
			wanted[f] = true
		}
	}
}

// deployedReads reports whether one of the deployed reads a file: then it is judged as
// they read it.
func (w *workspace) deployedReads(name string) bool {
	f, err := w.files.Read(name)
	if err != nil || !w.reached[f] {
		return false
	}
	for cfg := range w.deployedAs {
		if slices.Contains(cfg.Files, f) {
			return true
		}
	}
	return false
}

// below reports whether a path is a directory or lies in it.
func below(name, dir string) bool {
	return dir == "." || name == dir || strings.HasPrefix(name, dir+"/")
}
