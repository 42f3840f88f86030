package model

import (
	"regexp"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

const (
	maxExpressions = 3_000_000 // instructions of all expressions of a configuration
	maxMatches     = 64        // cached results of one expression
)

// expressions caches the regular expressions of a configuration. Each is compiled
// once, however many locations and requests use it.
type expressions struct {
	mu   sync.Mutex
	all  map[string]*expression
	size int
}

type expression struct {
	re      *regexp.Regexp // nil if only PCRE can run it
	size    int
	matches map[string]bool
}

// matches reports whether an expression matches a text. ok is false if only PCRE can
// tell.
func (m *Model) matches(expr, text string) (matched, ok bool) {
	x := &m.compiled
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.all[expr]
	if e == nil {
		e = x.compile(m, expr)
	}
	if e.re == nil {
		return false, false
	}
	matched, known := e.matches[text]
	if !known {
		if !m.spend(8 + e.size*(len(text)+1)/16) {
			return false, false
		}
		matched = e.re.MatchString(text)
		if len(e.matches) < maxMatches {
			e.matches[text] = matched
		}
	}
	return matched, true
}

func (x *expressions) compile(m *Model, expr string) *expression {
	e := &expression{matches: make(map[string]bool)}
	if x.size < maxExpressions {
		var err error
		if e.re, e.size, err = parser.CompileSized(expr); err != nil {
			e.re = nil
		}
		x.size += e.size
	}
	m.spend(e.size + len(expr))
	if x.all == nil {
		x.all = make(map[string]*expression)
	}
	x.all[expr] = e
	return e
}
