package source

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

var (
	rubyBlock = lazyregexp.New(`(?s)(?:\bdo|\{)\s*(?:\|[^|]*\|)?$`)
	rubyEnds  = lazyregexp.New(`(?s)\bend$`)
	eppOpens  = lazyregexp.New(`(?s)\{$`)
)

// classifyERB classifies a tag of Ruby's ERB.
func classifyERB(g *tag, body string) {
	switch {
	case strings.HasPrefix(body, "#"):
		return
	case strings.HasPrefix(body, "="):
		if g.role = value; rubyBlock().MatchString(body) {
			g.set(opening, "", body)
		}
		return
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(rubyComment().ReplaceAllString(body, "")), " ")
	whole := strings.TrimSpace(word + " " + rest)
	if cut := strings.IndexAny(word, "(;\n!"); cut > 0 {
		word, rest = word[:cut], word[cut:]+" "+rest
	}
	rest = strings.TrimSuffix(strings.TrimSpace(rest), " then")
	switch word {
	case "if", "unless", "while", "until", "for", "case", "begin":
		if !rubyEnds().MatchString(whole) || word == "begin" { // else all of it is in this tag
			g.rubyOpens(word, rest)
		}
	case "elsif", "when", "in", "rescue":
		g.set(arm, "", rest)
	case "else", "ensure":
		g.set(arm, "", "")
	case "end", "}", "end)":
		g.role = closing
	default:
		if strings.HasPrefix(whole, "end.") || strings.HasPrefix(whole, "end;") {
			g.role = closing
		} else if rubyBlock().MatchString(whole) {
			g.set(opening, "", "each "+whole)
			g.negated = false
		}
	}
}

// rubyOpens makes a tag the beginning of a region that a word of Ruby opens.
func (g *tag) rubyOpens(word, rest string) {
	g.set(opening, "", rest)
	g.negated = g.negated != (word == "unless")
	switch word {
	case "case":
		g.name, g.condition, g.negated = rest, "", false
	case "while", "until", "for":
		g.condition, g.negated = word+" "+rest, false
	case "begin":
		g.condition = ""
	}
}

// rubyComment is a comment at a line's end. A number sign in quotes has no space
// before it.
var rubyComment = lazyregexp.New(`(?m)(?:^|\s)#\s.*$`)

// classifyEPP classifies a tag of Puppet's EPP.
func classifyEPP(g *tag, body string) {
	opens := eppOpens().MatchString(body)
	condition := strings.TrimSpace(strings.TrimSuffix(body, "{"))
	switch {
	case strings.HasPrefix(body, "#"), strings.HasPrefix(body, "|"):
	case strings.HasPrefix(body, "="):
		g.role = value
	case strings.HasPrefix(condition, "}") && opens:
		condition = strings.TrimSpace(condition[1:])
		switch rest, chosen := strings.CutPrefix(condition, "elsif "); {
		case condition == "else":
			g.set(arm, "", "")
		case chosen:
			g.set(arm, "", rest)
		}
	case opens:
		word, rest, _ := strings.Cut(condition, " ")
		switch word {
		case "if":
			g.set(opening, "", rest)
		case "unless":
			g.set(opening, "", rest)
			g.negated = !g.negated
		default:
			g.set(opening, "", "each "+condition)
			g.negated = false
		}
	case strings.HasPrefix(body, "}"):
		g.role = closing
	}
}
