package rules

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// resolverFix takes $request_uri away, without which nginx sends the same, but
// looks the host up when it starts; or names Docker's resolver, where nginx is
// known to have it.
func (l *Location) resolverFix(names []string) (fixer.Fix, bool) {
	pass := l.Request.Pass
	literal, ok := strings.CutSuffix(strings.Replace(pass.Param(0), "${request_uri}", "$request_uri", 1), "$request_uri")
	a, isURL := parseAddress(literal)
	if ok && isURL && a.uri == "" && !strings.Contains(literal, "$") && l.First("rewrite") == nil && l.Server().First("rewrite") == nil {
		fix := fixer.Fix{
			Message: "remove $request_uri: without it nginx passes the request on just the same, and " + a.host + " is looked up when nginx starts", Safety: fixer.Unsafe,
			Names: []*parser.Context{l.Context}, Changes: []string{"target"}, Edits: []fixer.Edit{replaceWord(pass.ParamWord(0), literal)},
		}
		if a.host == "localhost" && !l.unseen() { // it is there whenever nginx starts, and no rewrite is unseen
			fix.Safety = fixer.Safe
		}
		return fix, true
	}
	server := l.Server()
	if l.Tree.Container == nil || names[0] == "localhost" || server.Opener == nil || len(server.Children) == 0 {
		return fixer.Fix{}, false
	}
	return fixer.Fix{
		Message: "use Docker's resolver, 127.0.0.11 in every container of " + l.Tree.Container.Source, Safety: fixer.Unsafe,
		Edits: []fixer.Edit{insertAfter(server.Opener.Block.Directives[0], []string{"resolver 127.0.0.11 valid=30s;"})},
	}, true
}
