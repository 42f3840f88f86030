package lint

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A policy is what the options say of files by their names.
type policy struct {
	base     string
	exclude  *glob.Set
	contexts *glob.Set
	matched  *glob.Set // the patterns of overrides, all of them
	of       []int     // by such a pattern: its override
	all      []*override
	budget   *glob.Budget // of matching names, and of what follows from it

	names   map[string][]string // of a file by its real name, from base on
	byFile  map[string]*about
	outside sync.Map   // by a file's name: whether it is excluded
	telling sync.Mutex // held by told, which many goroutines ask
	met     map[*LocationIntent]bool
	covered map[string]bool // see workspace.coversAll
}

// maxPolicySteps is what matching names against the settings may cost: a hundred
// patterns on a hundred thousand files take a tenth of it.
const maxPolicySteps = 200_000_000

func newPolicy(opt Options) (*policy, error) {
	p := &policy{
		base: path.Clean(opt.Base), byFile: make(map[string]*about), budget: glob.NewBudget(maxPolicySteps),
		met: make(map[*LocationIntent]bool), covered: make(map[string]bool),
	}
	exclude, err := patterns(opt.Exclude)
	if err != nil {
		return nil, err
	}
	var contexts []string
	for _, c := range opt.Contexts {
		contexts = append(contexts, c.Files)
	}
	said, err := patterns(contexts)
	if err != nil {
		return nil, err
	}
	var files []glob.Pattern
	for i := range opt.Overrides {
		o, err := newOverride(&opt.Overrides[i])
		if err != nil {
			return nil, err
		}
		p.all = append(p.all, o)
		files = append(files, o.files...)
		for range o.files {
			p.of = append(p.of, i)
		}
	}
	p.exclude, p.contexts, p.matched = glob.NewSet(exclude), glob.NewSet(said), glob.NewSet(files)
	return p, nil
}

// relative returns a name from the base on; "" where it does not lie below.
func (p *policy) relative(name string) string {
	if p.base == "." {
		return name
	}
	rel, ok := strings.CutPrefix(name, p.base+"/")
	if !ok {
		return ""
	}
	return rel
}

// read takes down the names under which files were read. The real one of a link
// may lie where others are excluded: what nginx reads by a name that is not, is
// not.
func (p *policy) read(files *parser.Files) {
	p.names = make(map[string][]string)
	if p.exclude.Len() == 0 && len(p.all) == 0 {
		return
	}
	for name, f := range files.Names() {
		if rel := p.relative(name); rel != "" {
			p.names[f.Name] = append(p.names[f.Name], rel)
		}
	}
}

// excluded reports whether a name is, be it that of a file or of a directory.
func (p *policy) excluded(name string) bool {
	rel := p.relative(name)
	return rel != "" && rel != "." && p.exclude.Any(rel, p.budget)
}

// leavesOut reports whether a file that was read is excluded, by all its names.
// No policy excludes nothing.
func (p *policy) leavesOut(f *parser.File) bool {
	if p == nil || p.exclude.Len() == 0 {
		return false
	}
	if out, known := p.outside.Load(f.Name); known {
		return out.(bool)
	}
	out := p.excluded(f.Name)
	for _, name := range p.names[f.Name] {
		out = out && p.excluded(path.Join(p.base, name))
	}
	p.outside.Store(f.Name, out)
	return out
}

// about is what the settings say of one file.
type about struct {
	overrides []*override
	rulings   map[*rules.Rule]*ruling
	locations map[string][]*LocationIntent // by their words, see spaced
}

// about returns what the settings say of a file.
func (p *policy) about(f *parser.File) *about {
	a := p.byFile[f.Name]
	if a == nil {
		a = p.newAbout(f)
		p.byFile[f.Name] = a
	}
	return a
}

func (p *policy) newAbout(f *parser.File) *about {
	names := slices.Clone(p.names[f.Name])
	if rel := p.relative(f.Name); rel != "" {
		names = append(names, rel)
	}
	matched := make(map[int]bool)
	for _, name := range names {
		for _, pattern := range p.matched.Match(name, p.budget) {
			matched[p.of[pattern]] = true
		}
	}
	a := &about{}
	if len(p.all) == 0 {
		return a
	}
	p.budget.Spend(len(p.all))
	for i, o := range p.all {
		if len(o.files) > 0 && !matched[i] || p.budget.Exhausted() {
			continue
		}
		a.overrides = append(a.overrides, o)
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

// stepsPerOverride is what it costs that an override, or a location that it names,
// is about a file.
const stepsPerOverride = 50

// context returns the context that the options name for a fragment, or "".
func (p *policy) context(opt Options, names ...string) string {
	last := -1
	for _, name := range names {
		rel := p.relative(name)
		if rel == "" {
			continue
		}
		if all := p.contexts.Match(rel, p.budget); len(all) > 0 {
			last = max(last, all[len(all)-1])
		}
	}
	if last < 0 {
		return opt.Context
	}
	return opt.Contexts[last].Context
}

// exhausted is an error where the settings take too long to apply.
func (p *policy) exhausted() error {
	if !p.budget.Exhausted() {
		return nil
	}
	return &PathError{path.Clean(p.base), "the patterns of the settings take far longer to match than they should: too many of them, or too many stars in them, for the files that are here; given up"}
}
