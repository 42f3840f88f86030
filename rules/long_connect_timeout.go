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
	Summary:  "proxy_connect_timeout of hours does not keep a WebSocket open",
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
		Severity: Info, Once: true, Span: d.Span(), Related: []Related{{l.Request.Pass.Span(), "a location that it applies to"}},
		Message: fmt.Sprintf("proxy_connect_timeout %s only covers opening the connection to the upstream: proxy_read_timeout cuts an idle WebSocket, here after %s",
			d.Param(0), seconds(read.value)),
	}, l)
}
