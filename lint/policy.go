package lint

import (
	"path"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A policy is what the options say of files by their names.
type policy struct {
	base     string
	exclude  []glob.Pattern
	contexts []glob.Pattern
	all      []*override

	names   map[string][]string // of a file by its real name, from base on
	byFile  map[string][]*override
	outside sync.Map   // by a file's name: whether it is excluded
	telling sync.Mutex // held by told, which many goroutines ask
	met     map[*LocationIntent]bool
	covered map[string]bool // see workspace.coversAll
}

func newPolicy(opt Options) (*policy, error) {
	p := &policy{
		base: path.Clean(opt.Base), byFile: make(map[string][]*override),
		met: make(map[*LocationIntent]bool), covered: make(map[string]bool),
	}
	var err error
	if p.exclude, err = patterns(opt.Exclude); err != nil {
		return nil, err
	}
	var contexts []string
	for _, c := range opt.Contexts {
		contexts = append(contexts, c.Files)
	}
	if p.contexts, err = patterns(contexts); err != nil {
		return nil, err
	}
	for i := range opt.Overrides {
		o, err := newOverride(&opt.Overrides[i])
		if err != nil {
			return nil, err
		}
		p.all = append(p.all, o)
	}
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
	if len(p.exclude) == 0 && len(p.all) == 0 {
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
	for _, e := range p.exclude {
		if rel != "" && rel != "." && e.Match(rel) {
			return true
		}
	}
	return false
}

// leavesOut reports whether a file that was read is excluded, by all its names.
// No policy excludes nothing.
func (p *policy) leavesOut(f *parser.File) bool {
	if p == nil || len(p.exclude) == 0 {
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

// overrides returns those that are about a file, in order.
func (p *policy) overrides(f *parser.File) []*override {
	if len(p.all) == 0 {
		return nil
	}
	about, known := p.byFile[f.Name]
	if !known {
		names := p.names[f.Name]
		if rel := p.relative(f.Name); rel != "" {
			names = append(names, rel)
		}
		for _, o := range p.all {
			if o.takes(names) {
				about = append(about, o)
			}
		}
		p.byFile[f.Name] = about
	}
	return about
}

// context returns the context that the options name for a fragment, or "".
func (p *policy) context(opt Options, names ...string) string {
	said := opt.Context
	for i, c := range opt.Contexts {
		for _, name := range names {
			if rel := p.relative(name); rel != "" && p.contexts[i].Match(rel) {
				said = c.Context
			}
		}
	}
	return said
}
