package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MapClosesKeepalive finds maps that tell the upstream to close the connection
// of each plain request, where nginx is told to keep it.
var MapClosesKeepalive = &Rule{
	Name:     "map-closes-keepalive",
	Summary:  "the map for Connection sends close on plain requests, which defeats the upstream's keepalive",
	Group:    Capacity,
	Severity: Info,
	Config:   mapClosesKeepalive,
}

func mapClosesKeepalive(p *Pass) {
	for _, v := range p.upgradeMaps() {
		if v.Context.Name != "http" {
			continue
		}
		line := emptyLine(v.Map)
		if line == nil || !strings.EqualFold(line.Param(0), "close") {
			continue
		}
		name := strings.TrimPrefix(v.Directive.Param(1), "$")
		l, kept := p.keptBy(name)
		if l == nil {
			continue
		}
		f := Finding{
			Severity: Info, Span: line.Span(), Context: v.Context,
			Message: fmt.Sprintf("plain requests carry \"Connection: close\", so nginx reuses no connection to %s, although keepalive is on (%s)", l.target(), kept),
			Related: []Related{{l.Request.Pass.Span(), "a location that sends it"}},
		}
		fix := p.mapFix(name, "send no Connection on plain requests", replaceWord(line.ParamWord(0), "''"))
		f.Fixes = []fixer.Fix{fix}
		p.Report(f, nil)
	}
}

// emptyLine returns the line of a map for requests without Upgrade, or nil.
func emptyLine(m *parser.Context) *parser.Directive {
	for _, d := range m.Directives {
		if d.Name() == "" && d.ParamCount() == 1 {
			return d
		}
	}
	return nil
}

// keptBy returns a location whose Connection is the variable's, and whose
// upstream's connections nginx keeps, and why it does.
func (p *Pass) keptBy(name string) (l *Location, why string) {
	for _, l := range p.Locations {
		u := l.Upstream()
		if u == nil || u.Unread() != nil || l.Request.HTTP != "1.1" || !l.takesConnectionFrom(name) {
			continue
		}
		d := u.First("keepalive")
		if undone, _ := p.undone(u); undone != nil && undone == d {
			continue
		}
		switch {
		case d != nil && d.Param(0) != "0" && (l.Request.Version.Last() != nil || p.Settings.Versions.All(parser.HTTP11ByDefault)):
			return l, written(d)
		case d == nil && p.Settings.Versions.All(parser.KeptByDefault):
			return l, "the default from " + p.Settings.Versions.From(parser.KeptByDefault) + " on"
		}
	}
	return nil, ""
}

func (l *Location) takesConnectionFrom(name string) bool {
	for _, h := range l.Request.All("Connection") {
		if d := h.Directive; d != nil && strings.EqualFold(strings.Trim(d.Param(1), "${}"), name) {
			plain := l.Tree.Evaluate(d.Param(1), model.Plain)
			return plain.Known && strings.EqualFold(plain.Text, "close")
		}
	}
	return false
}
