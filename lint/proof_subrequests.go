package lint

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// subrequestChange returns what the patch would do to a subrequest of another
// location, where auth_request and mirror may send it, or "".
func (s *session) subrequestChange(old, patched subjects) string {
	asked := make(map[string]bool)
	for _, key := range old.order {
		for _, name := range []string{"auth_request", "mirror"} {
			for _, d := range old.byKey[key].Effective(name).Directives {
				server := old.byKey[key].Server()
				path, _, _ := strings.Cut(d.Param(0), "?")
				from := old.keys.of(server) + " " + name + " " + path
				if asked[from] || path == "off" || server == nil {
					continue
				}
				asked[from] = true
				for _, end := range server.SubrequestEnds(path, name == "auth_request") {
					if what := s.changedEnd(end, patched.byKey[old.keys.of(end)]); what != "" {
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
func (s *session) changedEnd(before, after *parser.Context) string {
	if after == nil { // the server itself
		return ""
	}
	for _, v := range s.versions.Samples() {
		asked, asks := before.Subrequest(parser.WebSocket, v).AsksUpgrade(), after.Subrequest(parser.WebSocket, v).AsksUpgrade()
		if asks && !asked {
			return "its upstream would be asked to upgrade it: nginx then closes the client's connection"
		}
		var stopped []string
		if asked && !asks {
			stopped = []string{"Upgrade", "Connection"}
		}
		for _, kind := range []parser.Kind{parser.WebSocket, parser.Plain} {
			what := differs(before.Subrequest(kind, v), after.Subrequest(kind, v), stopped)
			if what != "" && s.least == fixer.Safe {
				return "its " + what + " would change"
			}
		}
	}
	return ""
}
