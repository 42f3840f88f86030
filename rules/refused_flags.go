package rules

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// again says where a line is there twice because its file is.
func again(c *parser.Context, d *parser.Directive) string {
	own := c.Own(d.Name())
	if c.Name == "main" && own[0].Span().File.Provided && own[0] != d {
		return "; the command that starts the container sets it as well: nginx -g '" + own[0].Span().Text() + "'"
	}
	if len(own) > 1000 { // each of them may ask
		return ""
	}
	if first := slices.Index(own, d); first < 0 || !slices.Contains(own[first+1:], d) {
		return ""
	}
	return "; this file is included twice on one level"
}

// flags are what people write for on and off.
var flags = map[string]string{
	"yes": "on", "true": "on", "1": "on", "enable": "on", "enabled": "on",
	"no": "off", "false": "off", "0": "off", "disable": "off", "disabled": "off", "none": "off",
}

// meantFlag is the fix for a value that means on or off in other languages. What it
// changes is shown for the location that has it, and the ones in that one.
func meantFlag(c *parser.Context, problem parser.Problem) []fixer.Fix {
	d := problem.Directive
	meant := flags[strings.ToLower(d.Param(0))]
	if meant == "" || !strings.HasSuffix(problem.Message, `it must be "on" or "off"`) {
		return nil
	}
	fix := fixer.Fix{Message: "write " + meant, Safety: fixer.Shown, Changes: []string{d.Name()}, Edits: []fixer.Edit{replaceParam(d, 0, meant)}}
	if c.Name == "location" {
		fix.Safety = fixer.Safe
		c.Walk(func(inner *parser.Context) bool {
			if inner.Effective(d.Name()).Last() == d {
				fix.Names = append(fix.Names, inner)
			}
			return true
		})
	}
	return []fixer.Fix{fix}
}
