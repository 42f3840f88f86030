package lint

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A policy is what the options say about files by their names. Directories with their
// own settings have their own scopes; the nearest one applies.
type policy struct {
	*scope
	nested  map[string]*scope // by directory
	entered map[string]bool   // the directories that were searched for settings
	flagged []*scope          // of patterns that apply to all files

	excluding, overriding bool         // anything may be excluded; there is any override
	budget                *glob.Budget // steps of matching names and of what follows from it

	names   map[string][]string // about a file by its real name
	outside sync.Map            // by a file's name: whether it is excluded

	asking sync.Mutex // for what told and ruling work out: many goroutines ask
	byFile map[string]*about
	met    map[*LocationIntent]bool

	covered map[string]bool // see workspace.coversAll
}

// maxPolicySteps limits the cost of matching names against the settings. A hundred
// patterns on a hundred thousand files use a tenth of it.
const maxPolicySteps = 200_000_000

func newPolicy(opt Options) (*policy, error) {
	own, err := newScope(&Nested{opt.Base, opt.Exclude, opt.Contexts, opt.Overrides})
	if err != nil {
		return nil, err
	}
	p := &policy{
		scope: own, nested: make(map[string]*scope), entered: make(map[string]bool), budget: glob.NewBudget(maxPolicySteps),
		byFile: make(map[string]*about), met: make(map[*LocationIntent]bool), covered: make(map[string]bool),
	}
	p.note(own)
	for _, e := range opt.Excluded {
		flagged, err := newScope(&Nested{Base: e.Base, Exclude: e.Files})
		if err != nil {
			return nil, err
		}
		p.flagged = append(p.flagged, flagged)
		p.note(flagged)
	}
	return p, nil
}

// enter looks for the settings of a directory, once.
func (p *policy) enter(dir string, ask func(string) (*Nested, error)) error {
	if ask == nil || p.entered[dir] || dir == p.base {
		return nil
	}
	p.entered[dir] = true
	n, err := ask(dir)
	if n == nil || err != nil {
		return err
	}
	own, err := newScope(n)
	if err == nil {
		p.nested[dir] = own
		p.note(own)
	}
	return err
}

// note records what a scope contains: most runs have no settings.
func (p *policy) note(s *scope) {
	p.excluding = p.excluding || s.exclude.Len() > 0
	p.overriding = p.overriding || len(s.all) > 0
}

// nearest returns the scope of the nearest directory with settings above a name.
func (p *policy) nearest(name string) *scope {
	if len(p.nested) == 0 {
		return p.scope
	}
	for dir := path.Dir(name); dir != p.base; dir = path.Dir(dir) {
		if own := p.nested[dir]; own != nil {
			return own
		}
		if dir == "." || dir == "/" {
			break
		}
	}
	return p.scope
}

// every returns the policy's own scope and those of directories, sorted by name.
func (p *policy) every() []*scope {
	all := []*scope{p.scope}
	for _, dir := range slices.Sorted(maps.Keys(p.nested)) {
		all = append(all, p.nested[dir])
	}
	return all
}

// read records the names under which files were read. The real file of a link may lie
// in an excluded directory, but what nginx reads under a name that is not excluded is
// not excluded.
func (p *policy) read(files *parser.Files) {
	p.names = make(map[string][]string)
	if !p.excluding && !p.overriding {
		return
	}
	for name, f := range files.Names() {
		p.names[f.Name] = append(p.names[f.Name], name)
	}
}

// excluded reports whether the name of a file or a directory is excluded.
func (p *policy) excluded(name string) bool {
	return p.nearest(name).excludes(name, p.budget) ||
		slices.ContainsFunc(p.flagged, func(s *scope) bool { return s.excludes(name, p.budget) })
}

// leavesOut reports whether a file that was read is excluded under all its names. A
// nil policy excludes nothing.
func (p *policy) leavesOut(f *parser.File) bool {
	if p == nil || !p.excluding {
		return false
	}
	if out, known := p.outside.Load(f.Name); known {
		return out.(bool)
	}
	out := p.excluded(f.Name)
	for _, name := range p.names[f.Name] {
		out = out && p.excluded(name)
	}
	p.outside.Store(f.Name, out)
	return out
}

// about is what the settings say about one file.
type about struct {
	overrides []*override
	rulings   map[*rules.Rule]*ruling
	locations map[string][]*LocationIntent // by their words, see spaced
}

// about returns what the settings say of a file. The caller holds p.asking.
func (p *policy) about(f *parser.File) *about {
	a := p.byFile[f.Name]
	if a == nil {
		a = p.newAbout(f)
		p.byFile[f.Name] = a
	}
	return a
}

func (p *policy) newAbout(f *parser.File) *about {
	a := &about{overrides: p.nearest(f.Name).overrides(append(slices.Clone(p.names[f.Name]), f.Name), p.budget)}
	for _, o := range a.overrides {
		p.budget.Spend(stepsPerOverride + len(o.Locations)*stepsPerOverride)
		for n := range o.Locations {
			if a.locations == nil {
				a.locations = make(map[string][]*LocationIntent)
			}
			words := spaced(o.Locations[n].Location)
			a.locations[words] = append(a.locations[words], &o.Locations[n])
		}
	}
	return a
}

// stepsPerOverride is the cost of an override, or of a location that it names, for
// one file.
const stepsPerOverride = 50

// context returns the context that the options name for a fragment, or "".
func (p *policy) context(opt Options, names ...string) string {
	return cmp.Or(p.nearest(names[0]).context(names, p.budget), opt.Context)
}

// exhausted returns an error if the settings take too long to apply.
func (p *policy) exhausted() error {
	if !p.budget.Exhausted() {
		return nil
	}
	return &PathError{path.Clean(p.base), "gave up matching the patterns of the settings: too many patterns, or too many stars in them, for the number of files here"}
}
