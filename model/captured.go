package model

import (
	"regexp/syntax"
	"strconv"
	"strings"
)

// A group is what is known of the text of a capture.
type group struct {
	slash  bool // it may begin with a slash
	empty  bool // it may be empty
	digits bool // it begins with a digit, if with anything
}

// captured returns what is known of a capture of the location's expression. It
// reports false where another expression may have replaced it: nginx keeps the
// captures of the last match.
func (q Request) captured(variable string) (group, bool) {
	location := q.Level.Enclosing("location")
	if location == nil || location != q.Level || location.First("rewrite") != nil || location.First("if") != nil {
		return group{}, false
	}
	modifier, expr := location.LocationName()
	if modifier != "~" && modifier != "~*" || len(expr) > maxGroups {
		return group{}, false
	}
	tree, err := syntax.Parse(strings.ReplaceAll(expr, "(?<", "(?P<"), syntax.Perl)
	if err != nil {
		return group{}, false
	}
	merges := location.Effective("merge_slashes").Value() != "off"
	return findGroup(tree, variable, merges)
}

// maxGroups bounds the expressions whose captures are looked at.
const maxGroups = 1000

// findGroup looks for a capture by number or name. If it follows a slash, it does not
// begin with one: nginx merges slashes unless it is told not to.
func findGroup(re *syntax.Regexp, variable string, merges bool) (group, bool) {
	behindSlash := false
	for _, sub := range re.Sub {
		if sub.Op == syntax.OpCapture && (strconv.Itoa(sub.Cap) == variable || strings.EqualFold(sub.Name, variable)) {
			slash, empty := begins(sub, '/')
			return group{slash: slash && !(behindSlash && merges), empty: empty, digits: !beginsWithLetter(sub)}, true
		}
		if g, ok := findGroup(sub, variable, merges); ok {
			return g, true
		}
		behindSlash = sub.Op == syntax.OpLiteral && sub.Rune[len(sub.Rune)-1] == '/'
	}
	if re.Op == syntax.OpCapture && re.Cap > 0 && strconv.Itoa(re.Cap) == variable { // the whole expression
		slash, empty := begins(re, '/')
		return group{slash: slash, empty: empty, digits: !beginsWithLetter(re)}, true
	}
	return group{}, false
}

func beginsWithLetter(re *syntax.Regexp) bool {
	for r := 'A'; r <= 'z'; r++ {
		if can, _ := begins(re, r); can && (r <= 'Z' || r >= 'a') {
			return true
		}
	}
	return false
}

// begins reports whether what an expression matches may begin with a character, and
// whether it may be empty.
func begins(re *syntax.Regexp, r rune) (can, empty bool) {
	switch re.Op {
	case syntax.OpLiteral:
		return re.Rune[0] == r, false
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			can = can || re.Rune[i] <= r && r <= re.Rune[i+1]
		}
		return can, false
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true, false
	case syntax.OpCapture, syntax.OpPlus:
		return begins(re.Sub[0], r)
	case syntax.OpStar, syntax.OpQuest:
		can, _ = begins(re.Sub[0], r)
		return can, true
	case syntax.OpRepeat:
		can, empty = begins(re.Sub[0], r)
		return can, empty || re.Min == 0
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			c, e := begins(sub, r)
			if can = can || c; !e {
				return can, false
			}
		}
		return can, true
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			c, e := begins(sub, r)
			can, empty = can || c, empty || e
		}
		return can, empty
	}
	return false, true // an anchor
}
