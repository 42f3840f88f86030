package parser

import (
	"strings"
	"sync"
)

// A ContextSet is a set of places in which a directive is allowed.
type ContextSet uint16

const (
	InMain ContextSet = 1 << iota
	InEvents
	InHTTP
	InServer
	InLocation
	InServerIf
	InLocationIf
	InLimitExcept
	InUpstream
	InStream
	InStreamServer
	InStreamUpstream
)

// A DirectiveInfo says how a directive can be written. A name with different meanings
// in different places has a row for each.
type DirectiveInfo struct {
	Name     string
	Contexts ContextSet
	Form     form      // what nginx wants of the parameters, beyond their number
	Block    bool      // it opens a block
	Repeat   bool      // it can be repeated on a level
	Min, Max int       // number of parameters
	Life     *Lifetime // nil: every version from 1.18.0 on has it
}

// rows are the rows of one name in the table of directives, or empty if nginx has no
// such directive.
type rows struct{ from, to uint16 }

// rowTable finds the rows of a name. It is a hash table that is cheaper than a map,
// because every directive uses it.
type rowTable [2048]rows // more than three times as many as there are names

var rowsByName = sync.OnceValue(func() *rowTable {
	var t rowTable
	for i := 0; i < len(directives); {
		from, name := i, directives[i].Name
		for i < len(directives) && directives[i].Name == name {
			i++
		}
		*t.slot(name) = rows{uint16(from), uint16(i)}
	}
	return &t
})

// slot returns the position of a name's rows, whether it has any or not.
func (t *rowTable) slot(name string) *rows {
	h := uint32(len(name))
	for i := 0; i < len(name); i += 1 + len(name)/8 { // eight of its bytes are enough
		h = h*31 + uint32(name[i])
	}
	for {
		h %= uint32(len(t))
		if r := &t[h]; r.to == 0 || directives[r.from].Name == name {
			return r
		}
		h++
	}
}

// of returns the rows of a name.
func (t *rowTable) of(name string) rows { return *t.slot(name) }

// DirectiveInfos returns the rows of a name, or none if stock nginx has no such
// directive.
func DirectiveInfos(name string) []DirectiveInfo {
	r := rowsByName().of(name)
	return directives[r.from:r.to]
}

// Infos returns the rows of the directive's name, as DirectiveInfos does.
func (d *Directive) Infos() []DirectiveInfo { return directives[d.rows.from:d.rows.to] }

// DirectiveNames returns the names of all directives of stock nginx, in order.
var DirectiveNames = sync.OnceValue(func() []string {
	var names []string
	for _, info := range directives {
		if len(names) == 0 || names[len(names)-1] != info.Name {
			names = append(names, info.Name)
		}
	}
	return names
})

// ContextsOf returns every place in which a directive is allowed, or 0 if the name is
// unknown.
func ContextsOf(name string) ContextSet {
	var set ContextSet
	for _, info := range DirectiveInfos(name) {
		set |= info.Contexts
	}
	if set == 0 && thirdParty(name) {
		set = InHTTP | InServer | InLocation
	}
	return set
}

// thirdParty reports whether a name belongs to a module that many builds have besides
// nginx's own. Its contexts and parameters are not checked.
func thirdParty(name string) bool {
	for _, suffix := range []string{"_by_lua_block", "_by_lua_file", "_by_lua"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	for _, prefix := range []string{
		"lua_", "more_", "brotli", "zstd", "pagespeed", "modsecurity", "vhost_traffic_status", "echo", "perl", "js_", "auth_jwt", "passenger",
		"rtmp", "geoip", "image_filter", "xslt_", "xml_", "nchan_", "push_stream", "headers_more", "set_", "upload_", "fancyindex", "opentracing", "otel_",
		"auth_ldap", "auth_pam", "ajp_", "cache_purge", "proxy_cache_purge", "health_check", "status_zone", "api", "zone_sync", "sticky", "check", "ssl_ct",
		"quic_", "http3", "tls_", "aio_", "security_", "sysguard", "acme", "dav_ext", "dtls", "substitutions", "subs_", "bunkernet", "mgmt", "keyval",
	} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
