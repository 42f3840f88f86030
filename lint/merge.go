package lint

import (
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// findings returns what the rules find. Of a configuration with templates, that is what
// they find in each rendering.
func (j *judge) findings(w *workspace) []rules.Finding {
	if len(w.rendered) == 0 && len(w.deployedAs) == 0 {
		all, _ := j.found(w, w.configs)
		return slices.Concat(all, j.clusterFindings(w), j.hopFindings(w), j.deploymentFindings(w))
	}
	all, in := j.found(w, w.plain())
	index := make(map[textSpot]int, len(all))
	for i, f := range all {
		index[spotOf(f)] = i
	}
	for _, r := range w.rendered {
		cfg := w.configs[r.load].Config
		for _, f := range j.lawful(w, r) {
			i, again := index[spotOf(f)]
			if !again {
				i = len(all)
				index[spotOf(f)], all, in = i, append(all, f), append(in, make(map[*parser.Config]bool))
			}
			in[i][cfg] = true
		}
	}
	readers := w.readers()
	for i := range all {
		w.reading(readers[all[i].Span.File.Name], in[i]).limit(&all[i])
	}
	return slices.Concat(all, j.clusterFindings(w), j.hopFindings(w), j.deploymentFindings(w))
}

// found returns what the rules find in some configurations, and where a workspace has
// deployed or templates, which of them have a finding. A finding in several contexts
// that include the same text is one finding.
func (j *judge) found(w *workspace, configs []*model.Model) ([]rules.Finding, []map[*parser.Config]bool) {
	g := gathered{index: make(map[spot]int), others: make(map[int][]rules.Finding), trees: make(map[*parser.File][]*rules.Tree)}
	g.located = len(w.deployedAs) > 0 || len(w.rendered) > 0
	judging := append(slices.Clip(j.intent), intent.AskedFor(w.asked))
	var trees []*rules.Tree
	for _, cfg := range configs {
		around := j.evidenceOf(w, cfg)
		tree := rules.NewTree(cfg, rules.Settings{Versions: j.versionsFor(w, cfg, around), MinReadTimeout: w.opt.MinReadTimeout, StockImage: around.stock, Container: around.box, Intent: judging})
		for _, f := range cfg.Files {
			g.trees[f] = append(g.trees[f], tree)
		}
		if cfg.Exhausted() {
			return nil, nil
		}
		trees = append(trees, tree)
		for _, found := range tree.Run(j.rules) {
			j.gather(w, &g, found, cfg.Config)
		}
	}
	for i, found := range j.across(w, trees) {
		j.gather(w, &g, found, trees[i].Config)
	}
	parallel.Each(len(g.all), func() func(int) {
		return func(i int) {
			f := &g.all[i]
			j.decideSeverity(f, g.others[i])
			decideSafety(w, g.trees, f, g.others[i])
			pointAtIncludes(f)
			mention(g.trees[f.Span.File], f)
		}
	})
	return g.all, g.in
}

// gather adds those findings that are reported.
func (j *judge) gather(w *workspace, g *gathered, found []rules.Finding, in *parser.Config) {
	for _, f := range found {
		if (w.judged(f.Span.File) || w.concernsNamed(f)) && j.reports(f) {
			g.add(f, in)
		}
	}
}

// gathered are findings, once each.
type gathered struct {
	all     []rules.Finding
	index   map[spot]int
	others  map[int][]rules.Finding        // by the index of a finding: the same one in other contexts
	in      []map[*parser.Config]bool      // the configurations that have each finding
	located bool                           // in is needed
	trees   map[*parser.File][]*rules.Tree // the configurations that a file is part of
}

// A spot is where one rule finds something, whatever contexts its text is in.
type spot struct {
	rule *rules.Rule
	span parser.Span
}

// add adds a finding, or another context of one.
func (g *gathered) add(f rules.Finding, in *parser.Config) {
	k := spot{f.Rule, f.Span}
	i, again := g.index[k]
	if !again {
		f.Places = 1
		g.index[k] = len(g.all)
		g.all = append(g.all, f)
		if g.located {
			g.in = append(g.in, map[*parser.Config]bool{in: true})
		}
		return
	}
	if g.located {
		g.in[i][in] = true
	}
	g.others[i] = append(g.others[i], f)
	first := &g.all[i]
	if first.Context != nil && first.Context.Twin(f.Context) {
		return // it is one location for the reader
	}
	if first.Context == nil || f.Context == nil || first.Context.Config == f.Context.Config {
		first.Places++ // else it is the same place, read through another main file
	}
}

// mention says of a finding that holds in several contexts how many there are, and of
// one in a snippet where that is included; trees are those that its file is part of.
func mention(trees []*rules.Tree, f *rules.Finding) {
	which := "locations that this line applies to"
	for _, t := range trees {
		if include := t.Snippet(f.Span.File); include != nil {
			which = "places that include this file"
			f.Related = append(f.Related, rules.Related{Span: include.Span(), Message: "included here"})
			break
		}
	}
	if f.Places > 1 {
		f.Message += fmt.Sprintf(" (in %d %s)", f.Places, which)
	}
}

// pointAtIncludes points at the include of an assumed file, which nobody has, and not
// at its lines. Nor does it point into an image.
func pointAtIncludes(f *rules.Finding) {
	f.Related = slices.DeleteFunc(slices.Clone(f.Related), func(r rules.Related) bool { return r.Span.File.Provided }) // findings may share them
	for i, related := range f.Related {
		if related.Span.File.Assumed && f.Context != nil {
			if inc := f.Context.Assumed(); inc != nil {
				f.Related[i] = rules.Related{Span: inc.Directive.Span(), Message: related.Message + ", in the file that is included here"}
			}
		}
	}
}

// at returns the innermost block that an offset lies in, and the simple
// directive that it lies inside of, or nil.
func at(b *parser.Block, offset int) (*parser.Block, *parser.Directive) {
	for {
		i, _ := slices.BinarySearchFunc(b.Directives, offset, func(d *parser.Directive, at int) int {
			if d.Span().End <= at {
				return -1
			}
			return 0
		})
		if i >= len(b.Directives) {
			return b, nil
		}
		d := b.Directives[i]
		if inner := d.Block; inner != nil && offset > inner.Span.Start && offset < inner.Span.End {
			b = inner
			continue
		}
		if d.Block == nil && offset > d.Span().Start {
			return b, d
		}
		return b, nil
	}
}
