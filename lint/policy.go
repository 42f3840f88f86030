package lint

import (
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A policy is what the options say of files by their names. Directories with
// settings of their own have policies of their own: the nearest one holds.
type policy struct {
	base     string
	exclude  []glob.Pattern
	contexts []glob.Pattern
	of       []ContextOf // what contexts lead to
	all      []*override

	nested  map[string]*policy // by directory
	entered map[string]bool    // the directories that were asked for settings
	flagged []*policy          // of patterns that hold for all files

	excluding, overriding bool // anything may be excluded; there is any override

	names   map[string][]string // of a file by its real name
	byFile  map[string][]*override
	outside sync.Map   // by a file's name: whether it is excluded
	telling sync.Mutex // held by told, which many goroutines ask
	met     map[*LocationIntent]bool
	covered map[string]bool // see workspace.coversAll
}

func newPolicy(opt Options) (*policy, error) {
	p, err := policyOf(&Nested{opt.Base, opt.Exclude, opt.Contexts, opt.Overrides})
	if err != nil {
		return nil, err
	}
	p.nested, p.entered = make(map[string]*policy), make(map[string]bool)
	p.byFile, p.covered = make(map[string][]*override), make(map[string]bool)
	p.met = make(map[*LocationIntent]bool)
	for _, e := range opt.Excluded {
		flagged, err := policyOf(&Nested{Base: e.Base, Exclude: e.Files})
		if err != nil {
			return nil, err
		}
		p.flagged = append(p.flagged, flagged)
		p.note(flagged)
	}
	p.note(p)
	return p, nil
}

func policyOf(n *Nested) (*policy, error) {
	p := &policy{base: path.Clean(n.Base), of: n.Contexts}
	var err error
	if p.exclude, err = patterns(n.Exclude); err != nil {
		return nil, err
	}
	var contexts []string
	for _, c := range n.Contexts {
		contexts = append(contexts, c.Files)
	}
	if p.contexts, err = patterns(contexts); err != nil {
		return nil, err
	}
	for i := range n.Overrides {
		o, err := newOverride(&n.Overrides[i])
		if err != nil {
			return nil, err
		}
		p.all = append(p.all, o)
	}
	return p, nil
}

// enter asks for the settings of a directory, once.
func (p *policy) enter(dir string, ask func(string) (*Nested, error)) error {
	if ask == nil || p.entered[dir] || dir == p.base {
		return nil
	}
	p.entered[dir] = true
	n, err := ask(dir)
	if n == nil || err != nil {
		return err
	}
	own, err := policyOf(n)
	if err == nil {
		p.nested[dir] = own
		p.note(own)
	}
	return err
}

// note notes what a policy has: most runs have nothing.
func (p *policy) note(q *policy) {
	p.excluding = p.excluding || len(q.exclude) > 0
	p.overriding = p.overriding || len(q.all) > 0
}

// nearest is the policy of the nearest directory with settings that a name lies in.
func (p *policy) nearest(name string) *policy {
	if len(p.nested) == 0 {
		return p
	}
	for dir := path.Dir(name); dir != p.base; dir = path.Dir(dir) {
		if own := p.nested[dir]; own != nil {
			return own
		}
		if dir == "." || dir == "/" {
			break
		}
	}
	return p
}

// every is the policy and those of directories, in the order of their names.
func (p *policy) every() []*policy {
	all := []*policy{p}
	for _, dir := range slices.Sorted(maps.Keys(p.nested)) {
		all = append(all, p.nested[dir])
	}
	return all
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
	if !p.excluding && !p.overriding {
		return
	}
	for name, f := range files.Names() {
		p.names[f.Name] = append(p.names[f.Name], name)
	}
}

// excluded reports whether a name is, be it that of a file or of a directory.
func (p *policy) excluded(name string) bool {
	return p.nearest(name).matches(name) || slices.ContainsFunc(p.flagged, func(q *policy) bool { return q.matches(name) })
}

// matches reports whether one of the policy's own patterns excludes a name.
func (p *policy) matches(name string) bool {
	rel := p.relative(name)
	return rel != "" && rel != "." && slices.ContainsFunc(p.exclude, func(e glob.Pattern) bool { return e.Match(rel) })
}

// leavesOut reports whether a file that was read is excluded, by all its names.
// A nil policy excludes nothing.
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

// overrides returns those that are about a file, in order.
func (p *policy) overrides(f *parser.File) []*override {
	if !p.overriding {
		return nil
	}
	about, known := p.byFile[f.Name]
	if known {
		return about
	}
	own := p.nearest(f.Name)
	var names []string
	for _, name := range append(p.names[f.Name], f.Name) {
		if rel := own.relative(name); rel != "" {
			names = append(names, rel)
		}
	}
	for _, o := range own.all {
		if o.takes(names) {
			about = append(about, o)
		}
	}
	p.byFile[f.Name] = about
	return about
}

// context returns the context that the options name for a fragment, or "".
func (p *policy) context(opt Options, names ...string) string {
	said := opt.Context
	own := p.nearest(names[0])
	for i, c := range own.of {
		for _, name := range names {
			if rel := own.relative(name); rel != "" && own.contexts[i].Match(rel) {
				said = c.Context
			}
		}
	}
	return said
}
