package lint

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// passedOver are directories in which nobody keeps their own configuration.
var passedOver = []string{".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".terraform", ".cache", ".direnv"}

// A walked directory is the result of a walk.
type walked struct {
	files     []walkedFile
	names     []string // of the files
	manifests []string // YAML files that look like manifests of Kubernetes
	excluded  bool     // the settings exclude a file or a directory
	out       int      // links that point outside the directories that are read
}

type walkedFile struct {
	name string
	link bool
	kind nameKind
}

// walk returns the configuration files below a directory, sorted by name. A file with
// several names is returned once. It follows links to files, but not links to
// directories.
func (w *workspace) walk(dir string) (found []string, all walked, err error) {
	if all, err = w.survey(dir); err != nil {
		return nil, all, err
	}
	w.readManifests(all.manifests)
	w.files.Fetch(all.names)
	seen := make(map[*parser.File]bool, len(all.files))
	for _, file := range all.files {
		f, err := w.files.Read(file.name)
		switch {
		case err != nil:
			if !file.link || !errors.Is(err, fs.ErrNotExist) {
				w.note(Note{Name: file.name, Message: "not read: " + reason(err), Trouble: true})
			}
		case seen[f]:
		case file.kind == hostName && f.Masked() == nil:
		case isDump(f):
			w.passOver(file.name, "a saved dump of nginx -T: name it to check it")
		case looksLikeNginx(f) && (file.kind == usualName || file.kind == templatedName || file.kind == hostName || isNothingElse(f)):
			seen[f] = true
			found = append(found, file.name)
		}
	}
	return found, all, nil
}

// survey lists the files below a directory that may be nginx configuration.
func (w *workspace) survey(dir string) (all walked, err error) {
	realDir, err := w.files.RealPath(dir)
	if err != nil {
		return all, err
	}
	return all, fs.WalkDir(w.files, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == dir {
				return err
			}
			w.note(Note{Name: name, Message: "not read: " + reason(err), Trouble: true})
			return fs.SkipDir
		}
		out := false
		if d.IsDir() {
			if err := w.policy.enter(w.realName(name), w.opt.Nested); err != nil {
				return &settingsError{err}
			}
		}
		if w.policy.excluding {
			below := name
			if dir != "." {
				below = path.Join(realDir, name[len(dir):])
			}
			if out = w.policy.excluded(below); out {
				all.excluded = true
				w.leaveOut(name, d.IsDir())
			}
		}
		if d.IsDir() {
			if out || name != dir && slices.Contains(passedOver, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !out && d.Type().IsRegular() && deploy.IsEvidence(d.Name()) {
			w.evidence = append(w.evidence, name)
		}
		if !out && d.Type().IsRegular() && hops.Named(name) {
			w.hopNames = append(w.hopNames, name)
		}
		if !out {
			w.consider(&all, name, d.Type()&fs.ModeSymlink != 0)
		}
		return nil
	})
}

// leaveOut notes what the user excludes if it may be nginx configuration.
func (w *workspace) leaveOut(name string, dir bool) {
	if dir || kindOfName(name) == usualName {
		w.passed = append(w.passed, PassedOver{Name: name, Why: "excluded", Meant: true})
	}
}

// consider adds a file to those that may be nginx configuration.
func (w *workspace) consider(all *walked, name string, link bool) {
	kind := kindOfName(name)
	if kind == otherName && !isYAML(name) {
		return
	}
	if link && !w.linkInside(name) {
		if kind == usualName {
			all.out++
			w.note(Note{Name: name, Message: "not read: a link that points outside the checked directories"})
		}
		return
	}
	if kind != usualName && !w.sniff(all, name) || kind == otherName {
		return
	}
	all.files = append(all.files, walkedFile{name, link, kind})
	all.names = append(all.names, name)
}

// realName resolves the links of a name's directory. A link itself stays, because its
// name counts.
func (w *workspace) realName(name string) string {
	dir, err := w.files.RealPath(path.Dir(name))
	if err != nil {
		return name
	}
	return path.Join(dir, path.Base(name))
}

// candidate reports whether a file is nginx configuration, by its name and content.
// The error says why that cannot be determined.
func (w *workspace) candidate(name string) (bool, error) {
	if kindOfName(name) != usualName {
		return false, nil
	}
	f, err := w.files.Read(name)
	return err == nil && looksLikeNginx(f), err
}

// linkInside reports whether a link points to a file in the directories that may be
// read.
func (w *workspace) linkInside(name string) bool {
	realName, err := w.files.RealPath(name)
	return err != nil || slices.ContainsFunc(w.readable(), func(root string) bool {
		return root == "." || strings.HasPrefix(realName, root+"/")
	})
}
