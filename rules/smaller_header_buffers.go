package rules

import (
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// SmallerHeaderBuffers finds handshakes that pass nginx twice, where only the first
// server accepts long cookies.
var SmallerHeaderBuffers = &Rule{
	Name:     "smaller-header-buffers",
	Summary:  "large_client_header_buffers is raised at the first of two nginx servers only",
	Group:    Capacity,
	Severity: Warning,
	Location: smallerHeaderBuffers,
}

// headerBuffer is the default size of one of large_client_header_buffers.
const headerBuffer = 8 << 10

func smallerHeaderBuffers(p *Pass, l *Location) {
	if l.next == nil || l.next == l.Server() {
		return
	}
	const name = "large_client_header_buffers"
	here, there := l.Server().Effective(name), l.next.Effective(name)
	if here.Last() == nil || there.Unsure != nil || p.Fragment && there.Last() == nil {
		return
	}
	first, known := here.Bytes(1, headerBuffer)
	second, alsoKnown := there.Bytes(1, headerBuffer)
	if !known || !alsoKnown || first <= second {
		return
	}
	at, limit := wordsSpan(l.next.Opener), "8k by default"
	if set := there.Last(); set != nil {
		limit = set.Param(1)
	}
	own := l.next.First(name)
	if own != nil {
		at = own.Span()
	}
	p.Report(Finding{
		Severity: Warning, Span: at, Once: true,
		Message: fmt.Sprintf("this server accepts header lines of %s, and the one that proxies to it accepts %s: handshakes with longer cookies or tokens get 400 here (%q)",
			limit, here.Last().Param(1), "Request Header Or Cookie Too Large"),
		Related: []Related{{here.Last().Span(), "raised at the first server"}, {l.Request.Pass.Span(), "it proxies to the second"}},
		fix: func() (fixer.Fix, bool) {
			return copyBuffers(l.next, own, here.Last())
		},
	}, l)
}

// copyBuffers sets the buffers of the second server to those of the first. A setting
// that the second one inherits stays: other servers have it too.
func copyBuffers(server *parser.Context, own, first *parser.Directive) (fixer.Fix, bool) {
	fix := fixer.Fix{Message: "accept the same header lines at the second server, for all its requests", Safety: fixer.Unsafe}
	if own != nil {
		fix.Edits = []fixer.Edit{replaceParam(own, 0, first.Param(0)), replaceParam(own, 1, first.Param(1))}
		return fix, true
	}
	for _, d := range slices.Backward(server.Opener.Block.Directives) {
		if d.Is("listen", "server_name") {
			fix.Edits = []fixer.Edit{insertAfter(d, []string{written(first)})}
			return fix, true
		}
	}
	return fix, false
}
