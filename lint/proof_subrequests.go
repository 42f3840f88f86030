package lint

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// newlyUpgraded returns a location in which a subrequest of a WebSocket location may
// end and whose upstream is asked to upgrade it in the patched tree only, or "". A
// 101 to a subrequest makes nginx close the connection of the client.
func (s *session) newlyUpgraded(old, patched subjects) string {
	asked := make(map[string]bool)
	for _, key := range old.order {
		for _, name := range []string{"auth_request", "mirror"} {
			for _, d := range old.byKey[key].Effective(name).Directives {
				server, m := old.byKey[key].Server(), old.byKey[key].model
				path, _, _ := strings.Cut(d.Param(0), "?")
				from := old.keys.of(server) + " " + path
				if asked[from] || path == "off" || server == nil {
					continue
				}
				asked[from] = true
				if end := s.upgradedEnd(m, m.SubrequestEnds(server, path), old, patched); end != nil {
					return fmt.Sprintf("%s: the subrequest of %s %s may end here, and its upstream would be asked to upgrade it: nginx then closes the client's connection", place(end), name, path)
				}
			}
		}
	}
	return ""
}

// upgradedEnd returns the end of a subrequest that asks to upgrade only when it is
// patched, or nil. Locations that handshakes do not reach may have the subrequest,
// but not its damage; they are not told apart.
func (s *session) upgradedEnd(m *model.Model, ends []*parser.Context, old, patched subjects) *parser.Context {
	for _, before := range ends {
		after, ok := patched.byKey[old.keys.of(before)]
		if !ok {
			continue
		}
		for _, v := range s.versions.Samples() {
			if !m.Subrequest(before, model.WebSocket, v).AsksUpgrade() && after.model.Subrequest(after.Context, model.WebSocket, v).AsksUpgrade() {
				return before
			}
		}
	}
	return nil
}
