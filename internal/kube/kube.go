// Package kube reads Kubernetes manifests that decide about WebSockets: Ingresses of the
// two controllers that are nginx, HTTPRoutes, Services, ConfigMaps. It knows the
// annotations of the controllers and what each does with a wrong value.
package kube

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Manifest is a file with Kubernetes objects.
type Manifest struct {
	File    *parser.File
	Objects []*Object // in order; the items of a List are objects
}

// An Object is one Kubernetes object.
type Object struct {
	Value             // the whole of it
	Group      string // of its API: networking.k8s.io, or "" for the core
	Kind, Name string
	Namespace  string // "" for the default
}

// kinds are the kinds of objects that are looked at. A file without any is no manifest
// for us.
var kinds = [][]byte{
	[]byte("Ingress"), []byte("HTTPRoute"), []byte("ConfigMap"), []byte("Service"), []byte("BackendTLSPolicy"), []byte("Gateway"),
	[]byte("ProxySettingsPolicy"), []byte("Deployment"), []byte("StatefulSet"),
}

// Sniff reports whether a text seems to hold objects that are looked at: it has lines for
// apiVersion and for one of the kinds.
func Sniff(src []byte) bool {
	return bytes.Contains(src, []byte("apiVersion:")) && names(src, kinds)
}

// SniffRoutes reports whether a text seems to hold an Ingress or an HTTPRoute.
func SniffRoutes(src []byte) bool { return names(src, kinds[:2]) }

// names reports whether a text has a line for one of some kinds.
func names(src []byte, kinds [][]byte) bool {
	for rest := src; ; {
		i := bytes.Index(rest, []byte("kind:"))
		if i < 0 {
			return false
		}
		rest = rest[i+len("kind:"):]
		word := bytes.TrimLeft(rest, " \"'")
		for _, k := range kinds {
			if after, ok := bytes.CutPrefix(word, k); ok && (len(after) == 0 || bytes.IndexByte([]byte(" \"'\r\n,}"), after[0]) >= 0) {
				return true
			}
		}
	}
}

// ErrTemplate is the error for a manifest that has to be rendered first.
var ErrTemplate = errors.New("a template of a manifest")

// Read reads the objects of a file. The error is ErrTemplate, or says with line and
// column what is wrong with the YAML; the objects before that place are returned.
func Read(f *parser.File) (*Manifest, error) {
	m := &Manifest{File: f}
	if bytes.Contains(f.Src, []byte("{{")) {
		return m, ErrTemplate
	}
	if i := oddLineEnd(f.Src); i >= 0 {
		p := f.Position(i)
		return m, fmt.Errorf("%d:%d: a line separator that only YAML knows", p.Line, p.Column)
	}
	docs, err := yaml.Documents(f.Src)
	for _, doc := range docs {
		m.add(Value{file: f, node: doc})
	}
	return m, err
}

// oddLineEnd returns where a character is that ends a line in YAML and not elsewhere, or
// -1. A carriage return before a line feed is not one.
func oddLineEnd(src []byte) int {
	for i, c := range src {
		switch {
		case c == '\r' && (i+1 == len(src) || src[i+1] != '\n'),
			c == 0xc2 && bytes.HasPrefix(src[i:], []byte("\u0085")),
			c == 0xe2 && (bytes.HasPrefix(src[i:], []byte("\u2028")) || bytes.HasPrefix(src[i:], []byte("\u2029"))):
			return i
		}
	}
	return -1
}

// add adds an object, or those of a list.
func (m *Manifest) add(v Value) {
	o := &Object{
		Value: v, Kind: v.At("kind").Text(), Name: v.At("metadata", "name").Text(), Namespace: v.At("metadata", "namespace").Text(),
	}
	if group, _, ok := bytes.Cut([]byte(v.At("apiVersion").Text()), []byte("/")); ok {
		o.Group = string(group)
	}
	if o.Kind == "List" {
		for _, item := range v.At("items").Items() {
			m.add(item)
		}
		return
	}
	if o.Kind != "" {
		m.Objects = append(m.Objects, o)
	}
}
