package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// UnknownInclude finds includes for which nginx refuses the configuration. What
// else could not be read is for the notes of a run: it may be in order.
var UnknownInclude = &Rule{
	Name:     "unknown-include",
	Summary:  "an include names a missing file, a directory, or itself",
	Group:    Correctness,
	Severity: Error,
	Config:   unknownInclude,
}

func unknownInclude(p *Pass) {
	seen := make(map[*parser.Directive]bool)
	for _, inc := range p.Includes {
		if inc.Problem == "" || inc.Harmless || seen[inc.Directive] {
			continue
		}
		f := Finding{Severity: Error, Span: inc.Directive.Span(), Message: inc.Problem + ": " + p.program() + " refuses the configuration", Context: p.Root}
		switch {
		case inc.Assumed && (p.Fragment || !p.deployed()):
			continue // a note says so
		case !inc.Missing && !inc.Assumed: // a directory, or a file that includes itself
		case p.Fragment || inc.Glob || inc.Denied || !strings.HasPrefix(inc.Problem, "open()"):
			continue
		case p.deployed():
			f.Message += "; what depends on it is not judged"
		default:
			f.Severity = Info
			f.Message += ", unless a package or the deployment creates it; what depends on it is not judged"
		}
		seen[inc.Directive] = true
		p.Report(f, nil)
	}
}

// deployed reports whether the configuration is at the path where nginx reads it,
// and not in a repository that may lack some files.
func (t *Tree) deployed() bool {
	return slices.Contains(parser.UsualPrefixes, "/"+path.Dir(t.Name))
}
