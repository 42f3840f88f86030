package lint

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// An Override says how some files are judged otherwise.
type Override struct {
	Files     []string                  // patterns as of .gitignore; none: every file
	Select    []string                  // of rules and groups, see rules.Select; empty: as before
	Extend    []string                  // of rules and groups: in addition
	Ignore    []string                  // the same
	Suppress  []Suppression             // what is found, but not told
	Severity  map[string]rules.Severity // by rule
	Locations []LocationIntent
}

// A Suppression silences a rule or a group, for a reason. One that silences
// nothing is found where all that it may be about was checked.
type Suppression struct {
	Rule   string
	Reason string
	Span   parser.Span // in the file of settings
}

// A LocationIntent settles what a location is meant for, unless a comment does.
type LocationIntent struct {
	Location  string // its parameters with single spaces: "/ws", "~ \.ws$"
	WebSocket bool
	Span      parser.Span // in the file of settings
}

// A ContextOf is the context in which fragments are read.
type ContextOf struct {
	Files   string // a pattern
	Context string
}

// An override is an Override with its names and patterns understood.
type override struct {
	*Override
	files    []glob.Pattern
	selected map[*rules.Rule]bool // nil: as before
	extended map[*rules.Rule]bool
	ignored  map[*rules.Rule]bool
}

func newOverride(o *Override) (*override, error) {
	n := &override{Override: o}
	var err error
	if n.files, err = patterns(o.Files); err != nil {
		return nil, err
	}
	if len(o.Select) > 0 {
		if n.selected, err = selected(o.Select); err != nil {
			return nil, err
		}
	}
	if len(o.Extend) > 0 {
		if n.extended, err = selected(o.Extend); err != nil {
			return nil, err
		}
	}
	if len(o.Ignore) > 0 {
		n.ignored, err = selected(o.Ignore)
	}
	for _, s := range o.Suppress {
		if err == nil {
			err = rules.Known(s.Rule)
		}
	}
	return n, err
}

// wants reports whether a rule is run in the files of the override, if it was wanted
// there before.
func (o *override) wants(r *rules.Rule, before bool) bool {
	if o.selected != nil {
		before = o.selected[r]
	}
	return (before || o.extended[r]) && !o.ignored[r]
}

func selected(names []string) (map[*rules.Rule]bool, error) {
	chosen, err := rules.Select(names, nil)
	set := make(map[*rules.Rule]bool)
	for _, r := range chosen {
		set[r] = true
	}
	return set, err
}

func patterns(texts []string) ([]glob.Pattern, error) {
	var all []glob.Pattern
	for _, text := range texts {
		p, err := glob.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// A ruling is what the settings say of a rule in a file.
type ruling struct {
	wanted     bool
	selected   bool            // by name, also if it is pedantic
	severity   *rules.Severity // nil: the rule's own
	suppressed *Suppression    // the last that silences it, or nil
}

// ruling returns what the settings say of a rule in a file, worked out once. Many
// goroutines may ask.
func (j *judge) ruling(r *rules.Rule, f *parser.File) *ruling {
	j.policy.asking.Lock()
	defer j.policy.asking.Unlock()
	a := j.policy.about(f)
	v := a.rulings[r]
	if v != nil {
		return v
	}
	v = &ruling{wanted: j.chosen[r], selected: j.selected && j.chosen[r]}
	for _, o := range a.overrides {
		v.wanted = o.wants(r, v.wanted)
		v.selected = v.wanted && (v.selected || o.extended[r] || o.selected[r])
		if said, ok := o.Severity[r.Name]; ok {
			v.severity = &said
		}
		for i := range o.Suppress {
			if s := &o.Suppress[i]; r.Named(s.Rule) {
				v.suppressed = s
			}
		}
		j.policy.budget.Spend(1 + len(o.Suppress))
	}
	if a.rulings == nil {
		a.rulings = make(map[*rules.Rule]*ruling)
	}
	a.rulings[r] = v
	return v
}

// runs reports whether all findings of a rule are wanted in a file.
func (j *judge) runs(r *rules.Rule, f *parser.File) bool {
	v := j.ruling(r, f)
	return v.wanted && (v.selected || !r.Pedantic)
}

// reports reports whether a finding is wanted in its file.
func (j *judge) reports(f rules.Finding) bool {
	return j.runs(f.Rule, f.Span.File) || f.ByDefault && j.ruling(f.Rule, f.Span.File).wanted
}

// suppressing returns the suppression that silences a finding, or nil; the last
// one holds.
func (j *judge) suppressing(f rules.Finding) *Suppression {
	return j.ruling(f.Rule, f.Span.File).suppressed
}

// told is what the settings say of a location, and the reason to show for it.
func (p *policy) told(location *parser.Context) (said intent.Said, reason string) {
	if location.Opener == nil || !p.overriding {
		return intent.Nothing, ""
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	locations := p.about(location.Opener.Span().File).locations
	if len(locations) == 0 {
		return intent.Nothing, ""
	}
	_, parameters, _ := strings.Cut(location.Opener.Words(), " ")
	for _, l := range locations[spaced(parameters)] {
		p.met[l] = true
		said, reason = intent.NotWebSocket, settingsName(l.Span)+" says so"
		if l.WebSocket {
			said = intent.WebSocket
		}
	}
	return said, reason
}

// spaced is the parameters of a location with a space behind a modifier: nginx
// takes them without it, too (ngx_http_core_location).
func spaced(parameters string) string {
	for _, modifier := range []string{"=", "^~", "~*", "~"} {
		if rest, ok := strings.CutPrefix(parameters, modifier); ok {
			return modifier + " " + strings.TrimSpace(rest)
		}
	}
	return parameters
}

// settingsName is the file's name without its directory.
func settingsName(span parser.Span) string {
	if span.File == nil {
		return "the user"
	}
	return span.File.Name[strings.LastIndex(span.File.Name, "/")+1:]
}
