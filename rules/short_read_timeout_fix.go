package rules

import (
	"fmt"
	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"time"
)

// longTimeout is the value that a fix sets if no ping is known: an hour, as most
// applications' documentation advises.
const longTimeout = time.Hour

// fix sets a timeout that outlasts the ping: what the application's
// documentation advises, else three times the interval of its pings, else an
// hour.
func (t readTimeout) fix() (fixer.Fix, bool) {
	if t.Opener == nil {
		return fixer.Fix{}, false
	}
	value := longTimeout
	switch {
	case t.least > 0:
		value = t.least
	case t.ping > 0:
		value = max(3*t.ping, parser.DefaultReadTimeout)
	}
	fix := fixer.Fix{
		Message: fmt.Sprintf("set proxy_read_timeout to %s, for plain requests too", seconds(value)), Safety: fixer.Unsafe,
		Names: []*parser.Context{t.Context}, Changes: []string{"proxy_read_timeout"},
	}
	if t.Score.Dedicated {
		fix.Message, fix.Safety = "set proxy_read_timeout to "+seconds(value), fixer.Safe
	}
	if d := t.setting.Last(); d != nil && t.setting.From == t.Context {
		fix.Edits = []fixer.Edit{replaceParam(d, 0, seconds(value))}
	} else {
		fix.Edits = []fixer.Edit{insertAfter(t.timeoutAnchor(), []string{"proxy_read_timeout " + seconds(value) + ";"})}
	}
	t.alsoChanges(&fix, "proxy_read_timeout", never)
	return fix, true
}

// timeoutAnchor is where a new timeout goes: after the headers.
func (t readTimeout) timeoutAnchor() *parser.Directive { return t.anchor("proxy_set_header") }

// seconds formats a time for nginx.
func seconds(d time.Duration) string {
	if d%time.Second != 0 {
		return fmt.Sprintf("%dms", d.Milliseconds())
	}
	return fmt.Sprintf("%ds", int64(d/time.Second))
}
