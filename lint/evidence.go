package lint

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazy"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// evidence is what files beside a configuration say about the nginx that will
// run it.
type evidence struct {
	versions parser.Versions
	found    bool   // a version was named
	source   string // where
	stock    bool   // an official image is used: its nginx.conf sets no headers and no maps

	box   *rules.Container // that nginx runs in; nil where nothing is known of one
	vague bool             // the files differ about it

	notes []Note // of what could not be read
}

// imageName matches the official images in a Dockerfile's FROM and in a compose
// file's image.
var imageName = lazy.Regexp(`(?m)^\s*(?:FROM(?:\s+--\S+)*|image:)\s+["']?(?:docker\.io/)?(?:library/)?(nginx|nginxinc/nginx-unprivileged)(?::([0-9]+)\.([0-9]+)(?:\.([0-9]+))?[\w.-]*|:[\w.-]+)?["']?(?:@\S+)?(?:\s|$)`)

// maxEvidence is the size in bytes above which a Dockerfile is not looked at.
const maxEvidence = 1 << 20

// lookAround reads the Dockerfiles and compose files in a directory and those
// above it, up to the repository's root or three levels.
func lookAround(fsys fs.FS, configDir string) evidence {
	var e evidence
	dir := configDir
	for range 4 {
		entries, err := fs.ReadDir(fsys, dir)
		e.unread(dir, err)
		top := dir == "."
		for _, entry := range entries {
			top = top || entry.Name() == ".git"
			if namesImages(entry.Name()) && entry.Type().IsRegular() {
				e.read(fsys, path.Join(dir, entry.Name()), configDir)
			}
		}
		if top {
			break
		}
		dir = path.Dir(dir)
	}
	return e
}

func namesImages(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "dockerfile") || strings.Contains(name, "containerfile") || isCompose(name)
}

func isCompose(name string) bool {
	name = strings.ToLower(name)
	return (strings.HasPrefix(name, "docker-compose") || strings.HasPrefix(name, "compose")) && (strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml"))
}

// read takes in what one file says. Where two say different versions, none is
// known.
func (e *evidence) read(fsys fs.FS, name, configDir string) {
	src, ok := e.text(fsys, name)
	if !ok {
		return
	}
	if isCompose(path.Base(name)) {
		e.compose(fsys, name, src, configDir)
	}
	for _, m := range imageName().FindAllStringSubmatch(string(src), -1) {
		e.stock = true
		if m[2] == "" {
			continue
		}
		low, high := m[4], m[4]
		if m[4] == "" { // any patch of a minor version
			low, high = "0", "99"
		}
		minimum, err1 := parser.ParseVersion(m[2] + "." + m[3] + "." + low)
		maximum, err2 := parser.ParseVersion(m[2] + "." + m[3] + "." + high)
		if err1 != nil || err2 != nil {
			continue
		}
		e.take(parser.Versions{Min: minimum, Max: maximum}, name)
	}
}

// text returns what a regular file of a fit size holds.
func (e *evidence) text(fsys fs.FS, name string) ([]byte, bool) {
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.Mode().IsRegular() {
		e.unread(name, err)
		return nil, false
	}
	f, err := fsys.Open(name)
	if err != nil {
		e.unread(name, err)
		return nil, false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxEvidence+1))
	e.unread(name, err)
	return text, err == nil && len(text) <= maxEvidence
}

// unread notes a file or directory that is there and cannot be read. It is no
// part of the configuration, so that is no trouble.
func (e *evidence) unread(name string, err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		e.notes = append(e.notes, Note{Name: name, Message: "not read: " + reason(err) + "; the version of nginx may stand there, and what it runs with"})
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
