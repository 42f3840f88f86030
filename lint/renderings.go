package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// rendered is a configuration with templates in some of its renderings.
type rendered struct {
	load     int          // its index among the configurations
	variants []*workspace // each with this configuration only
}

// maxRendered limits, in bytes, how much text the renderings of one configuration may
// have together, and maxRenderings how many there are. maxGrouped is the limit for a file
// with several texts that are not read together.
const (
	maxGrouped    = 128 << 20
	maxRendered   = 4 << 20
	maxRenderings = 96
)

// render reads other renderings of the configurations with templates.
func (w *workspace) render() error {
	w.renderings = make(map[string][]*parser.File)
	for i, cfg := range w.configs {
		templates, size := templatesOf(cfg)
		if len(templates) == 0 {
			continue
		}
		texts, groups := make([]*source.Text, len(templates)), 1
		for k, f := range templates {
			texts[k] = f.Masked()
			groups = max(groups, texts[k].Groups())
		}
		choices := source.Choices(texts, min(maxRenderings, source.Sets+maxRendered/max(1, size)))
		if most := max(1, maxGrouped/(size*len(choices)+1)); groups > most {
			w.note(Note{Name: templates[0].Name, Message: fmt.Sprintf("only %d of its %d texts of nginx are checked: it is very large", most, groups)})
			groups = most
		}
		for group := range groups {
			w.rendered = append(w.rendered, w.renderGroup(i, templates, choices, group))
		}
	}
	return nil
}

// renderGroup reads the renderings of one group of texts.
func (w *workspace) renderGroup(i int, templates []*parser.File, choices []source.Choice, group int) rendered {
	r := rendered{load: i}
	for number, c := range choices {
		c.Group = group
		v, err := w.variant(i, templates, c)
		if err != nil {
			continue // what it includes multiplies
		}
		v.label = fmt.Sprintf("rendering %d of text %d of ", number, group)
		r.variants = append(r.variants, v)
	}
	if slices.ContainsFunc(r.variants, (*workspace).isReadable) { // the others do not exist: their conditions exclude each other
		r.variants = slices.DeleteFunc(r.variants, func(v *workspace) bool { return !v.isReadable() })
	}
	for _, v := range r.variants {
		for _, f := range v.configs[0].Files {
			if f.Masked() != nil && f.Annotated() {
				w.renderings[f.Name] = append(w.renderings[f.Name], f)
			}
		}
	}
	return r
}

// templatesOf returns the templates of a configuration, and the size of all its files.
func templatesOf(cfg *model.Model) (templates []*parser.File, size int) {
	for _, f := range cfg.Files {
		size += len(f.Src)
		if f.Masked() != nil {
			templates = append(templates, f)
		}
	}
	return templates, size
}

// isReadable reports whether nginx can read the templates of a rendering.
func (w *workspace) isReadable() bool {
	for _, f := range w.configs[0].Files {
		if f.Masked() != nil && len(f.Errs) > 0 {
			return false
		}
	}
	return true
}

// variant returns a workspace with one configuration in another rendering.
func (w *workspace) variant(i int, templates []*parser.File, c source.Choice) (*workspace, error) {
	n := *w
	n.files = w.files.Rendered(templates, c)
	n.configs, n.models, n.all, n.named, n.rendered = nil, nil, nil, nil, nil
	n.loads = w.loads[i : i+1 : i+1]
	n.budget = model.NewBudget(n.files.Bytes)
	n.reached = make(map[*parser.File]bool)
	l := w.loads[i]
	level := w.configs[i].Level.Name
	if f, err := n.files.Read(l.name); err == nil && c.Group > 0 {
		level = parser.GuessContext(f)
	}
	cfg, err := n.readAs(l, level)
	if err != nil {
		return nil, err
	}
	n.add(cfg)
	n.deployedAs = nil
	if l.deployed != nil {
		n.deployedAs = map[*parser.Config]*deployed{cfg: l.deployed}
	}
	for _, f := range cfg.Files {
		n.reached[f] = true
	}
	n.ask()
	return &n, nil
}

// plain returns the configurations without templates.
func (w *workspace) plain() []*model.Model {
	var all []*model.Model
	for i, cfg := range w.configs {
		if !w.isRendered(i) {
			all = append(all, cfg)
		}
	}
	return all
}

// isRendered reports whether a configuration has templates.
func (w *workspace) isRendered(i int) bool {
	_, found := slices.BinarySearchFunc(w.rendered, i, func(r rendered, load int) int { return cmp.Compare(r.load, load) })
	return found
}

// brokenRendering proves a patch in each rendering, and returns which promise is
// broken, or "".
func (s *session) brokenRendering(done *outcome) string {
	for i, r := range s.before.rendered {
		after := make(map[string]*workspace)
		if i < len(done.after.rendered) {
			for _, v := range done.after.rendered[i].variants {
				after[v.label] = v
			}
		}
		for _, v := range r.variants {
			if after[v.label] == nil {
				return "nginx could not read a rendering of the patched template"
			}
			inner := *s
			inner.before = v
			if broken := inner.violation(done.in(v, after[v.label])); broken != "" {
				return broken
			}
		}
	}
	return ""
}

// in returns an outcome in one rendering.
func (o *outcome) in(before, after *workspace) *outcome {
	n := &outcome{after: after, allowed: o.allowed, rounds: o.rounds, texts: make(map[*parser.File][]byte)}
	for f, text := range o.texts {
		for _, in := range before.configs[0].Files {
			if in.Name == f.Name {
				n.texts[in] = text
			}
		}
	}
	return n
}

// comments returns the comments of a file that may be meant for us; of a template,
// those of all renderings.
func (w *workspace) comments(f *parser.File) []parser.Span {
	if w.known[f] {
		return parser.Comments(f)
	}
	if f.Masked() == nil {
		if !f.Annotated() {
			return nil
		}
		return f.Comments
	}
	seen := make(map[int]bool)
	var all []parser.Span
	add := func(of *parser.File) {
		for _, c := range of.Comments {
			if !seen[c.Start] {
				seen[c.Start] = true
				all = append(all, parser.Span{File: f, Start: c.Start, End: c.End})
			}
		}
	}
	add(f)
	for _, of := range w.renderings[f.Name] {
		add(of)
	}
	slices.SortFunc(all, func(a, b parser.Span) int { return a.Start - b.Start })
	return all
}
