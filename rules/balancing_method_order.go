package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// BalancingMethodOrder finds upstream blocks in which one directive cancels
// another: keepalive and sticky wrap the method above them, and the last method
// wins.
var BalancingMethodOrder = &Rule{
	Name:     "balancing-method-order",
	Summary:  "a balancing method cancels the method, sticky or keepalive above it",
	Group:    Balancing,
	Severity: Warning,
	Location: balancingMethodOrder,
}

func balancingMethodOrder(p *Pass, l *Location) {
	u := l.Upstream()
	if u == nil || l.Score.Level < intent.Likely {
		return
	}
	undone, by := p.undone(u)
	if undone == nil {
		return
	}
	p.Report(Finding{
		Severity: Warning, Span: by.Span(), Message: p.methodMessage(undone, by),
		Related: []Related{{undone.Span(), "the directive that it cancels"}, {l.Request.Pass.Span(), "a location that uses it"}},
		Once:    true, fix: func() (fixer.Fix, bool) { return methodFirst(undone, by) },
	}, nil)
}

// undone returns the first directive of an upstream that a later method cancels,
// and that method.
func (p *Pass) undone(u *parser.Context) (undone, by *parser.Directive) {
	var above *parser.Directive
	for _, d := range u.Directives {
		switch {
		case d.Is(model.BalancingMethods...):
			if above != nil {
				return above, d
			}
			above = d
		case d.Is("sticky", "session_sticky"), d.Is("keepalive") && !p.Settings.Versions.All(parser.KeptByDefault):
			above = d
		}
	}
	return nil, nil
}

func (p *Pass) methodMessage(undone, by *parser.Directive) string {
	name := by.Name()
	warns := " (" + p.program() + " warns: load balancing method redefined)"
	switch {
	case undone.Is("keepalive"):
		when := ""
		if first := p.Settings.Versions.Named(parser.KeptByDefault); first != "" {
			when = " before " + first
		}
		return fmt.Sprintf("%s below keepalive turns it off%s%s: each request to the upstream opens a new connection", name, when, warns)
	case undone.Is("sticky", "session_sticky"):
		return fmt.Sprintf("%s below %s cancels it%s: requests of one session are spread over all servers", name, undone.Name(), warns)
	case undone.Name() == name:
		return fmt.Sprintf("%s appears twice here%s: the last one is used", name, warns)
	}
	return fmt.Sprintf("%s cancels the %s above it%s: an upstream uses only the last method", name, undone.Name(), warns)
}

// methodFirst puts the method above the directive that it cancels. Of two methods nobody
// knows which was meant.
func methodFirst(undone, by *parser.Directive) (fixer.Fix, bool) {
	if undone.In != by.In || !undone.Is("keepalive", "sticky", "session_sticky") || by.Block != nil {
		return fixer.Fix{}, false
	}
	fix := fixer.Fix{
		Message: fmt.Sprintf("put %s above %s", by.Name(), undone.Name()), Safety: fixer.Unsafe,
		Edits: []fixer.Edit{insertBefore(undone, []string{written(by)}), removeDirective(by)},
	}
	return fix, true
}
