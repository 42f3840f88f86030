package parser

import (
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
)

// mapped evaluates a map: strings first, case not minded, then the regular
// expressions in their order, then default, then nothing.
func (r *run) mapped(v *Variable) Value {
	source := r.expand(v.Directive.Param(0))
	symbol := Value{Text: "map(" + source.Text + "){" + MapText(v.Map) + "}"}
	if !source.Known || v.Map.Unread() != nil {
		return symbol
	}
	fallback, hostnames := "", v.Map.First("hostnames") != nil
	var expressions []*Directive
	for _, d := range v.Map.Directives {
		if d.Block != nil || len(d.Params()) != 1 {
			continue
		}
		switch key := d.Name(); {
		case key == "default" && !strings.HasPrefix(d.NameWord().Text(), `\`):
			fallback = d.Param(0)
		case key == "include":
		case strings.HasPrefix(key, "~"):
			expressions = append(expressions, d)
		case hostnames && strings.ContainsAny(key, "*."):
			return symbol
		case strings.EqualFold(strings.TrimPrefix(key, `\`), source.Text):
			return r.expand(d.Param(0))
		}
	}
	for _, d := range expressions {
		re, err := CompileRegex(d.Name()[1:])
		if err != nil {
			return symbol
		}
		if re.MatchString(source.Text) {
			return r.expand(d.Param(0))
		}
	}
	return r.expand(fallback)
}

// MapText is a map's body in one line, for comparing.
func MapText(c *Context) string {
	var b strings.Builder
	for _, d := range c.Directives {
		b.WriteString(d.Name())
		for _, p := range d.Params() {
			b.WriteString(" " + p.Value())
		}
		b.WriteString(";")
	}
	return b.String()
}

// CompileRegex compiles what follows the ~ of a map, location or server_name;
// a further * asks for case to be ignored. Go's regular expressions take time
// in proportion to the text. What only PCRE knows (lookaround, back
// references) is an error.
func CompileRegex(s string) (*regexp.Regexp, error) {
	if known, ok := compiled.Load(s); ok {
		return known.(*regexp.Regexp), nil
	}
	expr := s
	if rest, ok := strings.CutPrefix(s, "*"); ok {
		expr = "(?i)" + rest
	}
	re, err := regexp.Compile(strings.ReplaceAll(expr, "(?<", "(?P<"))
	if err == nil && len(s) < longRegex && compiledCount.Add(1) <= maxCompiled {
		compiled.Store(strings.Clone(s), re)
	}
	return re, err
}

// compiled keeps the expressions that a configuration repeats, within limits.
var (
	compiled      sync.Map // *regexp.Regexp by what CompileRegex was asked for
	compiledCount atomic.Int32
)

const (
	maxCompiled = 256
	longRegex   = 256 // bytes
)
