package parser

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// Limits of regular expressions. Go's take time in proportion to the text and to
// their own size, which a counted repetition multiplies.
const (
	maxExpression  = 20_000    // instructions of one
	maxExpressions = 3_000_000 // of all in a configuration
	maxMatches     = 64        // results that are remembered of one
)

var errExpression = errors.New("too large a regular expression")

// CompileRegex compiles what follows the ~ of a map, location or server_name;
// a further * asks for case to be ignored. What only PCRE knows (lookaround,
// back references) is an error, and so is what would grow beyond all measure.
func CompileRegex(s string) (*regexp.Regexp, error) {
	re, _, err := compile(s)
	return re, err
}

func compile(s string) (re *regexp.Regexp, size int, err error) {
	if len(s) > maxExpression {
		return nil, len(s), errExpression
	}
	if rest, ok := strings.CutPrefix(s, "*"); ok {
		s = "(?i)" + rest
	}
	s = strings.ReplaceAll(s, "(?<", "(?P<")
	tree, err := syntax.Parse(s, syntax.Perl)
	if err != nil {
		return nil, len(s), err
	}
	if size = expressionSize(tree); size > maxExpression {
		return nil, len(s), errExpression
	}
	re, err = regexp.Compile(s)
	return re, size, err
}

// expressionSize is about how many instructions an expression compiles to, its
// repetitions written out.
func expressionSize(re *syntax.Regexp) int {
	size := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		size += expressionSize(sub)
	}
	if re.Op == syntax.OpRepeat {
		size *= max(1, re.Min, re.Max)
	}
	return min(size, maxExpression+1)
}

// expressions are the regular expressions of a configuration, each compiled
// once, however many locations and requests ask it.
type expressions struct {
	mu   sync.Mutex
	all  map[string]*expression
	size int
}

type expression struct {
	re      *regexp.Regexp // nil where it cannot be run
	size    int
	matches map[string]bool
}

// matches reports whether an expression matches a text; ok is false where only
// PCRE could tell.
func (cfg *Config) matches(expr, text string) (matched, ok bool) {
	x := &cfg.expressions
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.all[expr]
	if e == nil {
		e = x.compile(cfg, expr)
	}
	if e.re == nil {
		return false, false
	}
	matched, known := e.matches[text]
	if !known {
		if !cfg.spend(8 + e.size*(len(text)+1)/16) {
			return false, false
		}
		matched = e.re.MatchString(text)
		if len(e.matches) < maxMatches {
			e.matches[text] = matched
		}
	}
	return matched, true
}

func (x *expressions) compile(cfg *Config, expr string) *expression {
	e := &expression{matches: make(map[string]bool)}
	if x.size < maxExpressions {
		var err error
		if e.re, e.size, err = compile(expr); err != nil {
			e.re = nil
		}
		x.size += e.size
	}
	cfg.spend(e.size + len(expr))
	if x.all == nil {
		x.all = make(map[string]*expression)
	}
	x.all[expr] = e
	return e
}
