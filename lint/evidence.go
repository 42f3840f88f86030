package lint

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/compose"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// evidence is what files next to a configuration say about the nginx that will run
// it.
type evidence struct {
	fsys fs.FS
	top  string // the highest directory that is searched

	versions parser.Versions
	found    bool   // a version was named
	source   string // where
	stock    bool   // an official image is used; its nginx.conf sets no headers and has no maps

	box   *rules.Container // that nginx runs in; nil if unknown
	vague bool             // the files disagree about it

	*surroundings

	notes []Note // about files that could not be read
}

// surroundings caches the Dockerfiles and compose files that were read, because one
// file can lie above many directories.
type surroundings struct {
	files  map[string]*described
	builds map[string]bool // by a Dockerfile's name: see runsNginx
}

func newSurroundings() *surroundings {
	return &surroundings{make(map[string]*described), make(map[string]bool)}
}

// described is the content of one file.
type described struct {
	stock    bool              // an official image is named
	versions []parser.Versions // of these images
	services []compose.Service // of a compose file
	nginx    []*home           // the services that run only nginx
}

// imageName matches the images in the FROM of a Dockerfile and in a compose file.
var imageName = lazyregexp.New(`(?m)^\s*(?:FROM(?:\s+--\S+)*|image:)\s+["']?([a-zA-Z0-9][^\s"']*)["']?(?:\s|$)`)

// maxEvidence is the size in bytes above which a Dockerfile is not read.
const maxEvidence = 1 << 20

// maxEvidenceFiles limits the number of these files.
const maxEvidenceFiles = 50

// readSurroundings reads the Dockerfiles and compose files in a directory and in those
// above it, up to the repository's root or three levels.
func readSurroundings(fsys fs.FS, configDir string, known *surroundings) evidence {
	e, dir := evidence{fsys: fsys, surroundings: known}, configDir
	var names []string
	for range 4 {
		e.top = dir
		entries, err := fs.ReadDir(fsys, e.top)
		e.unread(e.top, err)
		last := e.top == "."
		for _, entry := range entries {
			last = last || entry.Name() == ".git"
			if namesImages(entry.Name()) && entry.Type().IsRegular() {
				names = append(names, path.Join(e.top, entry.Name()))
			}
		}
		if last {
			break
		}
		dir = path.Dir(dir)
	}
	for _, name := range names[:min(len(names), maxEvidenceFiles)] {
		e.read(name, configDir)
	}
	return e
}

// text reads a regular file of at most maxEvidence bytes, unless it resolves outside
// e.top.
func (e *evidence) text(name string) (string, bool) {
	realName, err := parser.RealPath(e.fsys, name)
	if err != nil {
		e.unread(name, err)
		return "", false
	}
	if !below(realName, e.top) {
		return "", false
	}
	text, err := parser.ReadRegular(e.fsys, realName, maxEvidence)
	if !errors.Is(err, parser.ErrNotRegular) && !errors.Is(err, parser.ErrTooLarge) {
		e.unread(name, err)
	}
	return string(text), err == nil
}

func namesImages(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "dockerfile") || strings.Contains(name, "containerfile") || isCompose(name)
}

func isCompose(name string) bool {
	name = strings.ToLower(name)
	return (strings.HasPrefix(name, "docker-compose") || strings.HasPrefix(name, "compose")) && (strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml"))
}

// read records what one file says. If two files name different versions, the version
// is unknown.
func (e *evidence) read(name, configDir string) {
	d := e.files[name]
	if d == nil {
		d = e.describe(name)
		e.files[name] = d
	}
	e.compose(d, name, configDir)
	e.stock = e.stock || d.stock
	for _, v := range d.versions {
		e.take(v, name)
	}
}

// describe reads a file.
func (e *evidence) describe(name string) *described {
	d := &described{}
	src, ok := e.text(name)
	if !ok {
		return d
	}
	if isCompose(path.Base(name)) {
		e.describeServices(d, []byte(src), path.Dir(name))
	}
	for _, m := range imageName().FindAllStringSubmatch(src, -1) {
		image, known := parser.ParseImage(m[1])
		d.stock = d.stock || image.Stock
		v := image.Versions
		if !known || !image.Numbered && v.Min.Dialect == parser.Nginx {
			continue
		}
		if !slices.Contains(d.versions[:min(len(d.versions), 2)], v) {
			d.versions = append(d.versions, v)
		}
	}
	d.versions = d.versions[:min(len(d.versions), 2)] // two versions are as useless as none
	return d
}

// unread notes a file or directory that exists but cannot be read. It is not part of
// the configuration, so this is not an error.
func (e *evidence) unread(name string, err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		e.notes = append(e.notes, Note{Name: name, Message: "not read: " + reason(err) + "; it may say the version of nginx and what nginx runs with"})
	}
}

func (e *evidence) take(v parser.Versions, source string) {
	switch {
	case !e.found:
		e.versions, e.source, e.found = v, source, true
	case e.versions != v:
		e.versions, e.source = parser.AnyVersion, ""
	}
}
