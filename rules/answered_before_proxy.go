package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// AnsweredBeforeProxy finds WebSocket locations whose proxy_pass is not used, because
// nginx looks for a file first and answers with it, or with an error.
var AnsweredBeforeProxy = &Rule{
	Name:      "answered-before-proxy",
	Summary:   "try_files, an index page or another directive answers the handshake, and not proxy_pass",
	Group:     Paths,
	Severity:  Error,
	Location:  answeredBeforeProxy,
	Answering: answeredInstead,
	Leading:   answeredByTryFiles,
}

func answeredBeforeProxy(p *Pass, l *Location) {
	if l.Opener == nil || l.Score.Level < intent.Likely {
		return
	}
	if d := l.triedFiles(); d != nil && len(l.Request.Perhaps) == 1 && l.Request.Perhaps[0] == d {
		uri := lastParam(d)
		p.Report(Finding{Severity: Warning, Span: d.Span(), Message: fmt.Sprintf(
			"try_files changes the path of every handshake to %s before proxy_pass, and answers 500 if that file does not exist%s", uri, l.belief())}, l)
	}
	switch {
	case l.modifier == "@":
		p.indexBeforeNamed(l)
	case l.modifier == "" && l.path == "/":
		p.indexBeforeRoot(l)
	}
}

// answeredInstead reports a location whose proxy_pass another directive replaces.
func answeredInstead(p *Pass, l *Location) {
	pass, by := l.First("proxy_pass"), l.Request.By
	if q := l.Request; q.Pass != nil {
		by = q.Pass
	}
	if pass == nil || by == nil || by.In != pass.In || l.Request.Answer != "" || len(l.Request.Perhaps) > 0 {
		answeredByTryFiles(p, l)
		return
	}
	p.Report(Finding{Severity: Error, Span: by.Span(), Related: []Related{{pass.Span(), "not used"}}, Message: fmt.Sprintf(
		"%s comes after proxy_pass and answers in its place: nginx uses the last of them%s", by.Name(), l.belief())}, l)
}

// answeredByTryFiles reports a try_files that ends the way to the proxy_pass of its
// own location. nginx uses that proxy_pass only for files that exist.
func answeredByTryFiles(p *Pass, l *Location) {
	d := l.triedFiles()
	if d == nil || len(l.Request.Perhaps) > 0 || l.Request.By != nil || l.Unread() != nil || l.Request.Handshake().Outcome != model.Fails {
		return
	}
	f := Finding{Severity: Error, Span: d.Span(), Related: []Related{{l.First("proxy_pass").Span(), "not used for handshakes"}}}
	end, exists := "that page instead of 101", "no file has the name of the path"
	if l.directoryTried(d) { // the path may be that of a directory, at least the root
		f.Severity, exists = Warning, "no file or directory has the name of the path"
	}
	if code, isCode := strings.CutPrefix(lastParam(d), "="); isCode {
		end = code
		f.Message = fmt.Sprintf("try_files answers before proxy_pass: if %s, every handshake gets %s%s", exists, end, l.belief())
	} else {
		f.Message = fmt.Sprintf("try_files goes to %s before proxy_pass: if %s, every handshake gets %s%s", lastParam(d), exists, end, l.belief())
	}
	p.Report(f, l)
}

// triedFiles returns the try_files beside a location's proxy_pass that ends in a code
// or a URI, if all its files depend on the path: others may exist.
func (l *Location) triedFiles() *parser.Directive {
	d := l.First("try_files")
	if d == nil || l.Opener == nil || d.ParamCount() < 2 || l.First("proxy_pass") == nil {
		return nil
	}
	for _, file := range d.Params()[:d.ParamCount()-1] {
		if !strings.Contains(file.Value(), "uri") || !strings.Contains(file.Value(), "$") {
			return nil
		}
	}
	if last := lastParam(d); !strings.HasPrefix(last, "=") && !strings.HasPrefix(last, "/") {
		return nil
	}
	return d
}
