package lint

import (
	"cmp"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Run lints what the options name. The error is about input that could not be read at
// all; everything else is in the result.
func Run(opt Options) (*Result, error) {
	chosen, err := rules.Select(opt.Select, opt.Ignore)
	if err != nil {
		return nil, err
	}
	w, err := discover(opt)
	if opt.cancelled() {
		return nil, ErrCancelled
	}
	if err != nil {
		return nil, err
	}
	j := newJudge(chosen, w.policy)
	j.known, j.selected = opt.Old, len(opt.Select) > 0
	j.decideVersion(w)
	res := &Result{Configs: w.configs, Versions: j.versions, Evidence: j.source, intent: j.intent, policy: j.policy, judged: w.judged, manifests: w.manifests, hops: w.readHops(), checked: w, judge: j}
	res.Files = w.allFiles()
	res.deployed, res.deployedAs = w.deployed, w.deployedAs
	res.versions = make(map[*parser.Config]parser.Versions, len(w.deployedAs))
	for _, cfg := range w.configs {
		if w.deployedAs[cfg.Config] != nil {
			res.versions[cfg.Config] = j.versionsFor(w, cfg, j.evidenceOf(w, cfg))
		}
	}
	c := j.check(w)
	if opt.cancelled() {
		return nil, ErrCancelled
	}
	if err := w.exhausted(); err != nil {
		return nil, err
	}
	res.Findings, res.Suppressed, res.Unmatched = c.findings, c.suppressed, c.unmatched
	res.Findings = atLeast(opt.MinSeverity, res.Findings)
	res.Passed = w.passed
	res.Notes = slices.Concat(w.notes, w.passedNotes(), includeNotes(w, res.Findings), templateNotes(w), unmetNotes(w))
	if opt.Fix {
		if err := j.fix(w, res); err != nil {
			return nil, err
		}
	}
	return res, nil
}

func (opt Options) cancelled() bool { return opt.Cancelled != nil && opt.Cancelled() }

// atLeast returns the findings of at least a severity.
func atLeast(least rules.Severity, findings []rules.Finding) []rules.Finding {
	return slices.DeleteFunc(findings, func(f rules.Finding) bool { return f.Severity < least })
}

// exhausted returns an error if checking was given up.
func (w *workspace) exhausted() error {
	if err := w.policy.exhausted(); err != nil {
		return err
	}
	return exhausted(w.configs)
}

// Exhausted returns an error if queries of the configurations since then take too
// long.
func (r *Result) Exhausted() error { return exhausted(r.Configs) }

func exhausted(configs []*model.Model) error {
	for _, cfg := range configs {
		if cfg.Exhausted() {
			return &PathError{cfg.Name, "gave up: checking takes far longer than it should for a configuration of this size; many variables, expressions or headers affect many locations"}
		}
	}
	return nil
}

// A judge checks configurations. One judge serves all rounds of a run.
type judge struct {
	rules    []*rules.Rule        // that are run; runs says in which files their findings are wanted
	selected bool                 // the rules are selected by name
	chosen   map[*rules.Rule]bool // unless an override says otherwise
	policy   *policy
	intent   []intent.Option
	known    []*OldFindings
	versions parser.Versions
	source   string              // of the version
	around   map[string]evidence // by directory; see evidenceOf
}

// newJudge returns a judge that runs the given rules, and those that the policy adds
// for some files.
func newJudge(chosen []*rules.Rule, p *policy) *judge {
	j := &judge{rules: chosen, policy: p, chosen: make(map[*rules.Rule]bool), around: make(map[string]evidence)}
	for _, r := range chosen {
		j.chosen[r] = true
	}
	if !p.overriding {
		return j
	}
	j.intent = []intent.Option{intent.AskUser(p.told)}
	for _, r := range rules.All {
		for _, q := range p.every() {
			for _, o := range q.all {
				if (o.selected[r] || o.extended[r]) && !slices.Contains(j.rules, r) {
					j.rules = append(j.rules, r)
				}
			}
		}
	}
	return j
}

// decideVersion returns the requested version, else the one on which the files around
// the configurations agree, else any.
func (j *judge) decideVersion(w *workspace) {
	all := evidence{versions: parser.AnyVersion}
	for _, cfg := range w.configs {
		if e := j.evidenceOf(w, cfg); e.found {
			all.take(e.versions, e.source)
		}
	}
	j.versions, j.source = all.versions, all.source
	if v := w.opt.Version; !v.IsZero() {
		j.versions, j.source = parser.Only(v), cmp.Or(w.opt.VersionFrom, "asked for")
	}
	if j.versions.Open {
		j.decideDialect(w)
	}
}

// versionsFor returns the versions that a configuration is checked for: those of the
// nginx that reads it, unless the user names one.
func (j *judge) versionsFor(w *workspace, cfg *model.Model, e evidence) parser.Versions {
	switch {
	case w.deployedAs[cfg.Config] == nil || !w.opt.Version.IsZero():
		return j.versions
	case e.found:
		return e.versions
	case w.deployedAs[cfg.Config].Known:
		return parser.AnyOf(parser.Nginx)
	}
	v := parser.AnyVersion
	v.Maybe, v.Weak = j.versions.Maybe, j.versions.Weak
	return v
}

// A checked workspace has its findings, and those that are not reported.
type checked struct {
	findings   []rules.Finding
	suppressed []Suppressed
	unmatched  []Unmatched
}

// check runs the rules over every configuration and removes the findings that
// comments, settings and old findings suppress.
func (j *judge) check(w *workspace) checked {
	var c checked
	c.findings, c.suppressed = j.suppress(w, j.findings(w))
	for _, k := range j.known {
		c.suppressOld(k, j, w)
	}
	return c
}

// sortFindings sorts findings by file and position.
func sortFindings(all []rules.Finding) {
	slices.SortStableFunc(all, func(a, b rules.Finding) int {
		return cmp.Or(cmp.Compare(a.Span.File.Name, b.Span.File.Name), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Rule.Name, b.Rule.Name))
	})
}

// allFiles returns the files that were read, sorted by name.
func (w *workspace) allFiles() []*parser.File {
	if w.all == nil {
		for _, cfg := range w.configs {
			w.all = append(w.all, cfg.Files...)
		}
		w.all = slices.DeleteFunc(w.all, func(f *parser.File) bool { return f.Provided })
		w.all = slices.Concat(w.all, w.manifestFiles(), w.filesWithHops(), w.emptyingFiles(), w.unrenderedFiles())
		slices.SortFunc(w.all, func(a, b *parser.File) int { return cmp.Compare(a.Name, b.Name) })
		w.all = slices.Compact(w.all)
	}
	return w.all
}

// templateNotes names the files that must be rendered before they can be checked.
func templateNotes(w *workspace) []Note {
	var notes []Note
	for _, f := range w.allFiles() {
		if f.Template() && !w.policy.leavesOut(f) {
			notes = append(notes, Note{Span: f.Errs[0].Span, Message: "a template, not checked: render it first"})
		}
	}
	return notes
}

// includeNotes names, once each, the includes that were not read and are not
// findings.
func includeNotes(w *workspace, findings []rules.Finding) []Note {
	var notes []Note
	seen := make(map[*parser.Directive]bool)
	found := make(map[parser.Span]bool)
	for _, f := range findings {
		found[f.Span] = found[f.Span] || f.Rule == rules.UnknownInclude
	}
	for _, cfg := range w.configs { // an include that was read in one context does not need a note for another
		for _, inc := range cfg.Includes {
			seen[inc.Directive] = seen[inc.Directive] || inc.Problem == "" && inc.Glob
		}
	}
	for _, cfg := range w.configs {
		for _, inc := range cfg.Includes {
			if inc.Problem == "" || inc.Harmless || inc.Directive.Span().File.Provided || seen[inc.Directive] || found[inc.Directive.Span()] || !inc.Denied && w.policy.leavesOut(inc.Directive.Span().File) {
				continue
			}
			seen[inc.Directive] = true
			note := Note{Span: inc.Directive.Span(), Message: inc.Problem, Trouble: inc.Denied}
			switch {
			case inc.Assumed:
				note.Message += "; it is assumed to be Debian's, which sets Host, X-Real-IP, X-Forwarded-For and X-Forwarded-Proto"
			case inc.Missing:
				note.Message += "; what depends on it is not checked"
			}
			notes = append(notes, note)
		}
	}
	return notes
}
