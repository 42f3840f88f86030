package parser

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// Limits of regular expressions. The time of Go's expressions is proportional to the
// text and to their own size, which a counted repetition multiplies.
const maxExpression = 20_000 // instructions of one

var errExpression = errors.New("too large a regular expression")

// CompileRegex compiles the text after the ~ of a map, location or server_name; a
// further * means that case is ignored. Features that only PCRE has (lookaround, back
// references) are errors, and so are expressions that would grow too large.
func CompileRegex(s string) (*regexp.Regexp, error) {
	re, _, err := CompileSized(s)
	return re, err
}

// CompileSized is CompileRegex and also returns the approximate number of
// instructions or, if the expression cannot be run, its length.
func CompileSized(s string) (re *regexp.Regexp, size int, err error) {
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

// expressionSize returns the approximate number of instructions that an expression
// compiles to, with its repetitions expanded.
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
