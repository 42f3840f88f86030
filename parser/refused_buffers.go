package parser

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// buffering are the modules whose buffers must fit each other, with the names of
// the directives.
var buffering = [...]struct {
	prefix string
	names  NameSet
}{
	{"proxy", bufferNames("proxy")}, {"fastcgi", bufferNames("fastcgi")}, {"uwsgi", bufferNames("uwsgi")}, {"scgi", bufferNames("scgi")},
}

func bufferNames(prefix string) NameSet {
	return NewNameSet(prefix+"_buffer_size", prefix+"_buffers", prefix+"_busy_buffers_size")
}

// pageSize is that of nearly all machines; nginx's buffers have it by default.
const pageSize = 4096

// refusedBuffers finds buffers of a level that do not fit each other
// (ngx_http_proxy_merge_loc_conf). What an including file may set is not known.
func (c *Context) refusedBuffers() []Problem {
	var all []Problem
	for i := range buffering {
		if m := &buffering[i]; !c.Lacks(m.names) {
			if p, ok := c.unfit(m.prefix); ok {
				all = append(all, p)
			}
		}
	}
	return all
}

func (c *Context) unfit(prefix string) (Problem, bool) {
	if !c.setsBuffers(prefix) {
		return Problem{}, false
	}
	size, buffers, busy := c.Effective(prefix+"_buffer_size"), c.Effective(prefix+"_buffers"), c.Effective(prefix+"_busy_buffers_size")
	last := c.lastOf(size, buffers, busy)
	if last == nil || c.Name == "http" && !c.inherited(prefix) {
		return Problem{}, false
	}
	for _, s := range []Setting{size, buffers, busy} {
		if s.Last() == nil && (s.Unsure != nil || c.Config.Fragment) {
			return Problem{}, false
		}
	}
	one, known := size.Bytes(0, pageSize)
	n, counted := buffers.Bytes(0, 8)
	each, sized := buffers.Bytes(1, pageSize)
	largest := max(one, each)
	used, given := busy.Bytes(0, 2*largest)
	if !known || !counted || !sized || !given {
		return Problem{}, false
	}
	message := ""
	switch {
	case n < 2:
		message = fmt.Sprintf("there must be at least 2 \"%s_buffers\"", prefix)
	case used < largest:
		message = fmt.Sprintf("\"%s_busy_buffers_size\" must be equal to or greater than the maximum of the value of \"%[1]s_buffer_size\" and one of the \"%[1]s_buffers\"", prefix)
	case used > (n-1)*each:
		message = fmt.Sprintf("\"%s_busy_buffers_size\" must be less than the size of all \"%[1]s_buffers\" minus one buffer", prefix)
	}
	return Problem{Directive: last, Context: c, Message: message}, message != ""
}

// lastOf returns the last directive of these settings that stands on the level
// itself, or nil: an inherited one is reported where it stands.
func (c *Context) lastOf(settings ...Setting) *Directive {
	var last *Directive
	for _, s := range settings {
		if d := s.Last(); d != nil && s.From == c && (last == nil || d.Span().File != last.Span().File || d.Span().Start > last.Span().Start) {
			last = d
		}
	}
	return last
}

// setsBuffers reports whether a level has one of the module's directives itself.
func (c *Context) setsBuffers(prefix string) bool {
	return c.First(prefix+"_buffer_size") != nil || c.First(prefix+"_buffers") != nil || c.First(prefix+"_busy_buffers_size") != nil
}

// inherited reports whether a server takes all these settings from its http level,
// which nginx does not look at by itself.
func (c *Context) inherited(prefix string) bool {
	return slices.ContainsFunc(c.Children, func(child *Context) bool { return child.Name == "server" && !child.setsBuffers(prefix) })
}

// Bytes returns a parameter of the setting as a size in bytes, or as a number, and
// whether it is one. If nothing is set, it returns otherwise.
func (s Setting) Bytes(param, otherwise int) (int, bool) {
	d := s.Last()
	if d == nil {
		return otherwise, true
	}
	text, unit := d.Param(param), 1
	if n := len(text) - 1; n > 0 {
		if i := strings.IndexByte("kKmM", text[n]); i >= 0 {
			text, unit = text[:n], 1<<(10*(1+i/2))
		}
	}
	n, err := strconv.Atoi(text)
	return n * unit, err == nil && isDigits(text) && n < 1<<30
}
