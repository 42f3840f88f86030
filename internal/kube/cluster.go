package kube

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Cluster is all objects that were found together.
type Cluster struct {
	Manifests []*Manifest

	byKind  map[string][]*Object
	byFile  map[*parser.File]*Manifest
	configs []Config
	only    *Controller // see onlyController
	looked  bool

	patching []*Object // patches of Ingresses
}

// NewCluster returns the cluster of some manifests.
func NewCluster(manifests []*Manifest) *Cluster {
	c := &Cluster{Manifests: manifests, byKind: make(map[string][]*Object), byFile: make(map[*parser.File]*Manifest)}
	for _, m := range manifests {
		c.byFile[m.File] = m
		for _, o := range m.Objects {
			c.byKind[o.Kind] = append(c.byKind[o.Kind], o)
		}
	}
	c.markPatches()
	for _, o := range c.Objects("Ingress") {
		if o.Patch {
			c.patching = append(c.patching, o)
		}
	}
	c.findConfigs()
	return c
}

// Manifest returns the manifest of a file, or nil.
func (c *Cluster) Manifest(f *parser.File) *Manifest { return c.byFile[f] }

// Objects returns the objects of a kind, in order.
func (c *Cluster) Objects(kind string) []*Object { return c.byKind[kind] }

// A Controller makes nginx configuration of Ingresses.
type Controller struct {
	Name        string
	Prefix      string               // of its annotations
	Annotations []*Annotation        // the known ones, by name
	Keys        func() []*Annotation // of its ConfigMap, made on first use
	Class       string               // spec.controller of its IngressClass

	own      []string // keys that only its ConfigMap has
	mapNames []string // the usual names of its ConfigMap
	images   []string // parts of the names of its images
	chart    string   // the name of its Helm chart
}

// An Annotation is one that a controller reads, or a key of its ConfigMap.
type Annotation struct {
	Name  string // without the prefix
	Check func(value string) Verdict
}

// A Verdict is what a controller does with a value. The zero value is an accepted one.
type Verdict struct {
	Problem string // what the controller does, as the second half of a sentence; "" for an accepted value
	Works   bool   // what the author wants works all the same
	Right   string // the value that was most likely meant, or ""
}

// Controllers are the controllers that are known. Both are nginx.
var Controllers = []*Controller{IngressNginx, F5}

// An Annotated value is an annotation of an object that a controller may read.
type Annotated struct {
	Value
	Object     *Object
	Controller *Controller
	Short      string      // the name without the prefix
	Known      *Annotation // nil for a name that the controller does not read
}

// Annotated returns the annotations of an object that have the prefix of a controller.
func (o *Object) Annotated() []Annotated {
	var all []Annotated
	for _, e := range o.At("metadata", "annotations").Entries() {
		for _, c := range Controllers {
			if short, ok := strings.CutPrefix(e.Key(), c.Prefix); ok && e.Known() {
				all = append(all, Annotated{e, o, c, short, c.Annotation(short)})
			}
		}
	}
	return all
}

// Annotation returns the value of an annotation of a controller, which may be missing.
func (o *Object) Annotation(c *Controller, short string) Value {
	return o.At("metadata", "annotations", c.Prefix+short)
}

// Annotation returns the known annotation of a name without the prefix, or nil.
func (c *Controller) Annotation(short string) *Annotation { return find(c.Annotations, short) }

// Key returns the known key of a ConfigMap, or nil.
func (c *Controller) Key(name string) *Annotation { return find(c.Keys(), name) }

func find(all []*Annotation, name string) *Annotation {
	for _, a := range all {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// NamesOf returns the names of annotations or keys.
func NamesOf(all []*Annotation) []string {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.Name
	}
	return names
}

// plain are annotations whose values are not looked at.
func plain(names string, checked ...*Annotation) []*Annotation {
	for _, name := range strings.Fields(names) {
		checked = append(checked, &Annotation{Name: name})
	}
	return checked
}
