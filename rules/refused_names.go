package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// unknownNames asks for a bounded number of names, in order.
func unknownNames(p *Pass) {
	meant := make(map[string]string)
	for _, c := range p.Strange() {
		for _, d := range c.Directives {
			p.unknown(c, d, meant)
		}
	}
}

// maxMeant bounds how many unknown names are compared with all that nginx knows.
const maxMeant = 1000

// unknown reports a name that no module has, and one that no nginx knows and that
// is a slip of one that it does know; other names may be those of modules. What
// names mean is kept.
func (p *Pass) unknown(c *parser.Context, d *parser.Directive, meant map[string]string) {
	if len(d.Infos()) > 0 { // as nearly all are
		return
	}
	name := d.Name()
	if hint, ok := impossible(c, d); ok {
		p.refuse(c, d, fmt.Sprintf("unknown directive %q", name)+hint, sentHeader(c, d)...)
		return
	}
	if len(name) < 5 || len(name) > 50 || parser.ContextsOf(name) != 0 {
		return
	}
	known, asked := meant[name]
	if !asked && len(meant) < maxMeant {
		if known = spell.Name(name, parser.DirectiveNames()); len(known) < 8 && spell.Distance(name, known) > 1 {
			known = ""
		}
		meant[name] = known
	}
	if known != "" {
		p.refuse(c, d, fmt.Sprintf("unknown directive %q; did you mean %s?", name, known))
	}
}

// impossible reports whether no module can have a directive of that name, and says
// what was probably meant. Names of modules are lower case with underscores, except
// those of NAXSI and of ModSecurity 2, which have capitals.
func impossible(c *parser.Context, d *parser.Directive) (hint string, ok bool) {
	name := d.Name()
	if d.Block != nil && strings.HasPrefix(name, "if(") && c.Known() {
		return "; a space belongs behind if", true
	}
	if name == "" || len(name) > 80 || !c.Known() || placeholder(d) || len(d.Span().File.Errs) > 0 {
		return "", false
	}
	switch header := strings.TrimSuffix(name, ":"); {
	case strings.HasPrefix(name, "//") || strings.HasPrefix(name, "/*") || name == "--":
		return "; a comment begins with #", true
	case strings.HasPrefix(name, "<<<<<<<") || strings.HasPrefix(name, ">>>>>>>") || strings.HasPrefix(name, "======="):
		return "; it is a mark that a merge left behind", true
	case d.Block != nil && pathLike(name):
		return fmt.Sprintf("; did you mean location %s?", strings.Join(words(d), " ")), true
	case len(parser.DirectiveInfos(strings.ToLower(name))) > 0:
		return fmt.Sprintf("; did you mean %s?", strings.ToLower(name)), true
	case headerLine(d) && (c.Name == "http" || c.Name == "server" || c.Name == "location"):
		return fmt.Sprintf("; did you mean %s %s %s;?", headerDirective(header), header, d.ParamWord(0).Text()), true
	}
	if known := strings.Trim(name, `"'`+"“”‘’"); known != name && len(parser.DirectiveInfos(known)) > 0 {
		return fmt.Sprintf("; did you mean %s?", known), true
	}
	if known := strings.ReplaceAll(name, "-", "_"); known != name && len(parser.DirectiveInfos(strings.ToLower(known))) > 0 {
		return fmt.Sprintf("; did you mean %s?", strings.ToLower(known)), true
	}
	return "", strings.Contains(strings.TrimLeft(name, "-+"), "-") && headerLike(name)
}

// placeholder reports whether a line is one that a script or a template engine
// replaces, such as __LOCATIONS__; or %{name};.
func placeholder(d *parser.Directive) bool {
	name := d.Name()
	return strings.ContainsAny(name, "$@%{}[]<>?!|&*\\") && !strings.HasPrefix(name, "<<<<<<<") && !strings.HasPrefix(name, ">>>>>>>") && !strings.HasPrefix(name, "/*") ||
		strings.HasPrefix(name, "_") || d.ParamCount() == 0 && d.Block == nil && name == strings.ToUpper(name)
}

// pathLike reports whether the name of a block is a path or a modifier of a location.
func pathLike(name string) bool {
	return strings.HasPrefix(name, "/") || name == "=" || name == "~" || name == "~*" || name == "^~"
}

func words(d *parser.Directive) []string {
	all := []string{d.NameWord().Text()}
	for _, w := range d.Params() {
		all = append(all, w.Text())
	}
	return all
}
