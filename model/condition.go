package model

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// maxGuesses bounds how often a condition is evaluated with assumed values.
const maxGuesses = 24

// assumed evaluates the condition of an if for a browser's handshake: where its value
// is not known, with all values that a browser may send. It returns what condition
// does.
func (r *requestState) assumed(c *parser.Context) string {
	if r.kind != WebSocket {
		return r.condition(c.Opener)
	}
	var unknown []string
	r.unknown = &unknown
	result := r.condition(c.Opener)
	r.unknown = nil
	if result == "" || result == "true" {
		return result
	}
	if holds, ok := noFile(c.Opener); ok {
		return truth(holds)
	}
	if holds, ok := r.pathTest(c); ok {
		return truth(holds)
	}
	return r.guessed(c, result, unknown)
}

func truth(holds bool) string {
	if holds {
		return "true"
	}
	return ""
}

// noFile decides tests for files: that none is there is assumed, as for try_files.
func noFile(d *parser.Directive) (holds, ok bool) {
	if d.ParamCount() < 2 {
		return false, false
	}
	operator, negated := strings.CutPrefix(strings.TrimPrefix(d.Param(0), "("), "!")
	if operator == "" { // a space follows the parenthesis
		operator, negated = strings.CutPrefix(d.Param(1), "!")
	}
	switch operator {
	case "-f", "-d", "-e", "-x":
		return negated, true
	}
	return false, false
}

// pathTest decides whether all paths of a location, or none, match an expression
// that begins with the location's name or with another one.
func (r *requestState) pathTest(c *parser.Context) (holds, ok bool) {
	location := c.Parent
	if location.Name != "location" || location.First("rewrite") != nil {
		return false, false
	}
	words := conditionWords(c.Opener)
	if len(words) != 3 || words[0] != "$uri" && words[0] != "$document_uri" && words[0] != "$request_uri" {
		return false, false
	}
	operator, negated := strings.CutPrefix(words[1], "!")
	if modifier, _ := location.LocationName(); operator != "~" || modifier != "" && modifier != "^~" {
		return false, false
	}
	switch {
	case coversLocation(words[2], location):
		return !negated, true
	case !strings.ContainsAny(words[2], "|") && !mayMatch(words[2], location) && !below(words[2], location):
		return negated, true
	}
	return false, false
}

// below reports whether an expression begins with a path below a location's name, as
// far as it begins with a literal text.
func below(expression string, location *parser.Context) bool {
	_, name := location.LocationName()
	literal := strings.TrimPrefix(expression, "^")
	if i := strings.IndexAny(literal, `\.+*?()|[]{}$`); i >= 0 {
		literal = literal[:max(0, i-1)] // a quantifier is about the last character
	}
	return strings.HasPrefix(literal, name) || strings.HasPrefix(name, literal)
}

// guessed evaluates a condition with all values that a browser may send. It returns
// the result if all agree, else the symbol that it is given.
func (r *requestState) guessed(c *parser.Context, symbol string, unknown []string) string {
	given := ""
	guesses := []map[string]string{{}}
	for round := 0; round < 3 && len(unknown) > 0; round++ {
		for _, name := range unknown {
			values, on := r.candidates(name)
			if guesses = withValues(guesses, name, values); len(guesses) == 0 || len(guesses) > maxGuesses {
				return symbol
			}
			if on != "" {
				given = on
			}
		}
		var result string
		if result, unknown = r.tried(c, guesses); result == "" || result == "true" && given == "" {
			if given != "" && !slices.Contains(r.given, given) {
				r.given = append(slices.Clip(r.given), given)
			}
			return result
		}
	}
	return symbol
}

// withValues adds the values of one more variable to guesses.
func withValues(guesses []map[string]string, name string, values []string) (all []map[string]string) {
	for _, g := range guesses {
		if _, known := g[name]; known {
			return guesses
		}
		for _, v := range values {
			more := map[string]string{name: v}
			for other, value := range g {
				more[other] = value
			}
			all = append(all, more)
		}
	}
	return all
}

// tried evaluates a condition with each guess. It returns "?" where they differ or
// one does not decide, with the variables that are still not known.
func (r *requestState) tried(c *parser.Context, guesses []map[string]string) (result string, unknown []string) {
	for i, guess := range guesses {
		try := r.evaluator
		try.vars, try.guess, try.unknown = variables{below: &r.vars}, guess, &unknown
		got := try.condition(c.Opener)
		r.steps, r.maps = try.steps, try.maps
		if got != "" && got != "true" || i > 0 && got != result {
			return "?", unknown
		}
		result = got
	}
	return result, nil
}

// condition evaluates the condition of an if: "true", "" for false, or the unknown
// part.
func (r *evaluator) condition(d *parser.Directive) string {
	words := conditionWords(d)
	if len(words) == 0 {
		return "?"
	}
	value := r.expand(words[0])
	symbol := value.Text + " " + strings.Join(words[1:], " ")
	if !value.Known || !strings.HasPrefix(words[0], "$") {
		return symbol
	}
	holds, ok := false, true
	switch {
	case len(words) == 1:
		holds = value.Text != "" && value.Text != "0"
	case len(words) != 3:
		return symbol
	default:
		holds, ok = r.compare(value.Text, words[1], words[2])
	}
	switch {
	case !ok:
		return symbol
	case holds:
		return "true"
	}
	return ""
}

// conditionWords returns the words of the condition of an if, without its parentheses;
// none where it has none.
func conditionWords(d *parser.Directive) []string {
	words := make([]string, d.ParamCount())
	for i := range words {
		words[i] = d.Param(i)
	}
	if len(words) == 0 || !strings.HasPrefix(words[0], "(") {
		return nil
	}
	words[0] = words[0][1:]
	last := len(words) - 1
	words[last] = strings.TrimSuffix(words[last], ")")
	if words[0] == "" {
		words = words[1:]
	}
	if n := len(words); n > 0 && words[n-1] == "" && n != 3 {
		words = words[:n-1]
	}
	return words
}

// compareNumbers evaluates < > <= >= for whole numbers.
func compareNumbers(value, operator string, right Value) (holds, ok bool) {
	a, err1 := strconv.Atoi(value)
	b, err2 := strconv.Atoi(right.Text)
	if err1 != nil || err2 != nil || !right.Known {
		return false, false
	}
	switch operator {
	case "<":
		return a < b, true
	case ">":
		return a > b, true
	case "<=":
		return a <= b, true
	}
	return a >= b, true
}

// compare evaluates = != ~ ~* !~ !~*. Unlike a map, = is case-sensitive.
func (r *evaluator) compare(value, operator, operand string) (holds, ok bool) {
	expr, negated := strings.CutPrefix(operator, "!")
	switch expr {
	case "=":
		right := r.expand(operand)
		return (value == right.Text) != negated, right.Known
	case "<", ">", "<=", ">=": // of Tengine
		right := r.expand(operand)
		return compareNumbers(value, operator, right)
	case "~", "~*":
		matched, ok := r.model.matches(expr[1:]+operand, value)
		return matched != negated, ok
	}
	return false, false
}
