package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
)

// LostInheritedHeaders finds locations whose own proxy_set_header lines, often
// the two that WebSockets need, cancel those of the level around them.
var LostInheritedHeaders = &Rule{
	Name:     "lost-inherited-headers",
	Summary:  "a WebSocket location's own proxy_set_header lines cancel Host and other inherited headers",
	Group:    Correctness,
	Severity: Warning,
	Location: lostInheritedHeaders,
}

func lostInheritedHeaders(p *Pass, l *Location) {
	lost, harmful := l.cancelled()
	if len(lost) == 0 {
		return
	}
	lines, names, changes := repeated(lost)
	from := l.Parent.Effective("proxy_set_header").From
	f := Finding{Severity: Info, Span: l.Request.Set.Directives[0].Span(), Related: []Related{{lost[0].Span(), "a header line that the location cancels"}}}
	f.Message = fmt.Sprintf("the location's own proxy_set_header lines cancel those at %s level: %s not sent to %s",
		from.Name, list(names, "is", "are"), l.target())
	if slices.Contains(changes, "Host") {
		f.Severity = Warning
		f.Message += fmt.Sprintf("; the application sees Host as %q, and if it compares Origin with Host, it refuses browsers with 403", l.proxyHost())
	}
	f.Message += l.belief()
	if l.Opener != nil {
		message := fmt.Sprintf("repeat the %s-level lines for %s, for plain requests too", from.Name, list(names, "", ""))
		if len(harmful) > 0 {
			_, left, _ := repeated(harmful)
			message += fmt.Sprintf("; %s left out, because many applications do not answer a handshake with such a header", list(left, "is", "are"))
		}
		fix := l.sendHeaders(message, lines, changes, never)
		if strings.HasPrefix(l.Request.Target.Text, "https:") {
			fix.Safety = fixer.Unsafe
		}
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// list writes names as a sentence has them, with a verb that fits.
func list(names []string, one, many string) string {
	if len(names) == 1 {
		return strings.TrimSpace(names[0] + " " + one)
	}
	last := len(names) - 1
	return strings.TrimSpace(strings.Join(names[:last], ", ") + " and " + names[last] + " " + many)
}
