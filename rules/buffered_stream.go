package rules

import (
	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// BufferedStream finds server-sent events and the like that nginx delays. Measured:
// over HTTP/1.0 nginx waits for a full buffer, and gzip waits for the end; a
// chunked response over HTTP/1.1 passes at once, buffered or not. WebSockets are
// not buffered.
var BufferedStream = &Rule{
	Name:     "buffered-stream",
	Summary:  "nginx buffers an event stream, so events arrive late",
	Group:    Streams,
	Severity: Info,
	Proxying: bufferedStream,
}

func bufferedStream(p *Pass, l *Location) {
	known := l.Score.Endpoint != nil && l.Score.Endpoint.Endless
	if !known && !l.Score.Events || l.Score.Level >= intent.Likely {
		return
	}
	buffering := l.Effective("proxy_buffering")
	if d := buffering.Last(); buffering.Unsure != nil || d == nil && l.unseen() || d != nil && d.Param(0) == "off" {
		return
	}
	what := "the name says server-sent events"
	if known {
		what = "a stream of " + l.Score.Endpoint.App
	}
	why := l.holdsBack()
	if why == "" {
		return
	}
	f := Finding{
		Severity: Info, Span: l.Request.Pass.Span(), Context: l.Context, Intent: l.intent(),
		Message: "proxy_buffering is on and " + why + " (" + what + "), unless the application answers with X-Accel-Buffering: no",
	}
	if d := buffering.Last(); d != nil && buffering.From == l.Context {
		f.Span = d.Span()
	}
	if fix, ok := l.unbuffer(buffering, known); ok {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, nil)
}

// holdsBack returns why nginx delays a response, or "".
func (l *Location) holdsBack() string {
	gzip, types := l.Effective("gzip"), l.Effective("gzip_types")
	if d := gzip.Last(); d != nil && d.Param(0) == "on" && gzip.Unsure == nil && types.Unsure == nil {
		for _, t := range types.Directives {
			if hasWord(t, "text/event-stream") || hasWord(t, "*") {
				return "gzip compresses event streams: no event reaches the client before the response ends"
			}
		}
	}
	version := l.Request.Version
	if version.Unsure != nil || version.Last() == nil && l.unseen() {
		return ""
	}
	for _, v := range l.Tree.Settings.Versions.Samples() {
		if l.Tree.Request(l.Context, model.Plain, v).HTTP != "1.0" {
			continue
		}
		how := ""
		if version.Last() == nil {
			how = ", the default before nginx 1.29.7"
		}
		return "requests go upstream as HTTP/1.0" + how + ": events wait until a buffer is full or the response ends"
	}
	return ""
}

func (l *Location) unbuffer(set parser.Setting, known bool) (fixer.Fix, bool) {
	if l.Opener == nil {
		return fixer.Fix{}, false
	}
	fix := fixer.Fix{
		Message: "turn proxy_buffering off for the stream", Safety: fixer.Unsafe,
		Names: []*parser.Context{l.Context}, Changes: []string{"proxy_buffering"},
	}
	if known {
		fix.Safety = fixer.Safe
	}
	if d := set.Last(); d != nil && set.From == l.Context {
		fix.Edits = []fixer.Edit{replaceParam(d, 0, "off")}
	} else {
		fix.Edits = []fixer.Edit{insertAfter(l.anchor("proxy_set_header"), []string{"proxy_buffering off;"})}
	}
	l.alsoChanges(&fix, "proxy_buffering", never)
	return fix, true
}
