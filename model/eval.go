package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Kind is a kind of request.
type Kind int

const (
	WebSocket Kind = iota // a browser's handshake (RFC 6455, section 4.1)
	Plain                 // any other request, without Upgrade
	Firefox               // a handshake with "Connection: keep-alive, Upgrade", as Firefox sends it
)

func (k Kind) handshake() bool { return k != Plain }

// A Value is the result of an expression for one request. If it is not Known, Text is
// the expression with every known part filled in: two values with the same Text are
// equal, whatever the unknown part is.
type Value struct {
	Text  string
	Known bool
}

func literal(s string) Value { return Value{s, true} }

// fewMaps maps or fewer are evaluated again rather than cached.
const fewMaps = 16

// maxEval limits maps that refer to each other.
const maxEval = 16

// An evaluator follows one request through a location's rewrite directives.
type evaluator struct {
	model *Model
	kind  Kind
	vars  variables       // variables changed by set directives
	at    *parser.Context // the level whose rewrite directives ran last; nil for none
	depth int
	maps  int // results of maps
	steps int // steps that it used

	settled  bool // all rewrite directives have run
	scripted bool // a script may have set any variable of a set directive

	guess   map[string]string // what a browser is assumed to send, by variable; nil where nothing is
	unknown *[]string         // the variables whose value was asked for and is not known
}

// variables have values. Those of an if shadow the ones around it.
type variables struct {
	own   map[string]Value
	below *variables // not changed any more; nil for none
}

func (v *variables) of(name string) (Value, bool) {
	for ; v != nil; v = v.below {
		if value, ok := v.own[name]; ok {
			return value, true
		}
	}
	return Value{}, false
}

func (v *variables) set(name string, value Value) {
	if v.own == nil {
		v.own = make(map[string]Value)
	}
	v.own[name] = value
}

// client returns a variable of the client's own request. The Connection of a plain
// request is up to the client and so unknown.
func (r *evaluator) client(name string) (Value, bool) {
	switch name {
	case "http_upgrade":
		if r.kind.handshake() {
			return literal("websocket"), true
		}
		return literal(""), true
	case "http_connection":
		switch r.kind {
		case WebSocket:
			return literal("Upgrade"), true
		case Firefox:
			return literal("keep-alive, Upgrade"), true
		}
	case "request_method":
		if r.kind.handshake() {
			return literal("GET"), true
		}
	case "http_sec_websocket_version":
		if r.kind.handshake() {
			return literal("13"), true
		}
		return literal(""), true
	case "content_length", "content_type", "http_content_length", "http_content_type", "http_transfer_encoding", "http_expect": // a handshake has no body
		if r.kind.handshake() {
			return literal(""), true
		}
	case "server_protocol":
		if r.kind.handshake() {
			return literal("HTTP/1.1"), true
		}
	}
	if misspelt(name) {
		return literal(""), true
	}
	return Value{}, false
}

// expand evaluates a value that contains variables (nginx's complex value).
func (r *evaluator) expand(expr string) Value {
	r.steps += 1 + len(expr)/64
	first := strings.IndexByte(expr, '$')
	if first < 0 && len(expr) <= maxValue {
		return literal(expr)
	}
	if first == 0 {
		if name, width := parser.VariableAt(expr, 0); width == len(expr) {
			return r.variable(strings.ToLower(name))
		}
	}
	out := Value{Known: true}
	var b strings.Builder
	for i := 0; i < len(expr); {
		name, width := parser.VariableAt(expr, i)
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
	r.steps += b.Len() / 64
	if out.Text = b.String(); len(out.Text) > maxValue {
		return symbolic(out.Text)
	}
	return out
}

// variable returns the value of a variable; the name is in lower case.
func (r *evaluator) variable(name string) Value {
	defs := r.model.Definition(name)
	if r.scripted && defs != nil && defs.Mapped == nil {
		return Value{Text: "${" + name + "}"}
	}
	if v, ok := r.vars.of(name); ok && (v.Known || r.guess == nil && r.unknown == nil || defs == nil || defs.Mapped == nil) {
		return v
	}
	if name == "invalid_referer" && r.at != nil && r.kind.handshake() {
		if v, ok := invalidReferer(r.at); ok {
			return v
		}
	}
	unknown := Value{Text: "${" + name + "}"}
	if r.depth >= maxEval || r.maps >= maxMaps {
		return unknown
	}
	r.depth++
	defer func() { r.depth-- }()
	if defs != nil && defs.Mapped != nil {
		return r.defined(name, defs.Mapped)
	}
	if v, ok := r.client(name); ok {
		return v
	}
	if v, ok := r.guess[name]; ok {
		return literal(v)
	}
	if defs != nil && !r.model.Fragment && defs.AllSets {
		return literal("") // it is set somewhere, but not for this request
	}
	if r.unknown != nil && !slices.Contains(*r.unknown, name) {
		*r.unknown = append(*r.unknown, name)
	}
	return unknown
}

// defined returns the value of a variable of a map, geo or split_clients.
func (r *evaluator) defined(name string, d *parser.Variable) Value {
	if d.Directive.Is("map") {
		v := r.mapped(d)
		// It is evaluated once per request. The first few are not cached once no
		// variable changes any more.
		if few := r.settled && r.depth == 1 && r.maps <= fewMaps; !few && d.Map.First("volatile") == nil {
			r.vars.set(name, v)
		}
		return v
	}
	if len(d.Map.Directives) == 1 && d.Map.Directives[0].Is("default") {
		return literal(d.Map.Directives[0].Param(0))
	}
	return symbolic("${" + name + "}" + d.Directive.Span().Text())
}

// NeverEmpty reports whether an expression is not empty for any request: it has text,
// or a variable that is never empty if the client names a host.
func NeverEmpty(expr string) bool {
	for i := 0; i < len(expr); {
		name, width := parser.VariableAt(expr, i)
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

// Evaluate evaluates an expression for a request that no set directive has affected.
func (m *Model) Evaluate(expr string, kind Kind) Value {
	r := evaluator{model: m, kind: kind}
	defer func() { m.spend(r.steps) }()
	return r.expand(expr)
}
