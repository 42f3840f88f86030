package intent

import (
	"regexp/syntax"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// A route is one path of a location. A regular expression with alternatives has
// several.
type route struct {
	path     string   // * stands for open parts of a regular expression
	segments []string // of the path, as written; none for /
	exact    bool     // the path itself and nothing else
	below    bool     // the location also handles what lies below the path
}

// maxRoutes limits the number of routes that alternatives multiply to.
const maxRoutes = 64

// routes returns the paths of a location by its name. There is at least one.
func routes(modifier, path string) []route {
	switch modifier {
	case "~", "~*":
		var all []route
		for _, p := range readExpression(path) {
			r := newRoute(p)
			r.below = !strings.HasSuffix(path, "$")
			all = append(all, r)
		}
		return all
	case "@":
		return []route{{path: "@" + path, segments: []string{"@" + path}}}
	}
	r := newRoute(path)
	r.exact, r.below = modifier == "=", modifier != "="
	return []route{r}
}

func newRoute(path string) route {
	r := route{path: path}
	for segment := range strings.SplitSeq(path, "/") {
		if segment != "" {
			r.segments = append(r.segments, segment)
		}
	}
	// An open end lies below the path.
	for len(r.segments) > 0 && r.segments[len(r.segments)-1] == "*" {
		r.segments = r.segments[:len(r.segments)-1]
	}
	return r
}

// root reports whether the route is the whole site.
func (r route) root() bool { return len(r.segments) == 0 && !r.exact }

var (
	lookaround = lazyregexp.New(`\(\?<?[=!][^()]*\)`)
	notLiteral = lazyregexp.New(`[^A-Za-z0-9/._-]+`)
)

// maxExpression is the length in bytes up to which an expression is analysed.
// Combining its parts copies the path once for each part.
const maxExpression = 2000

// readExpression returns the paths that a regular expression matches, with * for open
// parts. What PCRE supports but Go does not is read literally.
func readExpression(expr string) []string {
	if len(expr) > maxExpression {
		return []string{notLiteral().ReplaceAllString(expr, "*")}
	}
	re, err := syntax.Parse(lookaround().ReplaceAllString(expr, ""), syntax.Perl)
	if err != nil {
		return []string{notLiteral().ReplaceAllString(expr, "*")}
	}
	return expand(re)
}

func expand(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return []string{"*"}
	case syntax.OpCapture:
		return expand(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return expandRepeat(re)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, expand(sub)...)
		}
		return all[:min(len(all), maxRoutes)]
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			all = product(all, expand(sub))
		}
		return all
	}
	return []string{""}
}

func expandRepeat(re *syntax.Regexp) []string {
	sub := expand(re.Sub[0])
	must := re.Op == syntax.OpPlus || re.Op == syntax.OpRepeat && re.Min > 0
	if open := len(sub) == 1 && sub[0] == "*"; must || open {
		return sub
	}
	return append([]string{""}, sub[:min(len(sub), maxRoutes-1)]...)
}

func product(heads, tails []string) []string {
	var all []string
	for _, h := range heads {
		for _, t := range tails {
			if len(all) == maxRoutes {
				return all
			}
			all = append(all, strings.ReplaceAll(h+t, "**", "*"))
		}
	}
	return all
}
