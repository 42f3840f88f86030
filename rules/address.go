package rules

import (
	"net"
	"regexp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// An address is where a URL of proxy_pass leads. What is not known of it
// stands as ${name}.
type address struct {
	scheme, host string
	port         string // the scheme's where none is written
	noPort       bool   // none is written
	uri          string
}

// uriStart matches where the URI of a URL begins: the variables hold nothing
// else.
var uriStart = regexp.MustCompile(`[/?]|\$\{?(request_uri|uri|document_uri|is_args|args|query_string)\b`)

// parseAddress reads a URL; ok is false where it has no scheme that is known.
func parseAddress(url string) (a address, ok bool) {
	scheme, rest, ok := strings.Cut(url, "://")
	a.scheme = strings.ToLower(scheme)
	if !ok || a.scheme != "http" && a.scheme != "https" {
		return a, false
	}
	if strings.HasPrefix(rest, "unix:") {
		a.host = rest
		return a, true
	}
	if at := uriStart.FindStringIndex(rest); at != nil {
		rest, a.uri = rest[:at[0]], rest[at[0]:]
	}
	a.host, a.port = rest, map[string]string{"http": "80", "https": "443"}[a.scheme]
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.Contains(rest[i:], "]") {
		a.host, a.port = rest[:i], rest[i+1:]
	} else {
		a.noPort = true
	}
	return a, true
}

// isName reports whether a host is known to be a name that has to be looked up.
func isName(host string) bool {
	switch {
	case host == "" || strings.HasPrefix(host, "unix:") || strings.HasPrefix(host, "["):
		return false
	case strings.Contains(host, "${"):
		return nameTail.MatchString(host)
	}
	return net.ParseIP(host) == nil
}

// nameTail matches a host that ends as only a name does, whatever comes before.
var nameTail = regexp.MustCompile(`\.[a-z][a-z0-9-]*\.?$`)

// maxValues bounds how many values of an expression are looked at.
const maxValues = 64

// values returns what an expression may come to at a location, by the maps and
// set directives of the configuration. What they do not say stands as ${name}.
func (l *Location) values(expr string) []string { return l.valuesTo(expr, 4) }

func (l *Location) valuesTo(expr string, depth int) []string {
	all := []string{""}
	add := func(parts []string) {
		var next []string
		for _, before := range all {
			for _, part := range parts {
				if len(next) < maxValues {
					next = append(next, before+part)
				}
			}
		}
		all = next
	}
	last := 0
	for _, at := range variableAt.FindAllStringIndex(expr, -1) {
		add([]string{expr[last:at[0]]})
		add(l.variableValues(strings.ToLower(strings.Trim(expr[at[0]:at[1]], "${}")), depth))
		last = at[1]
	}
	add([]string{expr[last:]})
	return all
}

var variableAt = regexp.MustCompile(`\$\{\w+\}|\$[1-9]|\$[A-Za-z_0-9]+`)

// variableValues are the values of one variable: those that set gives on the
// way to the location, and where none surely does, those of the last map, for
// nginx takes that one.
func (l *Location) variableValues(name string, depth int) []string {
	unknown := []string{"${" + name + "}"}
	if depth == 0 {
		return unknown
	}
	var all []string
	mapped, own := false, l.setsItself(name)
	defs := l.Config.Variables(name)
	for i := len(defs) - 1; i >= 0 && len(all) < maxValues; i-- {
		switch d := defs[i]; {
		case d.Map != nil && (mapped || own):
		case d.Map != nil:
			mapped = true
			all = append(all, l.mapValues(d.Map, depth)...)
		case !d.Directive.Is("set"):
			return unknown
		case l.passes(d.Context, own):
			all = append(all, l.valuesTo(d.Directive.Param(1), depth-1)...)
		}
	}
	if len(all) == 0 {
		return unknown
	}
	return all
}

// setsItself reports whether the location sets a variable whatever the request.
func (l *Location) setsItself(name string) bool {
	return slices.ContainsFunc(l.Own("set"), func(d *parser.Directive) bool {
		return strings.EqualFold(strings.TrimPrefix(d.Param(0), "$"), name)
	})
}

// passes reports whether a request of the location may run the set directives
// of a level: the location's own and, unless they are set anew, the server's.
// To a named location requests come from any other.
func (l *Location) passes(level *parser.Context, own bool) bool {
	if level.Name == "if" {
		level = level.Parent
	}
	modifier, _ := l.LocationName()
	return level == l.Context || !own && level.Server() == l.Server() && (level == l.Server() || modifier == "@")
}

func (l *Location) mapValues(m *parser.Context, depth int) []string {
	if m.Unread() != nil {
		return nil
	}
	var all []string
	for _, line := range m.Directives {
		if len(line.Params) == 1 && !line.Is("include", "proxy", "delete") && len(all) < maxValues {
			all = append(all, l.valuesTo(line.Param(0), depth-1)...)
		}
	}
	return all
}
