package parser

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// Limits of regular expressions. Go's take time in proportion to the text and to
// their own size, which a counted repetition multiplies.
const maxExpression = 20_000 // instructions of one

var errExpression = errors.New("too large a regular expression")

// CompileRegex compiles what follows the ~ of a map, location or server_name;
// a further * asks for case to be ignored. What only PCRE knows (lookaround,
// back references) is an error, and so is what would grow beyond all measure.
func CompileRegex(s string) (*regexp.Regexp, error) {
	re, _, err := CompileSized(s)
	return re, err
}

// CompileSized is CompileRegex, and says how many instructions the expression has,
// about, or where it cannot be run how long it is.
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
