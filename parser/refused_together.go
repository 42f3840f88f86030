package parser

import (
	"fmt"
	"net"
	"slices"
	"strings"
)

// refusedTogether returns what nginx refuses because of several directives of a
// level.
func (c *Context) refusedTogether(set ContextSet) []Problem {
	switch set {
	case InUpstream, InStreamUpstream:
		return append(c.backups(), c.withoutServers()...)
	case InServer:
		return slices.Concat(c.listenedTwice(), c.refusedBuffers(), c.unknownZones())
	case InHTTP:
		return slices.Concat(c.refusedMaps(), c.refusedBuffers(), c.unknownZones())
	case InStream:
		return c.refusedMaps()
	case InLocationIf:
		return c.refusedBuffers()
	case InLocation:
		return slices.Concat(c.refusedNested(), c.refusedBuffers(), c.unknownZones())
	}
	return nil
}

// A lineKey is a parameter that directives of one row may not share on a level.
type lineKey struct {
	row int
	key string
}

// anyKey stands for a key of any directive of a row: no parameter has a NUL.
const anyKey = "\x00"

// repeated returns why nginx refuses a directive because of others of its row that
// stand before it, or "". Most levels have only one.
func (r *levelCheck) repeated(row int, d *Directive) string {
	if !r.Config.twins && r.set == InHTTP && d.Is("upstream") {
		return "" // as in nearly all configurations
	}
	place, bit := d.rows.from/64, uint64(1)<<(d.rows.from%64)
	if r.seen[place]&bit == 0 {
		r.seen[place] |= bit
		return ""
	}
	if r.keys == nil {
		r.keys = make(map[lineKey]*Directive)
	}
	if some := (lineKey{row, anyKey}); r.keys[some] == nil { // the second one
		first := r.First(d.Name())
		r.keys[some], r.keys[lineKey{row, r.repeatKey(first)}] = first, first
	}
	key := lineKey{row, r.repeatKey(d)}
	first := r.keys[key]
	again := first != nil || key.key == ""
	if directives[row].Form == aloneForm {
		again = key.key == "off" || r.keys[lineKey{row, "off"}] != nil
	}
	if first == nil {
		first = d
		r.keys[key] = d
	}
	if again {
		return repeatedKey(d, first)
	}
	return ""
}

// repeatKey is the parameter of a directive that may not be there twice.
func (r *levelCheck) repeatKey(d *Directive) string {
	if d.Is("limit_req", "limit_req_zone", "limit_conn_zone") {
		return d.Zone()
	}
	if d.Is("upstream") && !r.versions.Any(ExactUpstreams) {
		return strings.ToLower(d.Param(0))
	}
	return d.Param(0)
}

// Zone returns the name in a directive's parameter zone=NAME or zone=NAME:SIZE, or "".
func (d *Directive) Zone() string {
	for i := range d.ParamCount() {
		if zone, ok := strings.CutPrefix(d.Param(i), "zone="); ok {
			zone, _, _ = strings.Cut(zone, ":")
			return zone
		}
	}
	return ""
}

// repeatedKey is what nginx says of a directive with the key of an earlier one, the
// first of that key.
func repeatedKey(d, first *Directive) string {
	switch d.Name() {
	case "log_format":
		return fmt.Sprintf("duplicate \"log_format\" name %q", d.Param(0))
	case "thread_pool":
		return fmt.Sprintf("duplicate thread pool %q", d.Param(0))
	case "upstream":
		return fmt.Sprintf("duplicate upstream %q", d.Param(0))
	case "limit_conn_zone", "limit_req_zone":
		return fmt.Sprintf("%s %q is already bound to key %q", d.Name(), d.Zone(), first.Param(0))
	}
	return duplicate(d)
}

// backups finds backup servers that a method before them does not allow.
func (c *Context) backups() []Problem {
	var all []Problem
	method := ""
	for _, d := range c.Directives {
		switch {
		case d.Is("ip_hash", "hash", "random"):
			method = d.Name()
		case d.Is("server") && method != "" && d.HasParam("backup"):
			all = append(all, Problem{Directive: d, Context: c, Message: `balancing method does not support parameter "backup"`})
		}
	}
	return all
}

// withoutServers finds an upstream that has no server, where nothing of another
// module may bring some.
func (c *Context) withoutServers() []Problem {
	if c.Opener == nil || c.strange || c.unread != nil || len(c.Own("server")) > 0 || len(c.Own("zone")) > 0 || len(c.Own("include")) > 0 {
		return nil
	}
	return []Problem{{Directive: c.Opener, Context: c, Message: "no servers are inside upstream"}}
}

// listenedTwice finds two listens of a server for one socket. Names of hosts are
// not resolved.
func (c *Context) listenedTwice() []Problem {
	own := c.Own("listen")
	if len(own) < 2 {
		return nil
	}
	var all []Problem
	for i, d := range own[:min(len(own), maxCompared)] {
		if slices.ContainsFunc(own[:i], func(other *Directive) bool { return sameSocket(d, other) }) {
			all = append(all, Problem{Directive: d, Context: c, Message: "a duplicate listen " + strings.Replace(socketAddress(d.Param(0)), "*:", "0.0.0.0:", 1)})
		}
	}
	return all
}

// maxCompared bounds how many directives of a level are compared with each other.
const maxCompared = 100

func sameSocket(a, b *Directive) bool {
	if a == b || a.ParamCount() == 0 || b.ParamCount() == 0 || a.HasParam("quic") != b.HasParam("quic") {
		return false
	}
	address := socketAddress(a.Param(0))
	return address == socketAddress(b.Param(0)) && literalAddress(address)
}

// literalAddress reports whether an address needs no resolving.
func literalAddress(address string) bool {
	if strings.HasPrefix(address, "unix:") {
		return !strings.Contains(address, "$")
	}
	host, port, err := net.SplitHostPort(address)
	return err == nil && isDigits(port) && (host == "*" || net.ParseIP(host) != nil)
}

// refusedNested finds nested locations that nginx refuses for their names
// (ngx_http_core_location).
func (c *Context) refusedNested() []Problem {
	if c.Opener == nil || c.Opener.ParamCount() == 0 {
		return nil
	}
	if c.Combined() {
		return c.refusedInCombined()
	}
	var all []Problem
	modifier, parent := c.LocationName()
	for _, child := range c.Children {
		if child.Name != "location" || child.Opener.ParamCount() == 0 || child.Opener.ParamCount() > 2 {
			continue
		}
		if message := outside(modifier, parent, child); message != "" {
			all = append(all, Problem{Directive: child.Opener, Context: c, Message: message})
		}
	}
	return all
}

// refusedInCombined is refusedNested for a location with several names: a location must
// be within one of them.
func (c *Context) refusedInCombined() []Problem {
	if c.nth > 1 {
		return nil // as for the first
	}
	var all []Problem
	for _, child := range c.Children {
		if child.Name != "location" || child.Opener.ParamCount() == 0 {
			continue
		}
		message := ""
		for i := range c.Opener.ParamCount() {
			modifier, parent := cutModifier(c.Opener.Param(i))
			if message = outside(modifier, parent, child); message == "" {
				break
			}
		}
		if message != "" {
			all = append(all, Problem{Directive: child.Opener, Context: c, Message: message})
		}
	}
	return all
}

// outside returns why nginx refuses a location within another one, or "".
func outside(modifier, parent string, child *Context) string {
	m, name := child.LocationName()
	if m == "@" {
		name = m + name
	}
	switch {
	case modifier == "=":
		return fmt.Sprintf("location %q cannot be inside the exact location %q", name, parent)
	case modifier == "@":
		return fmt.Sprintf("location %q cannot be inside the named location %q", name, "@"+parent)
	case m == "@":
		return fmt.Sprintf("named location %q can be on the server level only", name)
	case m != "~" && m != "~*" && !strings.HasPrefix(name, parent):
		return fmt.Sprintf("location %q is outside location %q", name, parent)
	}
	return ""
}
