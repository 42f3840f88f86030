package lint

import (
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// unrendered returns the findings about templates that the entrypoint cannot render.
func (j *judge) unrendered(w *workspace) (all []rules.Finding) {
	w.eachUnrendered(func(file *parser.File, u *deploy.Unrendered) {
		f := rules.Finding{Rule: rules.UnrenderedTemplate, Severity: rules.Warning, Span: lineOf(file, u.Place.Line), Places: 1, Message: u.Reason}
		if j.reports(f) {
			j.decideSeverity(&f, nil)
			all = append(all, f)
		}
	})
	return all
}

// unrenderedFiles returns the files that such findings are in.
func (w *workspace) unrenderedFiles() (files []*parser.File) {
	w.eachUnrendered(func(file *parser.File, _ *deploy.Unrendered) { files = append(files, file) })
	return files
}

func (w *workspace) eachUnrendered(visit func(*parser.File, *deploy.Unrendered)) {
	seen := make(map[deploy.Place]bool)
	for _, d := range w.deployed {
		if d.Unrendered == nil || seen[d.Unrendered.Place] {
			continue
		}
		file := w.described(d.Unrendered.Place.File)
		if file == nil {
			continue
		}
		seen[d.Unrendered.Place] = true
		visit(file, d.Unrendered)
	}
}
