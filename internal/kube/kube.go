// Package kube reads Kubernetes manifests that decide about WebSockets: Ingresses of the
// two controllers that are nginx, HTTPRoutes, Services, ConfigMaps. It knows the
// annotations of the controllers and what each does with a wrong value.
package kube

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Manifest is a file with Kubernetes objects.
type Manifest struct {
	File    *parser.File
	Objects []*Object // in order; the items of a List are objects

	patches  []string            // files that a Kustomization applies as patches
	inline   int                 // how many patches are in it
	lists    map[*yaml.Node]bool // that were read
	text     []byte              // as YAML reads it: without the tags of a template
	template *source.Text        // nil for a file that is none
}

// An Object is one Kubernetes object.
type Object struct {
	Value             // the whole of it
	Group      string // of its API: networking.k8s.io, or "" for the core
	Kind, Name string
	Namespace  string // "" for the default
	Patch      bool   // it changes another object: what it lacks may be set there
}

// kinds are the kinds of objects that are looked at. A file without any is no manifest
// for us.
var kinds = [][]byte{
	[]byte("Ingress"), []byte("HTTPRoute"), []byte("ConfigMap"), []byte("Service"), []byte("BackendTLSPolicy"), []byte("Gateway"),
	[]byte("ProxySettingsPolicy"), []byte("Deployment"), []byte("StatefulSet"), []byte("DaemonSet"), []byte("IngressClass"), []byte("HelmRelease"),
	[]byte("GatewayClass"), []byte("Kustomization"), []byte("HorizontalPodAutoscaler"), []byte("BackendConfig"),
}

// HelmValues is the kind of the values of a Helm chart, which are no object of
// Kubernetes.
const HelmValues = "values of Helm"

// CloudFormation is the kind of a CloudFormation template, which is no object of
// Kubernetes either.
const CloudFormation = "template of CloudFormation"

// Sniff reports whether a file seems to hold objects that are looked at: it has lines for
// apiVersion and for one of the kinds, a JSON patch of annotations, a load balancer of
// CloudFormation, or values of ingress-nginx's chart.
func Sniff(name string, src []byte) bool {
	if bytes.Contains(src, []byte("apiVersion:")) && names(src, kinds) || patchesAnnotations(src) || bytes.Contains(src, []byte("AWS::ElasticLoadBalancingV2::LoadBalancer")) {
		return true
	}
	return strings.Contains(path.Base(name), "values") && bytes.Contains(src, []byte("controller:")) && bytes.Contains(src, []byte("config:"))
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

// Read reads the objects of a file. Of a template, such as one of Helm, it reads the
// rendering in which every condition holds. The error says with line and column what is
// wrong with the YAML; the objects before that place are returned.
func Read(f *parser.File) (*Manifest, error) {
	m := &Manifest{File: f, text: f.Src}
	if m.template = source.Read(f.Name, f.Src, source.Go, source.Jinja); m.template != nil {
		m.text = masked(m.template)
		if errs := m.template.Errs; len(errs) > 0 {
			p := f.Position(errs[0].Start)
			return m, fmt.Errorf("%d:%d: %s", p.Line, p.Column, errs[0].Message)
		}
	}
	if i := oddLineEnd(f.Src); i >= 0 {
		p := f.Position(i)
		return m, fmt.Errorf("%d:%d: a line separator that only YAML knows", p.Line, p.Column)
	}
	docs, err := yaml.Documents(m.text)
	for _, doc := range docs {
		m.add(Value{in: m, node: doc})
	}
	return m, err
}

// Template reports whether the file is a template.
func (m *Manifest) Template() bool { return m.template != nil }

// Touches reports whether an edit of a span would change a tag of a template.
func (m *Manifest) Touches(s parser.Span) bool {
	return m.template != nil && m.template.Touches(s.Start, s.End)
}

// add adds an object, or those of a list. An alias can put a list into itself: each is
// read once.
func (m *Manifest) add(v Value) {
	o := newObject(v)
	switch {
	case o.Kind == "List":
		items := v.At("items")
		if m.lists == nil {
			m.lists = make(map[*yaml.Node]bool)
		}
		if at := items.target(); !m.lists[at] {
			m.lists[at] = true
			for _, item := range items.Items() {
				m.add(item)
			}
		}
		return
	case o.Kind == "Kustomization", o.Kind == "" && (v.At("patches").Exists() || v.At("resources").Exists()):
		m.kustomize(v)
		return
	case o.Kind == "" && len(v.Items()) > 0:
		m.addOperations(v)
		return
	case o.Kind == "" && v.At("Resources").Exists():
		o.Kind = CloudFormation
	case o.Kind == "" && (v.At("controller").Exists() || v.At(IngressNginx.chart).Exists()):
		o.Kind = HelmValues
	}
	if o.Kind != "" {
		m.Objects = append(m.Objects, o)
	}
}

func newObject(v Value) *Object {
	o := &Object{
		Value: v, Kind: v.At("kind").Text(), Name: v.At("metadata", "name").Text(), Namespace: v.At("metadata", "namespace").Text(),
	}
	if group, _, ok := strings.Cut(v.At("apiVersion").Text(), "/"); ok {
		o.Group = group
	}
	o.Patch = o.Kind == "Ingress" && !v.At("spec").Exists()
	return o
}
