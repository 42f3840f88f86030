package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// A ClusterPass is one rule's look at the Kubernetes objects that were found together.
type ClusterPass struct {
	*kube.Cluster
	Rule *Rule

	*shared

	found []Finding
}

// shared is what several rules ask for, each worked out once.
type shared struct {
	signs   map[*kube.Object]string // see sign
	by      map[*kube.Object]kube.Served
	gateway func() *routing // see newRouting
	timed   func() map[string][]*kube.Object
}

func newShared(c *kube.Cluster) *shared {
	return &shared{
		signs: make(map[*kube.Object]string), by: make(map[*kube.Object]kube.Served),
		gateway: sync.OnceValue(func() *routing { return newRouting(c) }),
		timed:   sync.OnceValue(func() map[string][]*kube.Object { return findTimed(c) }),
	}
}

// RunCluster runs the rules about Kubernetes objects.
func RunCluster(c *kube.Cluster, chosen []*Rule) []Finding {
	var all []Finding
	s := newShared(c)
	for _, r := range chosen {
		if r.Cluster != nil {
			p := &ClusterPass{Cluster: c, Rule: r, shared: s}
			r.Cluster(p)
			all = append(all, p.found...)
		}
	}
	return all
}

// Report adds a finding, once: a patch may be part of many objects.
func (p *ClusterPass) Report(f Finding) {
	f.Rule = p.Rule
	if slices.ContainsFunc(p.found[max(0, len(p.found)-maxSame):], func(g Finding) bool { return g.Span == f.Span && g.Message == f.Message }) {
		return
	}
	if f.fix != nil {
		if fix, ok := f.fix(); ok && !p.touchesTag(fix) {
			f.Fixes = []fixer.Fix{fix}
		}
		f.fix = nil
	}
	p.found = append(p.found, f)
}

// maxSame limits with how many findings before it a finding is compared.
const maxSame = 100

// touchesTag reports whether a fix would change a tag of a template.
func (p *ClusterPass) touchesTag(fix fixer.Fix) bool {
	return slices.ContainsFunc(fix.Edits, func(e fixer.Edit) bool {
		m := p.Manifest(e.Span.File)
		return m != nil && m.Touches(e.Span)
	})
}

// annotations shows f the annotations of Ingresses that a known controller may read.
func (p *ClusterPass) annotations(f func(kube.Annotated)) {
	for _, o := range p.Objects("Ingress") {
		for _, a := range o.Annotated() {
			if by := p.servedBy(o); by.Weak || by.Other == "" && (by.Controller == nil || by.Controller == a.Controller) {
				f(a)
			}
		}
	}
}

// servedBy returns what is known about the controller of an Ingress.
func (p *ClusterPass) servedBy(o *kube.Object) kube.Served {
	by, known := p.by[o]
	if !known {
		by = p.ServedBy(o)
		p.by[o] = by
	}
	return by
}

// deleteEntry is the fix that removes an annotation.
func deleteEntry(v kube.Value, message string, safety fixer.Safety) func() (fixer.Fix, bool) {
	return func() (fixer.Fix, bool) {
		lines, ok := v.Lines()
		return fixer.Fix{Message: message, Safety: safety, Edits: []fixer.Edit{{Span: lines}}}, ok
	}
}

// addAnnotation is the fix that adds an annotation before the first one of an object, in a
// line like that one's.
func addAnnotation(o *kube.Object, name, value, message string) func() (fixer.Fix, bool) {
	return func() (fixer.Fix, bool) {
		all := o.At("metadata", "annotations").Entries()
		if len(all) == 0 {
			return fixer.Fix{}, false
		}
		lines, ok := all[0].Lines()
		indent, first := indentation(lines.File, all[0].KeySpan().Start)
		lines.End = lines.Start
		text := fmt.Sprintf("%s%s: %q%s", indent, name, value, lineEnd(lines.File))
		return fixer.Fix{Message: message, Safety: fixer.Unsafe, Edits: []fixer.Edit{{Span: lines, New: text}}}, ok && first
	}
}

// setValue is the fix that gives a scalar on one line another value, in double quotes.
func setValue(v kube.Value, value, message string, safety fixer.Safety) func() (fixer.Fix, bool) {
	return func() (fixer.Fix, bool) {
		span := v.Span()
		ok := v.Exists() && !v.Literal() && !strings.Contains(span.Text(), "\n") && !strings.HasPrefix(span.Text(), "*") && !strings.HasPrefix(span.Text(), "&")
		return fixer.Fix{Message: message, Safety: safety, Edits: []fixer.Edit{{Span: span, New: fmt.Sprintf("%q", value)}}}, ok
	}
}
