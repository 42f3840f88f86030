package parser

// The behaviour that differs between versions and dialects, each with the first
// versions that behave so. docs/nginx.md and docs/relatives.md have the experiments.
var (
	// HTTP11ByDefault: HTTP/1.1 to upstreams, and no "Connection: close" (nginx's
	// CHANGES, 1.29.7).
	HTTP11ByDefault = &Since{Nginx: Number{1, 29, 7}, Angie: Number{1, 12}}

	// KeptByDefault: upstream blocks keep connections without a keepalive directive.
	// A balancing method below keepalive does not turn it off.
	KeptByDefault = &Since{Nginx: Number{1, 29, 7}, Angie: never}

	// HTTP2Directive: http2 on and off.
	HTTP2Directive = &Since{Nginx: Number{1, 25, 1}, Tengine: Number{2, 3}}

	// BothOnPlaintext: a plaintext socket with HTTP/2 speaks HTTP/1.1 as well.
	BothOnPlaintext = &Since{Nginx: Number{1, 25, 1}, Angie: Number{1, 2}}

	// HTTP2Upstream: proxy_http_version 2.
	HTTP2Upstream = &Since{Nginx: Number{1, 29, 4}, Angie: Number{1, 12}}

	// HTTP3Upstream: proxy_http_version 3.
	HTTP3Upstream = &Since{Nginx: never, Angie: Number{1, 4}}

	// StickyDirective: sticky in an upstream. Of NGINX Plus it is older than R27.
	StickyDirective = &Since{Nginx: Number{1, 29, 6}, Angie: Number{1, 2}, Plus: always}

	// ResolveParameter: "resolve" of a server in an upstream.
	ResolveParameter = &Since{Nginx: Number{1, 27, 3}, Angie: Number{1, 1}, Plus: always}

	// OneHost: the last of several Host lines is sent, and nginx's own if all are empty
	// (nginx's CHANGES, 1.31.4).
	OneHost = &Since{Nginx: Number{1, 31, 4}}

	// SystemResolver: names are looked up with /etc/resolv.conf if no resolver is set.
	SystemResolver = &Since{Nginx: never, Angie: Number{1, 12}, Tengine: always}

	// ExactUpstreams: names of upstreams are compared with case.
	ExactUpstreams = &Since{Nginx: never, Tengine: always}

	// HTTP2OffWins: http2 off takes HTTP/2 off a listen ... http2 of its server.
	HTTP2OffWins = &Since{Nginx: never, Tengine: always}

	// CombinedLocations: a location can have several names.
	CombinedLocations = &Since{Nginx: never, Angie: Number{1, 3}}

	// NumbersCompared: if compares numbers with <, >, <= and >=.
	NumbersCompared = &Since{Nginx: never, Tengine: always}

	// HTTPSAllowHTTP: listen ... https_allow_http, for TLS and plaintext on one socket.
	HTTPSAllowHTTP = &Since{Nginx: never, Tengine: always}

	// KeepaliveLocal: keepalive 0, and keepalive N local.
	KeepaliveLocal = &Since{Nginx: Number{1, 29, 7}, Angie: never}
)

// behaviour is all of it that the model and the fixes depend on: see Samples.
var behaviour = []*Since{HTTP11ByDefault, KeptByDefault, BothOnPlaintext, HTTP2Upstream, StickyDirective, OneHost, SystemResolver}

// DefaultHTTPVersion is proxy_http_version's default.
func DefaultHTTPVersion(v Version) string {
	if v.Has(HTTP11ByDefault) {
		return "1.1"
	}
	return "1.0"
}

// DefaultConnectionClose reports whether nginx sends "Connection: close" to upstreams
// unless a proxy_set_header says otherwise.
func DefaultConnectionClose(v Version) bool { return !v.Has(HTTP11ByDefault) }
