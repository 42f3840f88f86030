package lint

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// subrequestChange returns what the patch would do to a subrequest of another
// location, where auth_request and mirror may send it, or "".
func (s *session) subrequestChange(all []pair) string {
	after := make(map[*parser.Context]subject, len(all))
	for _, p := range all {
		after[p.before.Context] = p.after
	}
	type subrequest struct {
		server     *parser.Context
		name, path string
	}
	asked, compared := make(map[subrequest]bool), make(map[*parser.Context]bool)
	for _, p := range all {
		for _, name := range []string{"auth_request", "mirror"} {
			for _, d := range p.before.Effective(name).Directives {
				path, _, _ := strings.Cut(d.Param(0), "?")
				from := subrequest{p.before.Server(), name, path}
				if asked[from] || path == "off" || from.server == nil {
					continue
				}
				asked[from] = true
				for _, end := range p.before.model.SubrequestEnds(from.server, path, name == "auth_request") {
					if compared[end] {
						continue
					}
					compared[end] = true
					if what := s.changedEnd(subject{end, p.before.model}, after[end]); what != "" {
						return fmt.Sprintf("%s: the subrequest of %s %s may end here, and %s", place(end), name, path, what)
					}
				}
			}
		}
	}
	return ""
}

// changedEnd compares a location that a subrequest may reach. It must not be asked to
// upgrade that subrequest if it was not before: after a 101 nginx closes the client's
// connection. Safe fixes change nothing there, but they may stop such an upgrade.
func (s *session) changedEnd(before, after subject) string {
	if after.Context == nil { // the server itself
		return ""
	}
	for _, v := range s.versions.Samples() {
		asked, asks := before.model.Subrequest(before.Context, model.WebSocket, v).AsksUpgrade(), after.model.Subrequest(after.Context, model.WebSocket, v).AsksUpgrade()
		if asks && !asked {
			return "its upstream would be asked to upgrade it: nginx then closes the client's connection"
		}
		var stopped []string
		if asked && !asks {
			stopped = []string{"Upgrade", "Connection"}
		}
		for _, kind := range []model.Kind{model.WebSocket, model.Plain} {
			what := differs(before.model.Subrequest(before.Context, kind, v), after.model.Subrequest(after.Context, kind, v), stopped)
			if what != "" && s.least == fixer.Safe {
				return "its " + what + " would change"
			}
		}
	}
	return ""
}
