package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// evaluating are directives that nginx refuses if a parameter has a variable that
// nothing defines: it looks the variable up, or reads the text as a number or an address.
var evaluating = []string{
	"listen", "proxy_pass", "resolver", "root", "alias", "return", "proxy_set_header", "add_header", "set", "access_log",
	"client_max_body_size", "proxy_read_timeout", "proxy_send_timeout", "proxy_connect_timeout", "keepalive_timeout", "worker_processes", "worker_connections",
}

// unreplaced returns the findings about variables in templates that the entrypoint of
// nginx's image does not replace, because no container has them in its environment.
func (j *judge) unreplaced(w *workspace) (all []rules.Finding) {
	readers := make(map[string][]*deployed)
	for _, d := range w.deployed {
		for _, name := range d.Rendered {
			readers[name] = append(readers[name], d)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(readers)) {
		file := w.described(name)
		if file == nil || len(file.Errs) > 0 {
			continue
		}
		for _, f := range w.unreplacedIn(file, readers[name]) {
			if j.reports(f) {
				j.decideSeverity(&f, nil)
				all = append(all, f)
			}
		}
	}
	return all
}

// unreplacedIn returns a finding for each such variable of a template.
func (w *workspace) unreplacedIn(file *parser.File, readers []*deployed) (all []rules.Finding) {
	seen := make(map[string]bool)
	file.Root.Walk(func(d *parser.Directive) {
		for _, name := range leftIn(d) {
			if seen[name] {
				continue
			}
			seen[name] = true
			if why := w.undefined(name, file, readers); why != "" {
				all = append(all, rules.Finding{
					Rule: rules.RefusedDirective, Severity: rules.Error, Span: d.Span(), Places: 1,
					Message: fmt.Sprintf("nginx refuses the configuration: the image's entrypoint does not replace ${%s} in this template, because %s", name, why),
				})
			}
		}
	})
	return all
}

// leftIn returns the variables of a directive that nginx would look up.
func leftIn(d *parser.Directive) (names []string) {
	if !d.Is(evaluating...) && !(d.Is("server") && d.Block == nil) {
		return nil
	}
	for _, word := range d.Params() {
		span := word.Span()
		if span.HasTag() {
			names = append(names, deploy.VariablesOf(string(span.File.Src[span.Start:span.End]))...)
		}
	}
	return names
}

// undefined returns why neither nginx, nor the configuration, nor any container that
// renders a template defines a variable, or "". nginx ignores the case of names.
func (w *workspace) undefined(name string, file *parser.File, readers []*deployed) (why string) {
	if model.Builtin(strings.ToLower(name)) {
		return ""
	}
	for cfg := range w.deployedAs {
		if slices.Contains(cfg.Files, file) && cfg.Definition(name) != nil {
			return ""
		}
	}
	for _, d := range readers {
		if why = d.Leaves(name); why == "" {
			return ""
		}
	}
	return why
}
