package kube

import (
	"bytes"
	"path"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// annotationPath begins the paths of annotations in JSON patches (RFC 6902).
const annotationPath = "/metadata/annotations/"

// unescape reads a part of a JSON pointer (RFC 6901).
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// patchesAnnotations reports whether a text seems to hold a JSON patch of annotations that
// a controller reads.
func patchesAnnotations(src []byte) bool {
	return bytes.Contains(src, []byte(annotationPath+"nginx.")) && bytes.Contains(src, []byte("op:"))
}

// kustomize reads the patches of a Kustomization: those in it become objects, and the
// files of the others are remembered.
func (m *Manifest) kustomize(v Value) {
	for _, key := range []string{"patches", "patchesStrategicMerge", "patchesJson6902"} {
		for _, p := range v.At(key).Items() {
			inline := p.At("patch")
			switch {
			case inline.Exists():
				m.addInline(inline)
			case p.At("path").Exists():
				m.patches = append(m.patches, path.Join(path.Dir(m.File.Name), p.At("path").Text()))
			case p.Literal():
				m.addInline(p)
			case p.Text() != "":
				m.patches = append(m.patches, path.Join(path.Dir(m.File.Name), p.Text()))
			}
		}
	}
}

// maxInline limits how many patches of one file are read.
const maxInline = 100

// addInline adds the objects of a block scalar. They are read in a text in which the rest
// of the file is blank, so that their places are right.
func (m *Manifest) addInline(v Value) {
	if m.inline++; !v.Literal() || m.inline > maxInline {
		return
	}
	start := nextLine(m.text, v.Span().End)
	in := &Manifest{File: m.File, template: m.template, text: bytes.Clone(m.text[:max(start, v.blockEnd())])}
	for i, c := range in.text[:start] {
		if c != '\n' {
			in.text[i] = ' '
		}
	}
	docs, _ := yaml.Documents(in.text) // Kustomize reads it, or says why not
	for _, doc := range docs {
		in.add(Value{in: in, node: doc})
	}
	for _, o := range in.Objects {
		o.Patch = true
		m.Objects = append(m.Objects, o)
	}
}

// addOperations adds an object for the annotations of Ingresses that a JSON patch sets.
func (m *Manifest) addOperations(v Value) {
	annotations := &yaml.Node{Kind: yaml.Mapping, Line: v.node.Line, Column: v.node.Column}
	for _, op := range v.Items() {
		at, value := op.At("path"), op.At("value")
		name, ok := strings.CutPrefix(at.Text(), annotationPath)
		if !ok || !value.Exists() || !at.Known() || op.At("op").Text() == "remove" {
			continue
		}
		key := *at.node
		key.Value = unescape.Replace(name)
		annotations.Content = append(annotations.Content, &key, value.node)
	}
	if len(annotations.Content) == 0 {
		return
	}
	field := func(name string, value *yaml.Node) *yaml.Node {
		key := &yaml.Node{Kind: yaml.Scalar, Value: name, Line: v.node.Line, Column: v.node.Column}
		return &yaml.Node{Kind: yaml.Mapping, Line: v.node.Line, Column: v.node.Column, Content: []*yaml.Node{key, value}}
	}
	whole := Value{in: m, node: field("metadata", field("annotations", annotations))}
	m.Objects = append(m.Objects, &Object{Value: whole, Kind: "Ingress", Patch: true})
}

// markPatches marks the objects of files that Kustomizations apply as patches.
func (c *Cluster) markPatches() {
	files := make(map[string]bool)
	for _, m := range c.Manifests {
		for _, name := range m.patches {
			files[name] = true
		}
	}
	for _, m := range c.Manifests {
		for _, o := range m.Objects {
			o.Patch = o.Patch || files[m.File.Name]
		}
	}
}

// Annotation returns the value of an annotation of an Ingress, or the one that a patch may
// give it.
func (c *Cluster) Annotation(o *Object, by *Controller, short string) Value {
	if v := o.Annotation(by, short); v.Exists() {
		return v
	}
	for _, p := range c.patching {
		if p.Name == "" || p.Name == o.Name {
			if v := p.Annotation(by, short); v.Exists() {
				return v
			}
		}
	}
	return Value{}
}

// Partial reports whether an object may have more than its file shows: it is a patch, or
// of a template.
func (o *Object) Partial() bool { return o.Patch || o.in.Template() }
