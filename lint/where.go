package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A reading is which of the configurations that a file is part of have a finding, if
// one of them is that of a deployed nginx.
type reading struct {
	with, without []string // what reads the file, each once
}

// readers returns the configurations that files are part of, by the name of the file.
func (w *workspace) readers() map[string][]*model.Model {
	readers := make(map[string][]*model.Model)
	for _, cfg := range w.configs {
		for _, f := range cfg.Files {
			readers[f.Name] = append(readers[f.Name], cfg)
		}
	}
	return readers
}

// reading returns where a finding holds. The configurations are those that its file is
// part of, and those with the finding.
func (w *workspace) reading(readers []*model.Model, found map[*parser.Config]bool) (r reading) {
	deployed := false
	for _, cfg := range readers {
		d := w.deployedAs[cfg.Config]
		name := path.Base(cfg.Name)
		if d != nil {
			name, deployed = d.Name, true
		}
		into := &r.without
		if found[cfg.Config] {
			into = &r.with
		}
		if !slices.Contains(*into, name) {
			*into = append(*into, name)
		}
	}
	if !deployed {
		return reading{}
	}
	return r
}

// maxNamed is how many places a message names.
const maxNamed = 2

// limit says of a finding that does not hold everywhere where it does. Its fix is only
// shown then: it is not known what it does to the others.
func (r reading) limit(f *rules.Finding) {
	if len(r.without) == 0 || len(r.with) == 0 {
		return
	}
	if named := r.with[:min(len(r.with), maxNamed)]; len(named) < len(r.with) {
		f.Message += fmt.Sprintf(" (only in %s and %d others)", strings.Join(named, ", "), len(r.with)-len(named))
	} else {
		f.Message += fmt.Sprintf(" (only in %s)", strings.Join(named, " and "))
	}
	if fix := fixOf(f); fix != nil && fix.Safety > fixer.Shown {
		fix.Safety, fix.Reason = fixer.Shown, r.without[0]+" also reads "+path.Base(f.Span.File.Name)+" and does not have the finding"
	}
}
