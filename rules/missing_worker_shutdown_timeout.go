package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
)

// MissingWorkerShutdownTimeout finds configurations with WebSockets after whose
// reload the old worker processes stay as long as anyone is connected.
var MissingWorkerShutdownTimeout = &Rule{
	Name:     "missing-worker-shutdown-timeout",
	Summary:  "after a reload, old worker processes stay until their last WebSocket closes",
	Group:    Timeouts,
	Severity: Info,
	Pedantic: true,
	Config:   missingWorkerShutdownTimeout,
}

func missingWorkerShutdownTimeout(p *Pass) {
	if p.Config.Fragment || p.Root.Unread() != nil || p.Root.First("worker_shutdown_timeout") != nil {
		return
	}
	for _, l := range p.Meant {
		http := l.Enclosing("http")
		if l.Score.Level < intent.Certain || http.Opener == nil {
			continue
		}
		p.Report(Finding{
			Severity: Info, Span: wordsSpan(http.Opener), Context: http, Related: []Related{{l.Request.Pass.Span(), "a WebSocket location"}},
			Message: fmt.Sprintf("after a reload the old worker processes keep running with the old configuration until their last WebSocket closes%s: worker_shutdown_timeout limits that and closes the rest", l.belief()),
		}, nil)
		return // once is enough
	}
}
