package parser

import (
	"strings"
)

// A Kind is a kind of request that is asked of the model.
type Kind int

const (
	WebSocket Kind = iota // a browser's handshake (RFC 6455, section 4.1)
	Plain                 // any other request, without Upgrade
)

// A Value is what an expression comes to for one request. Where it is not
// Known, Text is the expression with everything that is known put in: two
// values with the same Text are equal whatever the unknown is.
type Value struct {
	Text  string
	Known bool
}

func known(s string) Value { return Value{s, true} }

// smallMap is the size up to which a map is as soon worked out again as
// remembered.
const smallMap = 4

// maxEval bounds maps that refer to each other.
const maxEval = 16

// A run is one request on its way through a location's rewrite directives.
type run struct {
	cfg   *Config
	kind  Kind
	vars  map[string]Value // what set has set; nil for nothing
	at    *Context         // the level whose rewrite directives were run last; nil for none
	depth int

	settled bool // all rewrite directives are run
}

// set gives a variable a value for the rest of the request.
func (r *run) set(name string, v Value) {
	if r.vars == nil {
		r.vars = make(map[string]Value)
	}
	r.vars[name] = v
}

// client is what the client's own request holds, by variable. A plain request's
// Connection is the client's affair and so unknown.
func (r *run) client(name string) (Value, bool) {
	switch name {
	case "http_upgrade":
		if r.kind == WebSocket {
			return known("websocket"), true
		}
		return known(""), true
	case "http_connection":
		if r.kind == WebSocket {
			return known("Upgrade"), true
		}
	case "request_method":
		if r.kind == WebSocket {
			return known("GET"), true
		}
	case "http_sec_websocket_version":
		if r.kind == WebSocket {
			return known("13"), true
		}
		return known(""), true
	case "server_protocol":
		if r.kind == WebSocket {
			return known("HTTP/1.1"), true
		}
	}
	if misspelt(name) {
		return known(""), true
	}
	return Value{}, false
}

// expand evaluates a value with variables in it (nginx's complex value).
func (r *run) expand(expr string) Value {
	first := strings.IndexByte(expr, '$')
	if first < 0 {
		return known(expr)
	}
	if name, width := VariableAt(expr, first); first == 0 && width == len(expr) {
		return r.variable(strings.ToLower(name))
	}
	out := Value{Known: true}
	var b strings.Builder
	for i := 0; i < len(expr); {
		name, width := VariableAt(expr, i)
		if width == 0 {
			b.WriteByte(expr[i])
			i++
			continue
		}
		v := r.variable(strings.ToLower(name))
		out.Known = out.Known && v.Known
		b.WriteString(v.Text)
		i += width
	}
	out.Text = b.String()
	return out
}

// VariableAt returns the variable that begins at an offset of an expression,
// without $ and braces, and its width; 0 where none begins there.
func VariableAt(expr string, i int) (name string, width int) {
	if expr[i] != '$' {
		return "", 0
	}
	rest := expr[i+1:]
	if strings.HasPrefix(rest, "{") {
		if end := strings.IndexByte(rest, '}'); end > 1 {
			return rest[1:end], end + 2
		}
		return "", 0
	}
	n := 0
	for n < len(rest) && isNameByte(rest[n]) {
		n++
	}
	if n == 0 {
		return "", 0
	}
	if '1' <= rest[0] && rest[0] <= '9' {
		n = 1 // a capture
	}
	return rest[:n], n + 1
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// VariablesIn returns the names of the variables in an expression.
func VariablesIn(expr string) []string {
	var names []string
	for i := 0; i < len(expr); {
		name, width := VariableAt(expr, i)
		if width == 0 {
			width = 1
		} else {
			names = append(names, strings.ToLower(name))
		}
		i += width
	}
	return names
}

// variable returns the value of a variable, whose name is in lower case.
func (r *run) variable(name string) Value {
	if v, ok := r.vars[name]; ok {
		return v
	}
	if name == "invalid_referer" && r.at != nil && r.kind == WebSocket {
		if v, ok := r.at.invalidReferer(); ok {
			return v
		}
	}
	unknown := Value{Text: "${" + name + "}"}
	if r.depth >= maxEval {
		return unknown
	}
	r.depth++
	defer func() { r.depth-- }()
	defs := r.cfg.Variables(name)
	for i := len(defs) - 1; i >= 0; i-- { // of two maps nginx takes the last
		if d := defs[i]; d.Map != nil && d.Context.Name == "http" {
			if d.Directive.Is("map") {
				v := r.mapped(d)
				// It is worked out once a request. For a short one that is
				// of no account once no variable changes any more.
				if (!r.settled || r.depth > 1 || len(d.Map.Directives) > smallMap) && d.Map.First("volatile") == nil {
					r.set(name, v)
				}
				return v
			}
			if len(d.Map.Directives) == 1 && d.Map.Directives[0].Is("default") {
				return known(d.Map.Directives[0].Param(0))
			}
			return Value{Text: unknown.Text + d.Directive.Span().Text()}
		}
	}
	if v, ok := r.client(name); ok {
		return v
	}
	if len(defs) > 0 && !r.cfg.Fragment && allSet(defs) {
		return known("") // set somewhere, but not on this request's way
	}
	return unknown
}

func allSet(defs []*Variable) bool {
	for _, d := range defs {
		if !d.Directive.Is("set") {
			return false
		}
	}
	return true
}

// NeverEmpty reports whether an expression has something in it whatever is
// asked: text, or a variable that is never empty where a client names a host.
func NeverEmpty(expr string) bool {
	for i := 0; i < len(expr); {
		name, width := VariableAt(expr, i)
		switch strings.ToLower(name) {
		case "":
			return true
		case "host", "http_host", "proxy_host", "hostname", "server_addr", "server_port", "remote_addr", "scheme":
			return true
		}
		i += width
	}
	return false
}

// Evaluate evaluates an expression for a request that has met no set directive.
func (cfg *Config) Evaluate(expr string, kind Kind) Value {
	r := run{cfg: cfg, kind: kind}
	return r.expand(expr)
}
