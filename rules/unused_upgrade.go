package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// UnusedUpgrade finds what an author wrote for WebSockets and no handshake gets:
// Upgrade lines of a server or of http that the lines of inner levels cancel
// everywhere, those of a location that passes its requests on to another one, and maps
// of $http_upgrade that nothing uses.
var UnusedUpgrade = &Rule{
	Name:     "unused-upgrade",
	Summary:  "an Upgrade line or an upgrade map has no effect on any handshake",
	Group:    Correctness,
	Severity: Error,
	Config:   unusedMaps,
	Leading:  leftBehind,
	Level:    unusedUpgrade,
}

func unusedUpgrade(p *Pass, c *parser.Context) {
	if c.Name != "server" && c.Name != "http" || !c.HTTP() || c.Opener == nil || c.Unread() != nil || c.Name == "http" && (p.Fragment || p.partial) {
		return
	}
	for _, d := range c.Own("proxy_set_header") {
		if name := strings.TrimSuffix(d.Param(0), ":"); strings.EqualFold(name, "Upgrade") && d.Param(1) != "" {
			p.unusedLine(c, d)
			return
		}
	}
}

// unusedLine reports an Upgrade line of a level if no handshake below carries one.
func (p *Pass) unusedLine(c *parser.Context, d *parser.Directive) {
	var by []*parser.Context // whose own lines cancel it
	var first *Location
	for _, l := range p.below(c) {
		known := l.Score.Level >= intent.Likely && l.Request.Set.From != c // missing-upgrade-headers reports it
		if known || l.Request.Set.Unsure != nil || l.Request.Sets("Upgrade") != nil && l.reached() {
			return
		}
		if from := l.Request.Set.From; from != nil && from != c && !slices.Contains(by, from) {
			by = append(by, from)
		}
		if first == nil && l.Request.Set.From != c {
			first = l
		}
	}
	if first == nil {
		return
	}
	lost := p.lostLines(c, first)
	_, names, _ := repeated(lost)
	if len(names) == 0 {
		return
	}
	colon := ""
	if strings.HasSuffix(d.Param(0), ":") {
		colon = "; the colon in its name is wrong, too"
	}
	p.Report(Finding{
		Severity: Warning, Span: d.Span(), Context: c, Once: true,
		Message: fmt.Sprintf("no request carries this Upgrade: %s cancels the proxy_set_header lines of %s level with its own lines, so %s not sent to %s%s",
			ownerOf(by), c.Name, list(names, "is", "are"), first.target(), colon),
		Related: []Related{{first.Request.Set.Directives[0].Span(), "cancels the lines"}},
		fix:     func() (fixer.Fix, bool) { return p.repeatAt(by, lost) },
	}, nil)
}

// below returns the locations that proxy below a level.
func (p *Pass) below(c *parser.Context) (all []*Location) {
	c.Walk(func(inner *parser.Context) bool {
		if l := p.Location(inner); l != nil {
			all = append(all, l)
		}
		return true
	})
	return all
}

// reached reports whether handshakes may reach a location: any but a named one to
// which only locations without a sign of WebSockets lead.
func (l *Location) reached() bool {
	if l.modifier != "@" {
		return true
	}
	return slices.ContainsFunc(l.LedFrom(), func(c *parser.Context) bool {
		return !c.IsLocation() || l.Tree.scorer.Of(c).Level > intent.None || c.Opener.ParamCount() == 1 && c.Opener.Param(0) == "/"
	})
}

func ownerOf(by []*parser.Context) string {
	if len(by) > 1 {
		return fmt.Sprintf("each of %d levels below", len(by))
	}
	if c := by[0]; c.IsLocation() {
		return c.Opener.Words()
	}
	return by[0].Name + " level"
}

// lostLines returns the lines of a level that a location lacks, without those that
// spoil a handshake.
func (p *Pass) lostLines(c *parser.Context, l *Location) (lost []*parser.Directive) {
	for _, d := range c.Effective("proxy_set_header").Directives {
		if d.ParamCount() == 2 && l.Request.Sets(d.Param(0)) == nil && !model.SpoilsHandshake(d.Param(0), p.Evaluate(d.Param(1), model.WebSocket)) {
			lost = append(lost, d)
		}
	}
	return lost
}

// repeatAt repeats the lines where they are cancelled, if that is one level.
func (p *Pass) repeatAt(by []*parser.Context, lost []*parser.Directive) (fixer.Fix, bool) {
	withColon := func(d *parser.Directive) bool { return strings.HasSuffix(d.Param(0), ":") }
	if len(by) != 1 || by[0].Opener == nil || slices.ContainsFunc(lost, withColon) {
		return fixer.Fix{}, false
	}
	own := by[0].Own("proxy_set_header")
	last := own[len(own)-1]
	if last.In != by[0].Opener.Block {
		return fixer.Fix{}, false
	}
	lines, names, changes := repeated(lost)
	return fixer.Fix{
		Message: fmt.Sprintf("repeat the lines for %s there, for plain requests too", list(names, "", "")), Safety: fixer.Unsafe,
		Edits: []fixer.Edit{insertAfter(last, lines)}, Names: p.Senders(last), Changes: changes,
	}, true
}

// unusedMaps reports maps of $http_upgrade of a whole configuration whose variable is
// not used, if no location sends Upgrade and none is likely to be meant for WebSockets.
func unusedMaps(p *Pass) {
	meant := func(l *Location) bool { return l.Score.Level >= intent.Likely || l.Request.Sets("Upgrade") != nil }
	if p.Fragment || p.partial || len(p.Locations) == 0 || slices.ContainsFunc(p.Locations, meant) || slices.ContainsFunc(p.Others, meant) {
		return
	}
	maps := p.upgradeMaps()
	if len(maps) == 0 {
		return
	}
	used := p.usedVariables()
	for _, v := range maps {
		if name := parser.VariableName(v.Directive.Param(1)); !used[name] {
			p.Report(Finding{
				Severity: Info, Span: wordsSpan(v.Directive), Context: v.Context, Once: true,
				Message: fmt.Sprintf("nothing uses $%s, and no location sends Upgrade: no WebSocket gets through this nginx", name),
			}, nil)
		}
	}
}

// usedVariables are the variables that some directive has, except as the one that a
// map defines.
func (p *Pass) usedVariables() map[string]bool {
	used := make(map[string]bool)
	p.Root.Walk(func(c *parser.Context) bool {
		for _, d := range c.Directives {
			for i := range d.ParamCount() {
				if d.Is("map") && i == 1 {
					continue
				}
				for _, name := range parser.VariablesIn(d.Param(i)) {
					used[name] = true
				}
			}
		}
		return true
	})
	return used
}
