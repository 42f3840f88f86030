package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// DuplicateHeader finds Upgrade and Host lines that reach the application twice.
// Most applications read two Connection lines as one list (RFC 9110, section 5.3).
// Some read only the last one, so it must be the one that asks for an upgrade.
var DuplicateHeader = &Rule{
	Name:     "duplicate-header",
	Summary:  "Upgrade or Host is sent twice, which many applications reject",
	Group:    Correctness,
	Severity: Error,
	Location: duplicateHeader,
}

func duplicateHeader(p *Pass, l *Location) {
	if l.Request.Set.Unsure != nil || l.sets("Upgrade") < 2 && l.sets("Host") < 2 && l.sets("Connection") < 2 {
		return
	}
	oldest := l.Tree.Request(l.Context, model.WebSocket, p.Settings.Versions.Min) // newer ones send one Host
	for _, name := range []string{"Upgrade", "Host", "Connection"} {
		lines := sentTwice(oldest, name)
		if len(lines) < 2 || name == "Connection" && !lastDiffers(oldest) || name == "Host" && (p.Settings.Versions.All(parser.OneHost) || l.acceptsTwoHosts()) {
			continue
		}
		p.duplicate(l, name, lines)
	}
}

// onNode are applications whose server is Node's, which accepts two Host lines.
var onNode = []string{"Node-RED", "n8n", "Uptime Kuma", "code-server", "Next.js HMR", "Vite", "webpack-dev-server 3", "webpack-dev-server 4", "Rocket.Chat", "Meteor", "Zigbee2MQTT", "WeTTY", "Etherpad"}

// acceptsTwoHosts reports whether the application is known to accept a request
// with two Host lines.
func (l *Location) acceptsTwoHosts() bool {
	return l.Score.Endpoint != nil && slices.Contains(onNode, l.Score.Endpoint.App)
}

// sets counts the lines that set a header.
func (l *Location) sets(name string) int {
	n := 0
	for _, d := range l.Request.Set.Directives {
		if strings.EqualFold(d.Param(0), name) {
			n++
		}
	}
	return n
}

// lastDiffers reports whether a Connection line asks for an upgrade and the last one,
// which some applications read alone, certainly does not.
func lastDiffers(q model.Request) bool {
	asks, last := false, model.Value{}
	for _, h := range q.All("Connection") {
		last = h.Value
		asks = asks || last.Known && hasUpgrade(last.Text)
	}
	return asks && last.Known && !hasUpgrade(last.Text)
}

// sentTwice returns the lines of a header that are surely not empty.
func sentTwice(q model.Request, name string) []*parser.Directive {
	var lines []*parser.Directive
	for _, h := range q.All(name) {
		if d := h.Directive; d != nil && (h.Value.Known || model.NeverEmpty(d.Param(1))) {
			lines = append(lines, d)
		}
	}
	return lines
}

func (p *Pass) duplicate(l *Location, name string, lines []*parser.Directive) {
	first, last := lines[0], lines[len(lines)-1]
	f := Finding{
		Severity: Error, Span: last.Span(), Related: []Related{{first.Span(), "the line before it"}},
		Once: true, fix: func() (fixer.Fix, bool) { return p.sayOnce(l, lines, name), true },
	}
	f.Message = fmt.Sprintf("%s sends %s %d times, because a second proxy_set_header does not replace the first: ", p.program(), name, len(lines))
	switch {
	case name == "Upgrade":
		f.Message += "most applications refuse the handshake (ws, Socket.IO and tornado 400, Python's websockets and uvicorn 426)"
	case name == "Connection":
		f.Severity = Warning
		f.Message += "some applications read only the last, which does not ask for an upgrade (wsproto in Hypercorn and uvicorn, gobwas, Cockpit), and refuse the handshake with 400 or 404"
	default:
		f.Severity = Warning
		f.Message += "Go's net/http, aiohttp and uvicorn with h11 answer every such request with 400"
		if p.Settings.Versions.Any(parser.OneHost) {
			f.Message += ", unless nginx is 1.31.4 or newer, which sends only the last"
		}
	}
	f.Message += l.belief()
	p.Report(f, l)
}

// sayOnce deletes all but one of several lines, the location's own where another
// comes from elsewhere. Which one should go is only clear where they are the same.
func (p *Pass) sayOnce(l *Location, lines []*parser.Directive, name string) fixer.Fix {
	first, last := lines[0], lines[len(lines)-1]
	if l.Opener != nil && last.In != l.Opener.Block && first.In == l.Opener.Block {
		first, last = last, first
	}
	fix := fixer.Fix{
		Message: "delete one of the two", Safety: fixer.Shown,
		Edits: []fixer.Edit{removeDirective(last)}, Names: p.Senders(last), Changes: []string{name},
	}
	if last.Param(1) != first.Param(1) || last.Span().File != first.Span().File {
		return fix
	}
	fix.Message, fix.Safety = "delete the repeated line", fixer.Safe
	for _, d := range lines { // all at once: there may be more of them than rounds
		if d != first && d != last && d.In == last.In && d.Param(1) == last.Param(1) {
			fix.Message = "delete the repeated lines"
			fix.Edits = append(fix.Edits, removeDirective(d))
		}
	}
	return fix
}
