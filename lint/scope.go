package lint

import (
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
)

// A scope is what the settings of one directory say about the files below it.
type scope struct {
	base     string
	exclude  *glob.Set
	contexts *glob.Set
	leads    []ContextOf // the results of contexts
	all      []*override
	matched  *glob.Set // the patterns of all overrides
	of       []int     // the override of such a pattern
}

func newScope(n *Nested) (*scope, error) {
	s := &scope{base: path.Clean(n.Base), leads: n.Contexts}
	exclude, err := patterns(n.Exclude)
	if err != nil {
		return nil, err
	}
	var contexts []string
	for _, c := range n.Contexts {
		contexts = append(contexts, c.Files)
	}
	said, err := patterns(contexts)
	if err != nil {
		return nil, err
	}
	var files []glob.Pattern
	for i := range n.Overrides {
		o, err := newOverride(&n.Overrides[i])
		if err != nil {
			return nil, err
		}
		s.all = append(s.all, o)
		files = append(files, o.files...)
		for range o.files {
			s.of = append(s.of, i)
		}
	}
	s.exclude, s.contexts, s.matched = glob.NewSet(exclude), glob.NewSet(said), glob.NewSet(files)
	return s, nil
}

// relative returns a name relative to the base, or "" if it does not lie below it.
func (s *scope) relative(name string) string {
	if s.base == "." {
		return name
	}
	rel, ok := strings.CutPrefix(name, s.base+"/")
	if !ok {
		return ""
	}
	return rel
}

// excludes reports whether one of the scope's own patterns excludes a name.
func (s *scope) excludes(name string, b *glob.Budget) bool {
	rel := s.relative(name)
	return rel != "" && rel != "." && s.exclude.Any(rel, b)
}

// overrides returns the overrides for a file with one of these names, in order.
func (s *scope) overrides(names []string, b *glob.Budget) (all []*override) {
	if len(s.all) == 0 {
		return nil
	}
	matched := make(map[int]bool)
	for _, name := range names {
		if rel := s.relative(name); rel != "" {
			for _, pattern := range s.matched.Match(rel, b) {
				matched[s.of[pattern]] = true
			}
		}
	}
	b.Spend(len(s.all))
	for i, o := range s.all {
		if (len(o.files) == 0 || matched[i]) && !b.Exhausted() {
			all = append(all, o)
		}
	}
	return all
}

// context returns the context that the scope names for a fragment, or "".
func (s *scope) context(names []string, b *glob.Budget) string {
	last := -1
	for _, name := range names {
		if rel := s.relative(name); rel != "" {
			last = max(last, slices.Max(append(s.contexts.Match(rel, b), -1)))
		}
	}
	if last < 0 {
		return ""
	}
	return s.leads[last].Context
}
