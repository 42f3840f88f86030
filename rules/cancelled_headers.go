package rules

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// repeated returns header lines as text for another location, the names of their
// headers, and these names in the form of Fix.Changes.
func repeated(all []*parser.Directive) (lines, names, changes []string) {
	for _, d := range all {
		lines = append(lines, written(d))
		if header := model.CanonicalHeader(d.Param(0)); !slices.Contains(changes, header) {
			names, changes = append(names, d.Param(0)), append(changes, header)
		}
	}
	return lines, names, changes
}

// lostHeaders returns the inherited header lines that a WebSocket location's own
// lines cancel and that do a handshake no harm.
func (l *Location) lostHeaders() []*parser.Directive {
	lost, _ := l.cancelled()
	return lost
}

// cancelled returns the inherited header lines that a WebSocket location's own
// lines cancel: those to repeat, and those that no handshake may carry. Upgrade and
// Connection are not among them: missing-upgrade-headers reports those.
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
		switch header := model.CanonicalHeader(name); {
		case model.SpoilsHandshake(name, value):
			harmful = append(harmful, d)
		case header == "Upgrade", header == "Connection", header == "Origin", model.OnlyHandshakes(name): // as the client sends them they do better
		case header == "Host" && (!l.hostMatters() || strings.EqualFold(d.Param(1), "$proxy_host")):
		default:
			lost = append(lost, d)
		}
	}
	return lost, harmful
}
