package main

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/git"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/unsaved"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A revision is the disk with a repository as it was at a commit. Files that git does
// not track do not exist there. Files outside the repository or in a submodule are as
// they are now.
type revision struct {
	disk
	tree *git.Revision
	top  string // the repository's root, as a name
}

// inside returns a name relative to the repository's root.
func (r revision) inside(name string) (rel string, ok bool) {
	switch {
	case name == r.top:
		return ".", true
	case r.top == ".":
		return name, true
	}
	return strings.CutPrefix(name, r.top+"/")
}

func (r revision) Lstat(name string) (fs.FileInfo, error) {
	if rel, ok := r.inside(name); ok && rel != ".git" {
		if info, err := r.tree.Lstat(rel); !errors.Is(err, git.ErrSubmodule) {
			return info, err
		}
	}
	return r.disk.Lstat(name)
}

func (r revision) ReadLink(name string) (string, error) {
	if rel, ok := r.inside(name); ok {
		if text, err := r.tree.ReadFile(rel); !errors.Is(err, git.ErrSubmodule) {
			return string(text), err
		}
	}
	return r.disk.ReadLink(name)
}

func (r revision) Stat(name string) (fs.FileInfo, error) {
	name, err := parser.RealPath(r, name)
	if err != nil {
		return nil, err
	}
	return r.Lstat(name)
}

func (r revision) Open(name string) (fs.File, error) {
	name, err := parser.RealPath(r, name)
	if err != nil {
		return nil, err
	}
	if rel, ok := r.inside(name); ok {
		text, err := r.tree.ReadFile(rel)
		if err == nil {
			info, err := r.Lstat(name)
			return unsaved.NewFile(text, info), err
		}
		if !errors.Is(err, git.ErrSubmodule) {
			return nil, err
		}
	}
	return r.disk.Open(name)
}

func (r revision) ReadDir(name string) ([]fs.DirEntry, error) {
	name, err := parser.RealPath(r, name)
	if err != nil {
		return nil, err
	}
	rel, ok := r.inside(name)
	if !ok {
		return r.disk.ReadDir(name)
	}
	entries, err := r.tree.ReadDir(rel)
	if errors.Is(err, git.ErrSubmodule) {
		return r.disk.ReadDir(name)
	}
	if info, missing := r.disk.Lstat(path.Join(name, ".git")); rel == "." && missing == nil { // it marks the repository's root
		entries = append([]fs.DirEntry{fs.FileInfoToDirEntry(info)}, entries...)
	}
	return entries, err
}

// openRevision opens the repository that contains the paths.
func openRevision(d disk, rev string, opt lint.Options) (*revision, error) {
	r := &revision{disk: d}
	var repository *git.Repository
	for i, p := range opt.Paths {
		name, err := parser.RealPath(opt.FS, p)
		var missing *fs.PathError
		if errors.As(err, &missing) {
			return nil, &lint.PathError{Name: p, Problem: missing.Err.Error()}
		}
		if i == 0 {
			if repository, err = d.repository(opt.FS, name); err != nil {
				return nil, err
			}
			if r.top, err = d.name(repository.Root); err != nil {
				return nil, err
			}
		}
		if _, ok := r.inside(name); !ok {
			return nil, &lint.PathError{Name: p, Problem: "not in the git repository of " + d.shown(opt.Paths[0])}
		}
	}
	if repository == nil {
		return nil, errors.New("no path to look for a git repository at")
	}
	var err error
	r.tree, err = repository.Open(rev)
	return r, err
}

// repository returns the git repository around a file or directory.
func (d disk) repository(fsys fs.FS, name string) (*git.Repository, error) {
	if info, err := fs.Stat(fsys, name); err == nil && !info.IsDir() {
		name = path.Dir(name)
	}
	return git.Find(d.path(name))
}

// oldFindings lints the revision with the given options and returns its findings.
func (r *revision) oldFindings(opt lint.Options) (*lint.OldFindings, error) {
	opt.FS, opt.Fix, opt.Paths = r, false, r.existing(opt.Paths)
	old := &lint.OldFindings{By: lint.ByRevision, Counts: make(map[lint.Fingerprint]int), Worst: make(map[lint.Fingerprint]rules.Severity)}
	old.Fresh = func(file string) bool {
		_, err := r.Stat(file)
		return err != nil
	}
	for len(opt.Paths) > 0 {
		res, err := lint.Run(opt)
		var empty *lint.PathError
		if errors.As(err, &empty) && slices.Contains(opt.Paths, empty.Name) { // it had no configuration there
			opt.Paths = slices.DeleteFunc(opt.Paths, func(p string) bool { return p == empty.Name })
			continue
		}
		if err != nil {
			return nil, r.withShownPath(err)
		}
		for _, f := range res.Findings {
			p := lint.Identify(f, f.Span.File.Name)
			old.Counts[p]++
			old.Worst[p] = max(old.Worst[p], f.Severity)
		}
		break
	}
	return old, nil
}

// existing returns the paths that existed at the revision. A path that did not exist
// is replaced by the removed entries of its directory, because it may be one of them
// under a new name.
func (r *revision) existing(paths []string) []string {
	var all []string
	for _, p := range paths {
		if _, err := r.Stat(p); err == nil {
			all = append(all, p)
			continue
		}
		for p != r.top && p != "." {
			if _, err := r.Stat(p); err == nil {
				break
			}
			p = path.Dir(p)
		}
		entries, _ := r.ReadDir(p) // a directory that cannot be read had no findings
		for _, e := range entries {
			name := path.Join(p, e.Name())
			if _, err := r.disk.Lstat(name); err != nil && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}
