package parser

import "strings"

// relatives are the relatives of nginx that accept more of a directive than nginx
// does: see Also and Loose.
var relatives = map[string]string{
	"keepalive": "Tengine", "limit_req": "Tengine", "limit_req_zone": "Tengine", "location": "Angie", "proxy_http_version": "Angie", "proxy_ssl_certificate": "Tengine",
	"proxy_ssl_certificate_key": "Tengine", "slice": "Tengine", "ssl_certificate": "Tengine", "ssl_certificate_key": "Tengine", "ssl_early_data": "Angie", "sticky": "Angie",
	"upstream": "Tengine",
}

// acceptedBy returns a relative of nginx that accepts what nginx refuses with a
// message, or "".
func (r *levelCheck) acceptedBy(d *Directive, message string) string {
	relative := relatives[d.Name()]
	if relative == "" {
		return ""
	}
	number := strings.HasPrefix(message, "invalid number") || strings.HasPrefix(message, "invalid location modifier")
	for _, info := range d.Infos() {
		if info.Also&r.set != 0 || number && info.Loose && info.Contexts&r.set != 0 && acceptedNumber(d) {
			return relative
		}
	}
	if d.Is("proxy_http_version") && d.Param(0) == "3" || d.Is("upstream") && r.otherCase(d) {
		return relative
	}
	return ""
}

// acceptedNumber reports whether a relative of nginx accepts a directive with that
// number of parameters: Angie's location may have several names.
func acceptedNumber(d *Directive) bool {
	n := d.ParamCount()
	switch d.Name() {
	case "location":
		for i := range n {
			if p := d.Param(i); p == "" || strings.IndexByte("/=~^@", p[0]) < 0 {
				return false
			}
		}
		return n > 1
	case "slice":
		return n == 0
	case "limit_req_zone":
		return n >= 2
	}
	return n > 1 && n <= 4 // with a missing semicolon there are often more
}

// otherCase reports whether an upstream has the name of another one of the level, except
// for upper and lower case: Tengine tells them apart. Of many nothing is said.
func (r *levelCheck) otherCase(d *Directive) bool {
	own := r.Own("upstream")
	same := 0
	for _, other := range own[:min(len(own), maxCompared)] {
		if other.Param(0) == d.Param(0) { // d itself is there twice where its file is
			same++
		}
	}
	return r.set == InHTTP && d.Block != nil && same < 2 && len(own) <= maxCompared
}
