package lsp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// aboutDirective says how a directive is written, and what holds where the spot is.
func (s *spot) aboutDirective() string {
	name := s.directive.Name()
	infos := parser.DirectiveInfos(name)
	if len(infos) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "`%s` accepts %s, in %s", name, arity(infos), placesOf(parser.ContextsOf(name)))
	if life := infos[0].Life; life != nil {
		if since := parser.AnyVersion.Named(&life.Since); since != "" && life.Since != (parser.Since{}) {
			fmt.Fprintf(&b, "; since %s", since)
		}
	}
	b.WriteString(".")
	contexts := s.contexts(s.block)
	var said []string
	for _, c := range contexts {
		if text := s.effect(c, name); text != "" && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	if len(said) > maxShown {
		said = append(said[:maxShown:maxShown], fmt.Sprintf("and in %d more contexts", len(contexts)-maxShown))
	}
	for _, text := range said {
		b.WriteString("\n\n" + text)
	}
	return b.String()
}

// effect says which directives of a name are in effect in a context, and the default
// of nginx.
func (s *spot) effect(c *parser.Context, name string) string {
	setting := c.Effective(name)
	var lines []string
	for _, d := range setting.Directives {
		if d.Block == nil {
			lines = append(lines, shown(d))
		}
	}
	if len(lines) == 0 || setting.From == nil {
		return s.usual(name)
	}
	from := setting.Directives[0].Span()
	text := "In effect here, from " + setting.From.Name + " (" + s.where(from) + "):\n" + fence("nginx", strings.Join(lines, "\n"))
	if usual := s.usual(name); usual != "" {
		text += "\n" + usual
	}
	return text
}

// usual says what nginx does without a directive, where the version matters.
func (s *spot) usual(name string) string {
	oldest, newest := s.Versions.Min, s.Versions.Max
	switch name {
	case "proxy_http_version":
		if s.Versions.Single() {
			return "The default of " + oldest.Title() + " is " + parser.DefaultHTTPVersion(oldest) + "."
		}
		return "The default is 1.0 before nginx 1.29.7, and 1.1 since."
	case "proxy_read_timeout", "proxy_send_timeout", "proxy_connect_timeout":
		return "The default is 60s."
	case "proxy_set_header":
		if !newest.IsZero() && !parser.DefaultConnectionClose(oldest) {
			return "Without any, nginx sends Host: $proxy_host."
		}
		return "Without any, nginx sends Host: $proxy_host and, before 1.29.7, Connection: close. A level that has any inherits none."
	}
	return ""
}

// arity says how many parameters a directive accepts.
func arity(infos []parser.DirectiveInfo) string {
	least, most := infos[0].Min, infos[0].Max
	for _, info := range infos[1:] {
		least, most = min(least, info.Min), max(most, info.Max)
	}
	text := fmt.Sprintf("%d to %d parameters", least, most)
	switch {
	case most == 0:
		text = "no parameters"
	case most > 100:
		text = fmt.Sprintf("at least %d parameters", least)
		if least == 1 {
			text = "at least 1 parameter"
		}
	case least == most && least == 1:
		text = "1 parameter"
	case least == most:
		text = fmt.Sprintf("%d parameters", least)
	}
	if infos[0].Block {
		text += " and a block"
	}
	return text
}

// placeNames are the names of places.
var placeNames = []struct {
	place parser.ContextSet
	name  string
}{
	{parser.InMain, "main"}, {parser.InEvents, "events"}, {parser.InHTTP, "http"}, {parser.InServer, "server"}, {parser.InLocation, "location"},
	{parser.InServerIf, "if in server"}, {parser.InLocationIf, "if in location"}, {parser.InLimitExcept, "limit_except"}, {parser.InUpstream, "upstream"},
	{parser.InStream, "stream"}, {parser.InStreamServer, "server of stream"}, {parser.InStreamUpstream, "upstream of stream"},
}

// placesOf names the places of a set.
func placesOf(set parser.ContextSet) string {
	var names []string
	for _, p := range placeNames {
		if set&p.place != 0 {
			names = append(names, p.name)
		}
	}
	return strings.Join(names, ", ")
}
