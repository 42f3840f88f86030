package source

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// classify sets what a tag does.
func (s *scanner) classify(g *tag, body string, d delimiters) {
	body = strings.TrimSpace(body)
	word, rest, _ := strings.Cut(body, " ")
	if i := strings.IndexAny(word, "(\t\n"); i > 0 {
		word, rest = word[:i], strings.TrimSpace(body[i:])
	}
	rest = strings.TrimSpace(rest)
	switch s.Language {
	case Jinja:
		if d.expression {
			g.role = value
			return
		}
		classifyJinja(g, word, rest)
	case Go:
		classifyGo(g, body, word, rest)
	case Mustache:
		classifyMustache(g, body)
	case ERB:
		classifyERB(g, body)
	case EPP:
		classifyEPP(g, body)
	case HCL:
		if d.expression {
			g.role = value
			return
		}
		classifyJinja(g, word, rest)
	}
}

// set makes a tag the beginning of an arm.
func (g *tag) set(r role, kind, condition string) {
	g.role, g.kind = r, kind
	g.condition, g.negated = normal(condition)
}

// normal returns a condition without white space that does not matter and without a
// negation of all of it.
func normal(condition string) (string, bool) {
	c := strings.Join(strings.Fields(condition), " ")
	negated := false
	for {
		switch {
		case compound().MatchString(c):
			return c, negated
		case strings.HasPrefix(c, "not "):
			c, negated = strings.TrimSpace(c[4:]), !negated
		case strings.HasPrefix(c, "!") && !strings.HasPrefix(c, "!="):
			c, negated = strings.TrimSpace(c[1:]), !negated
		case strings.HasPrefix(c, "(") && strings.IndexByte(c, ')') == len(c)-1:
			c = strings.TrimSpace(c[1 : len(c)-1])
		default:
			return c, negated
		}
	}
}

// compound conditions are not negated by their first word.
var compound = lazyregexp.New(`\s(?:and|or|if|in|is|==|!=|&&|\|\||<|>)\s`)

// classifyJinja classifies a tag of Jinja2, Liquid or Terraform.
func classifyJinja(g *tag, word, rest string) {
	switch word {
	case "if", "ifversion":
		g.set(opening, "if", rest)
	case "unless":
		g.set(opening, "unless", rest)
		g.negated = !g.negated
	case "for", "tablerow":
		g.set(opening, word, "for "+rest)
	case "case":
		g.set(opening, "case", "")
		g.name = rest
	case "elif", "elsif", "elseif":
		g.set(arm, "if", rest)
	case "when":
		g.set(arm, "case", rest)
	case "else":
		g.set(arm, "", "")
	case "macro", "capture", "call", "filter":
		g.set(opening, word, "")
		g.hidden = true
	case "set":
		if !strings.Contains(rest, "=") {
			g.set(opening, word, "")
			g.hidden = true
		}
	case "raw", "verbatim", "comment":
		g.role, g.name = verbatim, word
	case "include", "render", "extends":
		g.role = value
	default:
		if kind, ok := strings.CutPrefix(word, "end"); ok && closable[kind] {
			g.role, g.kind = closing, kind
		}
	}
}

// closable are the kinds of regions of Jinja2, Liquid and Terraform.
var closable = map[string]bool{"if": true, "unless": true, "for": true, "tablerow": true, "case": true, "macro": true, "capture": true, "call": true, "filter": true, "set": true}

// classifyGo classifies a tag of Go's text/template.
func classifyGo(g *tag, body, word, rest string) {
	switch {
	case strings.HasPrefix(body, "/*"):
	case word == "if" || word == "with":
		g.set(opening, "", rest)
	case word == "range":
		g.set(opening, "", "range "+rest)
	case word == "else":
		rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(rest, "if "), "with "))
		g.set(arm, "", rest)
	case word == "define":
		g.set(opening, "", "")
		g.hidden = true
	case word == "block":
		g.set(opening, "", "")
	case word == "end":
		g.role = closing
	case word == "break" || word == "continue" || assignment().MatchString(body):
	default:
		g.role = value
	}
}

var assignment = lazyregexp.New(`^\$\w*\s*(?:,\s*\$\w+\s*)?:?=[^=]`)

// classifyMustache classifies a tag of Mustache or Handlebars.
func classifyMustache(g *tag, body string) {
	if body == "" {
		return
	}
	rest := strings.TrimSpace(body[1:])
	switch body[0] {
	case '!':
	case '#':
		helper, condition, _ := strings.Cut(rest, " ")
		if helper == "if" || helper == "unless" {
			g.set(opening, helper, condition)
			g.negated = helper == "unless"
			return
		}
		g.set(opening, helper, rest)
	case '^':
		g.set(opening, rest, rest)
		g.negated = true
	case '/':
		g.role, g.kind = closing, rest
	default:
		g.role = value
		if body == "else" {
			g.set(arm, "", "")
		}
	}
}
