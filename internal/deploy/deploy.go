// Package deploy works out the file systems in which nginx will run: it reads Compose
// files and Dockerfiles, and makes a view of each container that runs nginx.
//
// A view is a tree of symbolic links to files of the repository, at the paths that
// nginx will see, with what the image brings as texts of our own. Whoever follows the
// links gets the repository's files, so a file that two views read is one file.
package deploy

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Limits for evidence, which may be hostile.
const (
	maxFileSize = 1 << 20 // bytes of a Compose file or Dockerfile
	maxFiles    = 200     // files of evidence that are read
	maxServices = 500     // services of all Compose files
	maxEntries  = 20_000  // entries of directories that are listed for all views
	maxDepth    = 16      // of extends, include and FROM
	maxSteps    = 200_000 // nodes of trees that are copied
)

// A Source is the repository that evidence is read from.
type Source struct {
	FS      fs.ReadLinkFS // for everything but the contents of files
	Read    func(realName string, most int64) ([]byte, error)
	Allowed func(realName string) bool   // whether a file or directory may be read
	Unread  func(name string, err error) // is called for what exists and cannot be read
}

// A Place is a line of a file of evidence.
type Place struct {
	File string
	Line int // from 1; 0 for the whole file
}

// A View is the file system of one container that runs nginx, and what is around it.
type View struct {
	Name        string       // such as "service web of compose.yaml"
	Also        []string     // the names of equal views
	Service     string       // of a Compose file, or ""
	Place       Place        // of the service, or of the Dockerfile's last stage
	Evidence    []string     // the files that describe it
	Image       string       // the image that it runs or is built from, as far as it is known
	Version     parser.Image // what the image's name says of its nginx
	Known       bool         // what the image brings is known
	ImageFile   string       // the file that names the image
	Main        string       // the path of the main file in the container
	Globals     string       // the directives of nginx -g, which are read before the main file
	Environment []Variable
	Neighbours  []Neighbour // services that share a network with it
	Mounted     []string    // paths in the container at which something is mounted
	Private     []string    // of these, those that lead to what no other container can have
	Files       int         // the limit of open files; 0 if it is not known
	Published   []Port      // ports of the container that the host publishes
	Alone       bool        // nothing else runs in the container
	Sealed      bool        // nothing else is mounted than what is known
	Host        bool        // it uses the network of the host or of another container
	Context     string      // the directory in which its image is built, or ""
	Empties     []Emptied   // commands that replace nginx's own variables by nothing
	Open        []string    // what the evidence does not say
	Rendered    []string    // the templates that the image's entrypoint renders
	Unrendered  *Unrendered // why it does not render them; nil if it does

	tree    *tree
	service *service // nil for a Dockerfile
}

// A Neighbour is another service.
type Neighbour struct {
	Name  string
	Names []string // by which nginx's container finds it
	Ports []string // at which it listens, as far as the evidence says

	Private   []string // of these, those that lead to what no other container can have
	Files     int      // the limit of open files; 0 if it is not known
	Published []Port   // of these, those that the host publishes
}

// A Port is a published port.
type Port struct{ Host, Container string }

// A reader reads the evidence of one run, within the limits.
type reader struct {
	Source
	files    int
	services int
	entries  int
	steps    int
	lists    map[string][]fs.DirEntry // by the directory's real name
	texts    map[string][]byte
}

// text reads a file of evidence; ok is false if there is none, or it may not be read.
func (r *reader) text(name string) ([]byte, bool) {
	if text, known := r.texts[name]; known {
		return text, text != nil
	}
	text, err := r.readText(name)
	r.unread(name, err)
	r.texts[name] = text
	return text, err == nil
}

// unread reports what exists but cannot be read.
func (r *reader) unread(name string, err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errOutside) && !errors.Is(err, parser.ErrNotRegular) {
		r.Unread(name, err)
	}
}

var (
	errOutside = errors.New("outside the directories that are read")
	errMany    = fmt.Errorf("more than %d files describe containers", maxFiles)
)

func (r *reader) readText(name string) ([]byte, error) {
	realName, err := r.real(name)
	if err != nil {
		return nil, err
	}
	if r.files++; r.files > maxFiles {
		return nil, errMany
	}
	text, err := r.Read(realName, maxFileSize)
	if text == nil && err == nil {
		text = []byte{}
	}
	return text, err
}

// spend counts steps, and reports whether any are left.
func (r *reader) spend(steps int) bool {
	r.steps += steps
	return r.steps <= maxSteps
}

// real returns the real path of a name if it may be read.
func (r *reader) real(name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", errOutside
	}
	realName, err := parser.RealPath(r.FS, name)
	if err != nil {
		return "", err
	}
	if !r.Allowed(realName) || inGit(realName) {
		return "", errOutside
	}
	return realName, nil
}

// inGit reports whether a name lies in git's own directory, which can contain
// credentials.
func inGit(name string) bool { return slices.Contains(strings.Split(name, "/"), ".git") }

// list returns the entries of a directory of the repository; ok is false if they are
// not all there is. The error says why a directory that exists cannot be read.
func (r *reader) list(name string) (entries []fs.DirEntry, ok bool, err error) {
	realName, err := r.real(name)
	if errors.Is(err, errOutside) {
		return nil, false, nil
	}
	if err == nil {
		if known, ok := r.lists[realName]; ok {
			return known, true, nil
		}
		if r.entries > maxEntries {
			return nil, false, nil
		}
		entries, err = fs.ReadDir(r.FS, realName)
	}
	if err != nil {
		r.Unread(name, err)
		return nil, false, err
	}
	if r.entries += len(entries); r.entries > maxEntries {
		return nil, false, nil
	}
	r.lists[realName] = entries
	return entries, true, nil
}

// kind returns what a name of the repository leads to: a directory, a file, or
// nothing that may be read.
func (r *reader) kind(name string) (dir, ok bool) {
	realName, err := r.real(name)
	var info fs.FileInfo
	if err == nil {
		info, err = fs.Stat(r.FS, realName)
	}
	r.unread(name, err)
	return err == nil && info.IsDir(), err == nil && (info.IsDir() || info.Mode().IsRegular())
}

// join joins a path of evidence with the directory that it is relative to. Absolute
// paths are those of the host: nothing is known about them.
func join(dir, name string) (string, bool) {
	if path.IsAbs(name) || strings.HasPrefix(name, "~") || strings.Contains(name, `:\`) {
		return "", false
	}
	joined := path.Join(dir, name)
	return joined, fs.ValidPath(joined)
}
