package probe

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ServedBy returns the place as it is read by the nginx that has answered, if an answer
// names its version in the Server header and the options of the place name none.
func (p *Place) ServedBy(answers *Inquiry) (*Place, error) {
	if p == nil || !p.options.Version.IsZero() {
		return p, nil
	}
	v, ok := answers.version()
	if !ok {
		return p, nil
	}
	opt := p.options
	opt.Version = v
	return Locate(opt, answers.URL)
}

// version returns the version of nginx, or of a relative, that the Server header of an
// answer names. nginx replaces that of its upstream.
func (in *Inquiry) version() (parser.Version, bool) {
	for _, a := range in.Answers {
		server := a.Header.Get("Server")
		if v, err := parser.ParseVersion(server); err == nil && strings.Contains(server, "/") {
			return v, true
		}
	}
	return parser.Version{}, false
}
