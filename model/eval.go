package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
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

// fewMaps are as soon worked out again as remembered.
const fewMaps = 16

// maxEval bounds maps that refer to each other.
const maxEval = 16

// A run is one request on its way through a location's rewrite directives.
type run struct {
	model *Model
	kind  Kind
	vars  variables       // what set has set
	at    *parser.Context // the level whose rewrite directives were run last; nil for none
	depth int
	maps  int // that were worked out
	steps int // that it took

	settled bool // all rewrite directives are run

	guess   map[string]string // what a browser is assumed to send, by variable; nil where nothing is
	unknown *[]string         // the variables whose value was asked for and is not known
}

// variables are those that have a value, those of an if above what held before
// it.
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
	case "content_length", "content_type", "http_content_length", "http_content_type", "http_transfer_encoding", "http_expect": // a handshake has no body
		if r.kind == WebSocket {
			return known(""), true
		}
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
	r.steps += 1 + len(expr)/64
	first := strings.IndexByte(expr, '$')
	if first < 0 && len(expr) <= maxValue {
		return known(expr)
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

// variable returns the value of a variable, whose name is in lower case.
func (r *run) variable(name string) Value {
	defs := r.model.Definition(name)
	if v, ok := r.vars.of(name); ok && (v.Known || r.guess == nil && r.unknown == nil || defs == nil || defs.Mapped == nil) {
		return v
	}
	if name == "invalid_referer" && r.at != nil && r.kind == WebSocket {
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
		return known(v)
	}
	if defs != nil && !r.model.Fragment && defs.AllSets {
		return known("") // set somewhere, but not on this request's way
	}
	if r.unknown != nil && !slices.Contains(*r.unknown, name) {
		*r.unknown = append(*r.unknown, name)
	}
	return unknown
}

// defined is the value of a variable of a map, geo or split_clients.
func (r *run) defined(name string, d *parser.Variable) Value {
	if d.Directive.Is("map") {
		v := r.mapped(d)
		// It is worked out once a request. Of the first few that is of no
		// account once no variable changes any more.
		if few := r.settled && r.depth == 1 && r.maps <= fewMaps; !few && d.Map.First("volatile") == nil {
			r.vars.set(name, v)
		}
		return v
	}
	if len(d.Map.Directives) == 1 && d.Map.Directives[0].Is("default") {
		return known(d.Map.Directives[0].Param(0))
	}
	return symbolic("${" + name + "}" + d.Directive.Span().Text())
}

// NeverEmpty reports whether an expression has something in it whatever is
// asked: text, or a variable that is never empty where a client names a host.
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

// Evaluate evaluates an expression for a request that has met no set directive.
func (m *Model) Evaluate(expr string, kind Kind) Value {
	r := run{model: m, kind: kind}
	defer func() { m.spend(r.steps) }()
	return r.expand(expr)
}
