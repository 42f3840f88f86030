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

// locationSnippets are the annotations whose text goes into each location.
var locationSnippets = map[*kube.Controller]string{kube.IngressNginx: "configuration-snippet", kube.F5: "location-snippets"}

// writtenOnce are the directives of a location that the controllers always write and that
// nginx accepts once: rootfs/etc/nginx/template/nginx.tmpl of v1.15.1, and
// internal/configs/version1/nginx.ingress.tmpl of 5.6.0.
var writtenOnce = map[*kube.Controller][]string{
	kube.IngressNginx: {
		"proxy_connect_timeout", "proxy_send_timeout", "proxy_read_timeout", "proxy_buffering", "proxy_buffer_size", "proxy_buffers",
		"proxy_request_buffering", "proxy_http_version", "proxy_next_upstream_timeout", "proxy_next_upstream_tries", "client_max_body_size",
	},
	kube.F5: {"proxy_http_version", "proxy_connect_timeout", "proxy_read_timeout", "proxy_send_timeout", "client_max_body_size", "proxy_buffering"},
}

func duplicateInSnippet(p *ClusterPass) {
	p.annotations(func(a kube.Annotated) {
		if a.Short != locationSnippets[a.Controller] {
			return
		}
		text := a.Nginx()
		if text == nil || len(text.Errs) > 0 {
			return
		}
		headers := []string{"host"}
		if a.Controller == kube.IngressNginx || a.Object.Annotation(kube.F5, "websocket-services").Exists() {
			headers = append(headers, "upgrade", "connection")
		}
		var found []Finding
		for _, d := range text.Root.Directives {
			if f, ok := alsoWritten(a, headers, d); ok {
				f.Span = text.In(d.Span())
				found = append(found, f)
			}
		}
		all := len(found) == len(text.Root.Directives)
		for _, f := range found {
			f.fix = deleteRepeated(a, f.Span, all)
			p.Report(f)
		}
	})
}

// alsoWritten says that the controller writes a directive as well, or sends a header.
func alsoWritten(a kube.Annotated, headers []string, d *parser.Directive) (f Finding, ok bool) {
	switch {
	case d.Is(writtenOnce[a.Controller]...):
		f.Severity = Error
		f.Message = fmt.Sprintf("%s is in the location already, because %s writes it: nginx refuses the duplicate, and then no change of any Ingress is loaded", d.Name(), a.Controller.Name)
		if name := annotationOf(a, d.Name()); name != "" {
			f.Message += "; use " + name
		}
	case d.Is("proxy_set_header") && slices.Contains(headers, strings.ToLower(d.Param(0))):
		f.Severity = Warning
		f.Message = fmt.Sprintf("%s is sent twice, because %s sends it itself: some applications refuse such a handshake with 400", d.Param(0), a.Controller.Name)
	default:
		return f, false
	}
	return f, true
}

// deleteRepeated is the fix that deletes a directive, or the snippet if the controller
// writes all of it.
func deleteRepeated(a kube.Annotated, at parser.Span, all bool) func() (fixer.Fix, bool) {
	if all {
		return deleteEntry(a.Value, "delete the snippet: the controller writes all of it", fixer.Unsafe)
	}
	return func() (fixer.Fix, bool) {
		line, ok := wholeLines(at)
		return fixer.Fix{Message: "delete the line", Safety: fixer.Unsafe, Edits: []fixer.Edit{{Span: line}}}, ok
	}
}

// annotationOf returns the annotation that sets a directive, or "".
func annotationOf(a kube.Annotated, directive string) string {
	name := strings.ReplaceAll(directive, "_", "-")
	if a.Controller.Annotation(name) == nil {
		return ""
	}
	return a.Controller.Prefix + name
}
