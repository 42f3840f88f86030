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

// LostInheritedHeaders finds locations whose own proxy_set_header lines, often
// the two that WebSockets need, cancel those of the level around them.
var LostInheritedHeaders = &Rule{
	Name:     "lost-inherited-headers",
	Summary:  "a WebSocket location's own proxy_set_header lines cancel Host and others of the level around it",
	Group:    Correctness,
	Severity: Warning,
	Within:   lostInheritedHeaders,
}

func lostInheritedHeaders(p *Pass) {
	for _, l := range p.Meant {
		lost, harmful := l.cancelled()
		if len(lost) == 0 {
			continue
		}
		lines, names, changes := repeated(lost)
		from := l.Parent.Effective("proxy_set_header").From
		f := Finding{Severity: Info, Span: l.Request.Set.Directives[0].Span(), Related: []Related{{lost[0].Span(), "a header line that does not hold in the location"}}}
		f.Message = fmt.Sprintf("the location's own proxy_set_header lines cancel those at %s level: %s not sent to %s",
			from.Name, list(names, "is", "are"), l.target())
		if slices.Contains(changes, "Host") {
			f.Severity = Warning
			f.Message += fmt.Sprintf("; it sees Host as %q, and applications that compare Origin with Host refuse browsers with 403", l.proxyHost())
		}
		f.Message += l.belief()
		if l.Opener != nil {
			message := fmt.Sprintf("repeat the lines of %s level for %s, for plain requests too", from.Name, list(names, "", ""))
			if len(harmful) > 0 {
				_, left, _ := repeated(harmful)
				message += fmt.Sprintf("; %s left out: many applications do not answer a handshake with such a header", list(left, "is", "are"))
			}
			fix := l.sendHeaders(message, lines, changes, never)
			if strings.HasPrefix(l.Request.Target.Text, "https:") {
				fix.Safety = fixer.Unsafe
			}
			f.Fixes = []fixer.Fix{fix}
		}
		p.Report(f, l)
	}
}

// repeated returns header lines as they are written in another location, the names
// of their headers, and the same in the form that fixes use for changes.
func repeated(all []*parser.Directive) (lines, names, changes []string) {
	for _, d := range all {
		lines = append(lines, written(d))
		if header := model.CanonicalHeader(d.Param(0)); !slices.Contains(changes, header) {
			names, changes = append(names, d.Param(0)), append(changes, header)
		}
	}
	return lines, names, changes
}

// lostHeaders returns the header lines of the level around a WebSocket location
// that its own lines cancel, and that do a handshake no harm.
func (l *Location) lostHeaders() []*parser.Directive {
	lost, _ := l.cancelled()
	return lost
}

// cancelled returns the header lines of the level around a WebSocket location that
// its own lines cancel, and of these apart the ones that no handshake may have.
// Upgrade and Connection are not among them: without those the handshake fails,
// which missing-upgrade-headers says.
func (l *Location) cancelled() (lost, harmful []*parser.Directive) {
	set := l.Request.Set
	if l.Score.Level < intent.Likely || set.Unsure != nil || set.From != l.Context || l.Parent == nil {
		return nil, nil
	}
	outer := l.Parent.Effective("proxy_set_header")
	if len(outer.Directives) == 0 || outer.Unsure != nil || l.foreign() {
		return nil, nil
	}
	sent := make(map[string]bool, len(set.Directives))
	for _, d := range set.Directives {
		sent[strings.ToLower(d.Param(0))] = true
	}
	for _, d := range outer.Directives {
		name := d.Param(0)
		value := l.Tree.Evaluate(d.Param(1), model.WebSocket)
		if strings.HasSuffix(name, ":") { // colon-in-header-name says what that is
			continue
		}
		if d.ParamCount() != 2 || sent[strings.ToLower(name)] || value.Known && value.Text == "" {
			continue
		}
		if model.SpoilsHandshake(name, value) {
			harmful = append(harmful, d)
			continue
		}
		switch model.CanonicalHeader(name) {
		case "Upgrade", "Connection", "Origin", "Sec-Websocket-Key", "Sec-Websocket-Version", "Sec-Websocket-Protocol", "Sec-Websocket-Extensions": // which do better as the client sends them
		case "Host":
			if l.hostMatters() && !strings.EqualFold(d.Param(1), "$proxy_host") {
				lost = append(lost, d)
			}
		default:
			lost = append(lost, d)
		}
	}
	return lost, harmful
}

// list writes names as a sentence has them, with a verb that fits.
func list(names []string, one, many string) string {
	if len(names) == 1 {
		return strings.TrimSpace(names[0] + " " + one)
	}
	last := len(names) - 1
	return strings.TrimSpace(strings.Join(names[:last], ", ") + " and " + names[last] + " " + many)
}
