package rules

import (
	"fmt"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ShortReadTimeout finds WebSocket connections that nginx cuts while they are idle.
// Only proxy_read_timeout does that; any byte in either direction, a ping too,
// restarts it.
var ShortReadTimeout = &Rule{
	Name:     "short-read-timeout",
	Summary:  "proxy_read_timeout cuts an idle WebSocket before the application pings",
	Group:    Timeouts,
	Severity: Error,
	Location: shortReadTimeout,
}

func shortReadTimeout(p *Pass, l *Location) {
	t := l.readTimeout()
	if t.unsure {
		return
	}
	f, ok := t.finding()
	if !ok {
		return
	}
	if fix, ok := t.fix(); ok {
		if f.Severity == Info && t.ping == 0 && t.least == 0 {
			fix.Safety = min(fix.Safety, fixer.Unsafe) // it may ping after all
		}
		if t.briefOnPurpose() {
			fix.Safety = fixer.Shown
		}
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// A readTimeout is what is known about idle time at a location.
type readTimeout struct {
	*Location
	setting parser.Setting
	value   time.Duration
	ping    time.Duration // of the application; 0 where none is known
	least   time.Duration // that the application or the user asks for; 0 for none
	unsure  bool
}

func (l *Location) readTimeout() readTimeout {
	t := readTimeout{Location: l, setting: l.Effective("proxy_read_timeout"), value: parser.DefaultReadTimeout}
	t.unsure = t.setting.Unsure != nil
	if d := t.setting.Last(); d != nil {
		v, err := parser.ParseTime(d.Param(0))
		t.value, t.unsure = v, t.unsure || err != nil
	} else if l.unseen() {
		t.unsure = true // it may be set where it cannot be seen
	}
	if e := l.Score.Endpoint; e != nil {
		t.ping, t.least = e.Ping, e.MinReadTimeout
	}
	t.least = max(t.least, time.Duration(t.Tree.MinReadTimeout)*time.Second)
	return t
}

// finding says what is wrong, if anything is.
func (t readTimeout) finding() (Finding, bool) {
	f := Finding{Span: t.Request.Pass.Span()}
	own := t.setting.Last()
	if own != nil {
		f.Span = own.Span()
	}
	idle := fmt.Sprintf("%s cuts a connection that is idle for %s", t.Tree.program(), seconds(t.value))
	if own == nil {
		idle += " (the default)"
	}
	app := ""
	if e := t.Score.Endpoint; e != nil {
		app = e.App
	}
	switch {
	case own != nil && t.value == 0:
		f.Severity, f.Message = Error, "proxy_read_timeout 0 does not disable the timeout: every request ends at once with 504 or a closed connection"
	case t.ping > 0 && t.value <= t.ping:
		f.Severity, f.Message = Warning, fmt.Sprintf("%s, but %s pings only every %s", idle, app, seconds(t.ping))
	case t.ping > 0 && t.value > t.ping && t.value >= t.least:
		return f, false
	case t.value < t.least && t.Tree.MinReadTimeout > 0 && t.least == time.Duration(t.Tree.MinReadTimeout)*time.Second:
		f.Severity, f.Message = Warning, fmt.Sprintf("%s; the minimum that you set is %s", idle, seconds(t.least))
	case own != nil && t.value < parser.DefaultReadTimeout && t.briefOnPurpose():
		f.Severity, f.Message = Info, idle+", which its comment intends for requests; a WebSocket that is silent for longer is closed (code 1006)"+t.belief()
	case own != nil && t.value < parser.DefaultReadTimeout:
		f.Severity, f.Message = Warning, idle+", less than the default: clients see code 1006"+t.belief()
	case t.value < t.least && (own == nil || 2*t.value < t.least): // 50 minutes do for an hour
		f.Severity, f.Message = Info, fmt.Sprintf("%s, unless the application pings more often; for %s at least %s is advised", idle, app, seconds(t.least))
	case t.value <= parser.DefaultReadTimeout && t.Score.Level == intent.Certain && t.ping == 0:
		f.Severity, f.Message = Info, idle+", unless the application pings more often: clients see code 1006"
	default:
		return f, false
	}
	return f, true
}

// briefOnPurpose reports whether a comment calls the timeout deliberate.
func (t readTimeout) briefOnPurpose() bool {
	d := t.setting.Last()
	return d != nil && deliberate(d)
}
