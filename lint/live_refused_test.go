package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A verdict is what nginx -t and the model say of a tree.
type verdict struct {
	refused []string // nginx's messages; none if it accepts the tree
	said    []string // the model's
	finding bool     // where the model says nothing, a rule does
}

func (v verdict) agree() bool { return (len(v.refused) > 0) == (len(v.said) > 0) }

// verdict tests a tree.
func (r *liveRun) verdict(s *sketch) verdict {
	p := r.place(s)
	defer p.remove()
	var v verdict
	if messages, ok := r.nginx.Test(p.dir, "nginx.conf"); !ok {
		v.refused = slices.DeleteFunc(messages, func(m string) bool { return !strings.HasPrefix(m, "[emerg]") })
		v.refused = append(v.refused, "refused")[:1]
	}
	for _, problem := range p.cfg.Problems() {
		v.said = append(v.said, problem.Message)
	}
	if len(v.refused) > 0 && len(v.said) == 0 {
		v.finding = r.finds(p)
	}
	return v
}

// finds reports whether a rule reports what nginx would refuse: an undefined
// variable, a missing file.
func (r *liveRun) finds(p *livePlaced) bool {
	res, err := Run(Options{FS: inMemory(p.files), Paths: []string{"nginx.conf"}, Version: r.version})
	if err != nil {
		return false
	}
	for _, f := range res.Findings {
		if f.Rule == rules.MissingUpgradeMap && f.Severity == rules.Error || f.Rule == rules.SyntaxError {
			return true
		}
	}
	return slices.ContainsFunc(res.Notes, func(n Note) bool { return strings.Contains(n.Message, "open()") })
}

// accepted returns the tree with the servers that nginx accepts, or nil if something
// is wrong. Each refused server is checked alone: the model should have predicted it.
func (r *liveRun) accepted(s *sketch) *sketch {
	if v := r.verdict(s); len(v.refused) == 0 && v.agree() {
		return s
	}
	kept := s.clone()
	for _, g := range s.groups() {
		alone := s.clone()
		alone.keep(func(group int) bool { return group == g })
		v := r.verdict(alone)
		r.weigh(alone, v)
		if len(v.refused) > 0 || !v.agree() {
			kept.keep(func(group int) bool { return group != g })
		}
	}
	if v := r.verdict(kept); len(v.refused) > 0 || !v.agree() {
		r.Errorf("seed %d, %v: servers that are taken alone are not taken together: %v %v\n%s", r.seed, r.nginx, v.refused, v.said, txtarOf(kept.render()))
		return nil
	}
	return kept
}

// weigh counts a tree with one server that nginx refuses. It is a mismatch if nginx
// accepts what the model refuses.
func (r *liveRun) weigh(s *sketch, v verdict) {
	switch {
	case len(v.refused) == 0 && len(v.said) > 0:
		r.report(s, liveMismatch{what: "problem: " + v.said[0], detail: "nginx takes it, the model says " + v.said[0]})
	case len(v.refused) > 0:
		r.Lock()
		r.refused++
		if len(v.said) > 0 || v.finding {
			r.foretold++
		}
		r.Unlock()
		if len(v.said) == 0 && !v.finding {
			r.count(r.notModelled, quoted.ReplaceAllString(inFile.ReplaceAllString(v.refused[0], ""), `"..."`))
		}
	}
}

var (
	quoted = regexp.MustCompile(`"(/|\^|127)[^"]*"`)
	inFile = regexp.MustCompile(` in \S+:\d+$|\d+#\d+: `)
)

// groups are the numbers of the servers of a tree.
func (s *sketch) groups() []int {
	var all []int
	s.lists(func(_ int, list *[]*piece) {
		for _, p := range *list {
			if p.group > 0 && !slices.Contains(all, p.group) {
				all = append(all, p.group)
			}
		}
	})
	return all
}

// keep drops the servers for whose number f is false.
func (s *sketch) keep(f func(group int) bool) {
	s.lists(func(_ int, list *[]*piece) {
		*list = slices.DeleteFunc(*list, func(p *piece) bool { return p.group > 0 && !f(p.group) })
	})
	s.dropUnused()
}
