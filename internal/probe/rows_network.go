package probe

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// networkRows are about handshakes that got no answer.
var networkRows = []Row{
	{"no-name", "the name does not resolve", cause.NameUnknown, failedAs(NoName, proven)},
	{"port-closed", "the connection is refused", cause.PortClosed, failedAs(Refused, proven)},
	{"unreachable", "no connection within the timeout, or no route", cause.Unreachable, failedAs(Unreached, proven)},
	{"client-proxy", "the client's own proxy refuses CONNECT or cannot be reached", cause.ProxyRefuses, failedAs(ProxyFailed, proven)},
	{"certificate", "the certificate does not verify", cause.Certificate, failedAs(BadCert, proven)},
	{"tls-to-plain-port", "wss, but the answer is not TLS", cause.SchemeMistaken, failedAs(NotTLS, proven)},
	{"plain-to-tls-port", "ws, and 400 that says that HTTP was sent to an HTTPS port", cause.SchemeMistaken, plainToTLS},
	{"http2-only-edge", "the server does not accept http/1.1 in ALPN, but accepts h2 if offered", cause.HTTP2Only, http2Only},
	{"tls-fails", "the TLS handshake ends with an alert", cause.TLSFails, failedAs(TLSFailed, likely)},
	{"http2-plain-port", "ws, and the answer is a SETTINGS frame of HTTP/2", cause.HTTP2OnPlainPort, http2Frames},
	{"not-http", "the answer is not HTTP", cause.NotHTTP, notHTTP},
	{"closed", "the connection is closed without an answer, also that of a plain GET", cause.ConnectionsExhausted, closedAll},
	{"closed-handshake", "the connection is closed without an answer, but not that of a plain GET", cause.SubrequestUpgraded, closedHandshake},
	{"silent-all", "no answer in time, nor to a plain GET", cause.NoAnswer, silentAll},
	{"plain-silent", "the handshake succeeds, but a plain GET gets no answer in time, except with --direct", cause.ForcedUpgrade, plainSilent},
	{"silent-handshake", "no answer in time, but a plain GET is answered", cause.UpstreamSilent, silentHandshake},
}

// failedAs returns a row about one kind of failure.
func failedAs(k FailureKind, weight int) func(*Case) opinion {
	return func(c *Case) opinion {
		if !c.failed(k) {
			return no
		}
		return is(weight, c.first().Failure.Message)
	}
}

func plainToTLS(c *Case) opinion {
	a := c.first()
	if c.Through.URL.Scheme == "ws" && a.tlsWanted() && (a.nginxPage() || !c.passes(cause.Nginx)) {
		return is(proven, "ws:// gets 400: the port speaks TLS")
	}
	return no
}

func http2Only(c *Case) opinion {
	if !c.failed(NoCommonALPN) && !c.failed(TLSFailed) {
		return no
	}
	if a := c.of(ALPN); a.TLS != nil && a.TLS.ALPN == "h2" {
		return is(proven+1, "with only http/1.1 offered, the server ends the TLS handshake; with h2, it accepts")
	}
	if c.failed(NoCommonALPN) {
		return is(likely, "the server accepts none of the offered protocols: "+c.first().Failure.Message)
	}
	return no
}

// http2Frames reports whether data begins with a frame of type 4 on stream 0, the
// first that an HTTP/2 server sends (RFC 9113, section 3.4).
func http2Frames(c *Case) opinion {
	raw := c.first().Raw
	if len(raw) >= 9 && raw[0] == 0 && raw[3] == 4 && raw[5:9] == "\x00\x00\x00\x00" {
		return is(proven+1, "the answer begins with a SETTINGS frame of HTTP/2")
	}
	return no
}

func notHTTP(c *Case) opinion {
	if !c.failed(NotHTTP) {
		return no
	}
	raw := c.first().Raw
	if strings.HasPrefix(raw, "\x15\x03") {
		return is(proven, "the answer is a TLS alert: the port speaks TLS")
	}
	return is(likely, fmt.Sprintf("the answer begins with %.40q", raw))
}

func closedAll(c *Case) opinion {
	if !c.failed(Closed) {
		return no
	}
	if f := c.of(Plain).Failure; f != nil && f.Kind == Closed {
		return is(likely, "handshake and plain GET: "+f.Message)
	}
	return is(faint, c.first().Failure.Message)
}

func closedHandshake(c *Case) opinion {
	if plain := c.of(Plain); c.failed(Closed) && plain.Failure == nil && plain.Status != 0 {
		return is(likely-10, c.first().Failure.Message, fmt.Sprintf("a plain GET gets %d", plain.Status))
	}
	return no
}

func silentAll(c *Case) opinion {
	if f := c.of(Plain).Failure; c.failed(Silent) && f != nil && f.Kind == Silent {
		return is(possible, "neither the handshake nor a plain GET is answered in time")
	}
	return no
}

func plainSilent(c *Case) opinion {
	f, own := c.of(Plain).Failure, c.Direct.Of(Plain)
	if !c.first().OK() || f == nil || f.Kind != Silent || own == nil || own.Failure != nil {
		return no
	}
	return is(possible, fmt.Sprintf("a plain GET gets no answer in time, and with --direct %d: it may reach the application as a handshake", own.Status))
}

func silentHandshake(c *Case) opinion {
	if plain := c.of(Plain); c.failed(Silent) && plain.Failure == nil && plain.Status != 0 {
		return is(possible+10, c.directEvidence("no answer in time", fmt.Sprintf("a plain GET gets %d after %s", plain.Status, seconds(plain.First)))...)
	}
	return no
}
