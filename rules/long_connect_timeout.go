package rules

import (
	"fmt"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// LongConnectTimeout finds hours in proxy_connect_timeout that were meant for
// the connection's life.
var LongConnectTimeout = &Rule{
	Name:     "long-connect-timeout",
	Summary:  "proxy_connect_timeout of hours, which keeps no connection",
	Group:    Timeouts,
	Severity: Info,
	Location: longConnectTimeout,
}

func longConnectTimeout(p *Pass, l *Location) {
	d := l.Request.Level.Effective("proxy_connect_timeout").Last()
	if d == nil || l.Score.Level < intent.Likely {
		return
	}
	connect, err := parser.ParseTime(d.Param(0))
	read := l.readTimeout()
	if err != nil || connect < time.Hour || read.unsure || read.value >= connect || read.value == 0 {
		return
	}
	p.Report(Finding{
		Severity: Info, Once: true, Span: d.Span(), Related: []Related{{l.Request.Pass.Span(), "a location in which it holds"}},
		Message: fmt.Sprintf("proxy_connect_timeout %s ends when the upstream has taken the connection: an idle WebSocket is cut by proxy_read_timeout, after %s here",
			d.Param(0), seconds(read.value)),
	}, l)
}
