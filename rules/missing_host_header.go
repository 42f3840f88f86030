package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingHostHeader finds handshakes that reach the application with the
// upstream's name for Host, which no browser's Origin equals.
var MissingHostHeader = &Rule{
	Name:     "missing-host-header",
	Summary:  "Host is the upstream's name, so an application that compares Origin with Host refuses browsers",
	Group:    Correctness,
	Severity: Warning,
	Location: missingHostHeader,
}

// comparesOrigin says of applications whether they compare Origin with Host as
// they come; of those that are not here, it is not known. Vite looks at Host,
// and may refuse the public name; OpenAI wants its own.
var comparesOrigin = map[string]bool{
	"Cockpit": true, "Flask-SocketIO": true, "Grafana": true, "Grafana Live": true, "Jupyter": true, "Phoenix Channels": true,
	"Phoenix LiveView": true, "Portainer": true, "Rails Action Cable": true, "Spring STOMP": true, "code-server": true, "n8n": true,
	"Home Assistant": false, "Home Assistant ingress": false, "OpenAI Realtime": false, "Socket.IO": false, "Vite": false,
}

func missingHostHeader(p *Pass, l *Location) {
	f, ok := l.noHost()
	if !ok {
		return
	}
	if l.Opener != nil {
		fix := l.hostFix()
		if f.Severity == Info {
			fix.Safety = min(fix.Safety, fixer.Unsafe) // it may want the name that it gets
		}
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// noHost is the finding about a location for which nothing sets Host.
func (l *Location) noHost() (f Finding, ok bool) {
	if !l.hostMatters() || l.Request.Sets("Host") != nil || l.Request.Sets("Host:") != nil || l.Request.Sets("X-Forwarded-Host") != nil || l.headersUnseen() {
		return f, false
	}
	if from := l.Tree.Location(l.Request.Set.From); from != nil && len(from.lostHeaders()) > 0 {
		return f, false // lost-inherited-headers says so
	}
	f = Finding{Severity: Warning, Span: l.Request.Pass.Span()}
	if e := l.Score.Endpoint; e != nil && comparesOrigin[e.App] {
		f.Message = fmt.Sprintf("nothing sets Host, so the application sees %q: %s compares Origin with Host, and refuses browsers with 403 or a closed connection", l.proxyHost(), e.App)
	} else if l.Score.Level == intent.Certain && l.Request.Handshake().Outcome != model.Fails { // else there are other worries
		f.Severity = Info
		f.Message = fmt.Sprintf("nothing sets Host, so the application sees %q: if it compares Origin with Host, as gorilla, coder/websocket and tornado do, it refuses browsers with 403", l.proxyHost())
	} else {
		return f, false
	}
	f.Message += l.belief()
	return f, true
}

// hostMatters reports whether Host, where it is the upstream's own name, may
// keep an application from accepting a handshake. A server of a public name
// wants that very name; and where Origin is rewritten it is made to fit.
func (l *Location) hostMatters() bool {
	if l.Score.Level < intent.Likely || l.Request.Set.Unsure != nil || l.Request.Sets("Origin") != nil {
		return false
	}
	if e := l.Score.Endpoint; e != nil {
		if compares, known := comparesOrigin[e.App]; known && !compares {
			return false
		}
	}
	host := l.proxyHost()
	return host != "" && !strings.Contains(host, "$") && !l.foreign()
}

func (l *Location) hostFix() fixer.Fix {
	fix := l.sendHeaders("send the client's own Host", []string{"proxy_set_header Host " + l.hostValue() + ";"}, []string{"Host"}, func(c *parser.Context) bool {
		inner := l.Tree.Location(c)
		if inner == nil {
			return false
		}
		_, same := inner.noHost()
		return same
	})
	if strings.HasPrefix(l.Request.Target.Text, "https:") {
		fix.Safety = fixer.Unsafe // what has a certificate may have several names
	}
	return fix
}
