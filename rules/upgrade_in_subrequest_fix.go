package rules

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// fix clears the two headers in the subrequest's location. No client reaches an
// internal one; what else it is there for cannot be seen of another.
func (s *subrequest) fix() (fixer.Fix, bool) {
	if s.Opener == nil || s.Request.Set.Unsure != nil {
		return fixer.Fix{}, false
	}
	fix := fixer.Fix{
		Message: "send no Upgrade and no Connection with the subrequest", Safety: fixer.Shown,
		Names: []*parser.Context{s.Context}, Changes: []string{"Upgrade", "Connection"},
	}
	if s.Effective("internal").Last() != nil {
		fix.Safety = fixer.Safe
	}
	s.clear(&fix)
	s.alsoChanges(&fix, "proxy_set_header", never)
	return fix, true
}

// clear sets the two headers to nothing: in the location's own lines, or after
// a copy of those that it inherits, for one line of its own would cancel them.
func (s *subrequest) clear(fix *fixer.Fix) {
	own := s.Request.Set.From == s.Context
	var lines []string
	for _, d := range s.Request.Set.Directives {
		switch name := d.Param(0); {
		case strings.EqualFold(name, "Upgrade"), strings.EqualFold(name, "Connection"):
			if own {
				fix.Edits = append(fix.Edits, replaceParam(d, 1, `""`))
			}
		case !own:
			lines = append(lines, written(d))
		}
	}
	if own {
		return
	}
	if len(lines) > 0 {
		fix.Message += ", and repeat the other " + s.Request.Set.From.Name + "-level headers, which they would cancel"
	}
	lines = append(lines, `proxy_set_header Upgrade "";`, `proxy_set_header Connection "";`)
	fix.Edits = []fixer.Edit{insertAfter(s.anchor("proxy_pass"), lines)}
}
