package lint

import (
	"path"
	"reflect"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// evidence is what is known about the nginx that will run a configuration.
type evidence struct {
	versions parser.Versions
	found    bool   // a version was named
	source   string // where
	stock    bool   // an official image is used; its nginx.conf sets no headers and has no maps

	box   *rules.Container // that nginx runs in; nil if unknown
	vague bool             // the files disagree about it
}

// evidenceOf returns the evidence for a configuration: that of the nginx that reads
// it, or else that around it.
func (j *judge) evidenceOf(w *workspace, cfg *model.Model) evidence {
	if d := w.deployedAs[cfg.Config]; d != nil {
		e := evidence{box: d.container()}
		e.use(d)
		return e
	}
	dir := path.Dir(cfg.Name)
	e, known := j.around[dir]
	if !known {
		e = w.evidenceAround(dir)
		j.around[dir] = e
	}
	return e
}

// use records the version that an nginx has. An image without a version says something
// only if it has a relative of nginx.
func (e *evidence) use(d *deployed) {
	if v := d.Version.Versions; d.Version.Numbered || v.Min.Dialect != parser.Nginx {
		e.take(v, d.ImageFile)
	}
}

// evidenceAround returns what is known about the nginx that will run the configuration
// of a directory, if no description says who reads it. Descriptions that say which
// other files their nginx reads are no evidence.
func (w *workspace) evidenceAround(dir string) evidence {
	e := evidence{versions: parser.AnyVersion}
	for _, d := range w.deployed {
		if d.reads || !d.describes(dir) {
			continue
		}
		e.use(d)
		e.stock = e.stock || d.Version.Stock
		if !e.vague && d.Service != "" && d.Alone && d.Context != "" && below(dir, d.Context) {
			c := d.container()
			e.vague = e.vague || c == nil || e.box != nil && (e.box.Service != c.Service || !reflect.DeepEqual(e.box.Others, c.Others))
			e.box = c
		}
	}
	if e.vague {
		e.box = nil
	}
	return e
}

// maxAbove is how many levels above a configuration a description of its nginx can
// lie.
const maxAbove = 3

// describes reports whether the description lies in a directory or above it.
func (d *deployed) describes(dir string) bool {
	for range maxAbove + 1 {
		for _, name := range d.Evidence {
			if path.Dir(name) == dir {
				return true
			}
		}
		if dir == "." {
			break
		}
		dir = path.Dir(dir)
	}
	return false
}

// container returns what the rules need to know about a container that runs only
// nginx and has a network of its own, or nil. It is worked out once.
func (d *deployed) container() *rules.Container {
	if d.Service == "" || !d.Alone || d.Host || d.box != nil {
		return d.box
	}
	c := &rules.Container{Service: d.Service, Source: path.Base(d.Place.File), Mounted: d.Mounted, Private: d.Private, Sealed: d.Sealed, Files: d.Files}
	for _, n := range d.Neighbours {
		c.Others = append(c.Others, rules.Service{Name: n.Name, Names: n.Names, Ports: n.Ports, Published: published(n)})
	}
	d.box = c
	return c
}

// published returns the ports of a service by those of the host; nil for none. Ranges are
// left out.
func published(n deploy.Neighbour) map[string]string {
	var ports map[string]string
	for _, p := range n.Published {
		if p.Host == "" || strings.Contains(p.Host+p.Container, "-") {
			continue
		}
		if ports == nil {
			ports = make(map[string]string)
		}
		ports[p.Host] = p.Container
	}
	return ports
}

// take records a version. If two differ, the version is unknown.
func (e *evidence) take(v parser.Versions, source string) {
	switch {
	case !e.found:
		e.versions, e.source, e.found = v, source, true
	case e.versions != v:
		e.versions, e.source = parser.AnyVersion, ""
	}
}
