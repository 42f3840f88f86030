package parser

import (
	"fmt"
	"strings"
)

// refusedPattern finds a regular expression that PCRE refuses for sure.
func refusedPattern(f form, d *Directive) string {
	switch f {
	case patternForm:
		return patternProblem(d.Param(0))
	case namesForm:
		for i := range d.ParamCount() {
			if name := d.Param(i); len(name) > 1 && name[0] == '~' {
				if message := patternProblem(name[1:]); message != "" {
					return message
				}
			}
		}
	}
	return ""
}

// refusedLocation finds a word before the name that is no modifier, and a regular
// expression that PCRE refuses. Where a location can have several names, each word is
// one.
func (r *levelCheck) refusedLocation(d *Directive) string {
	combined := severalNames(d) && r.versions.Any(CombinedLocations)
	if !combined && d.ParamCount() != 2 {
		return ""
	}
	if combined {
		for i := range d.ParamCount() {
			switch modifier, name := cutModifier(d.Param(i)); {
			case name == "":
				return `"location" directive cannot have empty matching string`
			case modifier == "~" || modifier == "~*":
				if message := patternProblem(name); message != "" {
					return message
				}
			}
		}
		return ""
	}
	switch modifier := d.Param(0); {
	case modifier == "~" || modifier == "~*":
		return patternProblem(d.Param(1))
	case modifier == "=" || modifier == "^~":
		return ""
	case d.combined() || written(modifier):
		return fmt.Sprintf("invalid location modifier %q", modifier)
	}
	return ""
}

// conditionProblem looks at the operator and the regular expression of an if.
func (r *levelCheck) conditionProblem(d *Directive) string {
	if d.ParamCount() < 3 {
		return ""
	}
	switch operator := d.Param(1); operator {
	case "<", ">", "<=", ">=":
		if strings.HasPrefix(d.Param(0), "($") && !r.versions.Any(NumbersCompared) {
			return fmt.Sprintf("unexpected %q in condition", operator)
		}
	case "~", "~*", "!~", "!~*":
		last := d.Param(d.ParamCount() - 1)
		if d.ParamCount() == 3 && len(last) > 1 && strings.HasSuffix(last, ")") {
			return patternProblem(last[:len(last)-1])
		}
		if d.ParamCount() == 4 && last == ")" {
			return patternProblem(d.Param(2))
		}
	}
	return ""
}

// patternProblem returns what PCRE says of an expression with a parenthesis or a
// bracket too few, or a parenthesis too many. An expression with rare syntax is
// assumed to be correct.
func patternProblem(s string) string {
	if !strings.ContainsAny(s, "()[") || strings.Contains(s, `\Q`) || strings.Contains(s, "(?#") || strings.Contains(s, "(*") || extended(s) {
		return ""
	}
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			end := classEnd(s, i)
			if end < 0 {
				return refusedExpression("missing terminating ] for character class", s)
			}
			i = end
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return refusedExpression("unmatched closing parenthesis", s)
			}
		}
	}
	if depth > 0 {
		return refusedExpression("missing closing parenthesis", s)
	}
	return ""
}

func refusedExpression(what, s string) string {
	return fmt.Sprintf("pcre2_compile() failed: %s in \"%s\"", what, s)
}

// extended reports whether an expression may switch on the mode in which # begins a
// comment.
func extended(s string) bool {
	for rest := s; ; {
		_, after, ok := strings.Cut(rest, "(?")
		if !ok {
			return false
		}
		if flags := after[:len(after)-len(strings.TrimLeft(after, "imnsxUJ^-"))]; strings.Contains(flags, "x") {
			return true
		}
		rest = after
	}
}

// classEnd returns the offset of the bracket that ends a character class, or -1.
func classEnd(s string, start int) int {
	i := start + 1
	if i < len(s) && s[i] == '^' {
		i++
	}
	if i < len(s) && s[i] == ']' {
		i++
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ']':
			return i
		case '[':
			if i+1 < len(s) && strings.IndexByte(":.=", s[i+1]) >= 0 {
				if end := strings.Index(s[i+2:], s[i+1:i+2]+"]"); end >= 0 {
					i += 2 + end + 1
				}
			}
		}
	}
	return -1
}
