package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// An image is what is known about an image's nginx.
type image struct {
	name string // as it is written
	*known
	version parser.Image
}

// runsNginx reports whether the image is one of nginx or a relative, of which at least
// that is known.
func (i image) runsNginx() bool { return i.version != parser.Image{} }

// usual reports whether a path of a container is one of nginx's configuration.
func usual(name string) bool {
	return slices.ContainsFunc(parser.UsualPrefixes, func(dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") })
}

// A known image brings a main file and others that include the user's.
type known struct {
	names     string            // a pattern for the name without registry and tag
	since     parser.Number     // the first version of a relative that is so
	main      string            // the path of the main file
	globals   string            // what the image's own command has after -g
	files     map[string]string // our own texts, with the includes and settings that matter
	dirs      []string          // directories that exist
	templates bool              // the entrypoint renders /etc/nginx/templates
	alone     bool              // it runs only nginx
	late      bool              // it writes its files at the start, if they are missing
}

// registries are the beginnings of names that say only where an image comes from.
var registries = []string{"docker.io/", "index.docker.io/", "public.ecr.aws/docker/", "mirror.gcr.io/", "ghcr.io/", "lscr.io/", "quay.io/", "public.ecr.aws/"}

// imageOf returns what is known about an image. Its tag is not known if a variable in
// its name is not.
func imageOf(name string, sure bool) image {
	i := image{name: name}
	rest, _, _ := strings.Cut(name, "@")
	if at := strings.LastIndexByte(rest, ':'); at > strings.LastIndexByte(rest, '/') {
		rest = rest[:at]
	}
	if sure {
		i.version, _ = parser.ParseImage(name)
	} else {
		i.version, _ = parser.ParseImage(rest)
	}
	for _, r := range registries {
		if cut, ok := strings.CutPrefix(rest, r); ok {
			rest = cut
			break
		}
	}
	rest = strings.TrimPrefix(rest, "library/")
	for n := range knownImages {
		k := &knownImages[n]
		old := i.version.Numbered && i.version.Versions.Min.Own.Less(k.since)
		if matchesName(k.names, rest) && !old {
			i.known = k
			return i
		}
	}
	return i
}

// matchesName reports whether one of the names separated by spaces is an image's.
func matchesName(names, name string) bool {
	for _, n := range strings.Fields(names) {
		if ok, _ := path.Match(n, name); ok {
			return true
		}
	}
	return false
}

// imageTree returns the file system of an image, as far as it is known.
func (r *reader) imageTree(i image) *tree {
	t := r.newTree()
	if i.known == nil {
		t.root.unknown = true
		return t
	}
	for _, dir := range i.dirs {
		t.dir(dir)
	}
	if !i.late {
		t.provide(i)
	}
	return t
}

// provide adds the files that an image brings, where there are none.
func (t *tree) provide(i image) {
	for name, text := range i.files {
		if n, _ := t.at(name); n == nil {
			t.put(name, &node{text: []byte(text)})
		}
	}
}
