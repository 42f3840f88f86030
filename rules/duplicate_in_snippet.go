package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// DuplicateInSnippet finds directives in a snippet that the controller writes into the
// same location itself. nginx refuses some of them, and sends other headers twice.
var DuplicateInSnippet = &Rule{
	Name:     "duplicate-in-snippet",
	Summary:  "a snippet of an Ingress repeats a directive that the controller writes itself",
	Group:    Kubernetes,
	Severity: Error,
	Cluster:  duplicateInSnippet,
}

func duplicateInSnippet(p *ClusterPass) {
	for _, s := range p.snippets() {
		text := s.Nginx()
		if text == nil || len(text.Errs) > 0 {
			continue
		}
		var found []Finding
		for _, d := range text.Root.Directives {
			if f, ok := s.alsoWritten(d); ok {
				f.Span = text.In(d.Span())
				found = append(found, f)
			}
		}
		all := len(found) == len(text.Root.Directives)
		for _, f := range found {
			f.fix = deleteRepeated(s.Value, f.Span, all)
			p.Report(f)
		}
	}
}

// alsoWritten says that the controller writes a directive as well, or sends a header.
func (s snippet) alsoWritten(d *parser.Directive) (f Finding, ok bool) {
	switch {
	case d.Is(s.once...):
		f.Severity = Error
		f.Message = fmt.Sprintf("%s is in the %s already, because %s writes it: nginx refuses the duplicate, and then no change of any Ingress is loaded", d.Name(), s.block, s.controller.Name)
		if name := s.settingOf(d.Name()); name != "" {
			f.Message += "; use " + name
		}
	case d.Is("proxy_set_header") && slices.Contains(s.headers, strings.ToLower(d.Param(0))):
		f.Severity = Warning
		f.Message = fmt.Sprintf("%s is sent twice, because %s sends it itself: some applications refuse such a handshake with 400", d.Param(0), s.controller.Name)
	default:
		return f, false
	}
	return f, true
}

// deleteRepeated is the fix that deletes a directive, or the snippet if the controller
// writes all of it.
func deleteRepeated(v kube.Value, at parser.Span, all bool) func() (fixer.Fix, bool) {
	if all {
		return deleteEntry(v, "delete the snippet: the controller writes all of it", fixer.Unsafe)
	}
	return func() (fixer.Fix, bool) {
		line, ok := wholeLines(at)
		return fixer.Fix{Message: "delete the line", Safety: fixer.Unsafe, Edits: []fixer.Edit{{Span: line}}}, ok
	}
}
