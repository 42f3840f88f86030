package probe

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// headerRows are about handshakes that reach the application changed.
var headerRows = []Row{
	{"upgrade-wanted", "400 or 426 that says that Upgrade or Connection is missing", cause.HeadersLost, upgradeWanted},
	{"plain-page", "the handshake gets the application's page for a plain GET", cause.HeadersLost, plainPage},
	{"bare-400", "400 or 426 without a reason, while the application itself accepts the handshake", cause.HeadersLost, bare400},
	{"model-says-lost", "not 101, or no answer in time, and the configuration sends no correct Upgrade or Connection", cause.HeadersLost, modelSaysLost},
	{"http-1.0", "400, 426 or 505 that says that the HTTP version is wrong", cause.HTTP10, http10},
	{"model-says-1.0", "400, 402, 426 or 505, and the configuration uses HTTP/1.0 upstream", cause.HTTP10, modelSays10},
	{"http-2", "400 that mentions HTTP/2; or 502 or any other status, and the configuration uses HTTP/2 upstream", cause.HTTP2Upstream, http2},
	{"handshake-only-502", "the handshake gets 502, a plain GET does not", cause.HandshakeDropped, handshakeOnly502},
	{"invalid-upgrade", "400 that says that Upgrade has a wrong value", cause.HeaderTwice, invalidUpgrade},
	{"malformed", "handshake and plain GET get 400 of the application's HTTP library, which calls the request malformed", cause.HeaderTwice, malformed},
	{"model-says-twice", "400 or 426, and the configuration sends a header twice", cause.HeaderTwice, modelSaysTwice},
	{"plain-refused", "a plain GET gets 400 or 426, but not with --direct", cause.ForcedUpgrade, plainRefused},
	{"origin-matters", "403, 401 or 400 with the Origin of the URL's own host, 101 without; surer if the application itself accepts it", cause.HostLost, hostLost},
	{"origin-refused", "403, 401 or 400 with Origin, 101 without; surer if the Origin is another host, or the application itself refuses it", cause.OriginRefused, originRefused},
}

func upgradeWanted(c *Case) opinion {
	a := c.first()
	sign, ok := a.upgradeAsked()
	if !c.status(400, 426) || !ok || a.says("Invalid Upgrade header", "handshake request must be at least HTTP/1.1") {
		return no
	}
	return is(c.scaled(likely+15), c.directEvidence(fmt.Sprintf("the handshake gets %d, with %s", a.Status, sign))...)
}

func plainPage(c *Case) opinion {
	a := c.first()
	if a.nginxPage() || !c.status(200, 400, 404, 405, 426, 500) || !sameAnswer(a, c.of(Plain)) || c.cached() != "" {
		return no
	}
	evidence := []string{fmt.Sprintf("the handshake gets the page that a plain GET gets (%d)", a.Status)}
	weight := likely - 15
	if d := c.Direct.Of(Plain); d != nil && sameAnswer(a, d) {
		evidence, weight = append(evidence, "it is the application's: --direct gets the same for a plain GET"), likely+15
	} else if a.Status != 200 {
		weight = possible
	}
	return is(c.scaled(weight), c.directEvidence(evidence...)...)
}

func bare400(c *Case) opinion {
	if !c.status(400, 426) || c.first().nginxPage() || c.directly() == refuses {
		return no
	}
	return is(c.scaled(likely-10), c.directEvidence(fmt.Sprintf("the handshake gets %d", c.first().Status))...)
}

func modelSaysLost(c *Case) opinion {
	// An application that gets no Upgrade may answer nothing: Node's ws on a server
	// without a handler, nchan and aedes wait until proxy_read_timeout makes it 504.
	silent := c.failed(Silent) || c.status(504)
	if c.Place == nil || c.first().Switched() || c.directly() == refuses || !silent && (c.first().Status == 0 || c.first().nginxPage()) {
		return no
	}
	reason := c.Place.Model.Reason
	if strings.HasPrefix(reason, "the request goes upstream as HTTP/1.0") { // this is checked first, and there may be other reasons
		q := c.Place.Request
		q.HTTP = "1.1"
		reason = q.Handshake().Reason
	}
	for _, r := range []string{"no Upgrade header", "no Connection header", "Upgrade is sent as", "Connection is sent"} {
		if strings.HasPrefix(reason, r) {
			if c.first().Status == 0 {
				return is(likely+10, "no answer in time", "according to the configuration, "+reason)
			}
			return is(likely+10, fmt.Sprintf("the handshake gets %d", c.first().Status), "according to the configuration, "+reason)
		}
	}
	return no
}

func http10(c *Case) opinion {
	a := c.first()
	switch {
	case a.Status == 505 && !a.nginxPage():
		return is(c.scaled(proven), c.directEvidence("505: the application does not support the HTTP version of the request")...)
	case c.status(400, 426) && a.says("must be at least HTTP/1.1", "HTTP/1.0", "HTTP version", "unsupported protocol"):
		return is(c.scaled(proven), c.directEvidence(fmt.Sprintf("%d that names the version of HTTP", a.Status))...)
	case c.status(400) && a.says("did not receive a valid HTTP request") && c.directly() != refuses: // from Python's websockets
		return is(c.scaled(likely+10), c.directEvidence("400 that does not recognise the request as HTTP, as Python's websockets does with HTTP/1.0")...)
	}
	return no
}

func modelSays10(c *Case) opinion {
	if c.Place == nil || !c.status(400, 402, 426, 505) || c.Place.Request.HTTP != "1.0" || c.first().nginxPage() {
		return no
	}
	if c.Place.Request.Version.Last() == nil && !strings.HasPrefix(c.Place.Model.Reason, "the request goes upstream as HTTP/1.0") {
		return no
	}
	return is(c.scaled(likely), fmt.Sprintf("the handshake gets %d, and the configuration uses HTTP/1.0 upstream (before nginx 1.29.7)", c.first().Status))
}

func http2(c *Case) opinion {
	a := c.first()
	switch {
	case a.Switched() || a.Status == 0:
	case a.says("is not valid in HTTP/2", "HTTP/2 does not"):
		return is(proven, fmt.Sprintf("%d with %q", a.Status, cutTo(strings.TrimSpace(a.Body), 60)))
	case c.Place != nil && c.Place.Request.HTTP == "2":
		return is(likely+20, fmt.Sprintf("the handshake gets %d", a.Status), "according to the configuration, "+c.Place.Model.Reason)
	}
	return no
}

func handshakeOnly502(c *Case) opinion {
	if !c.status(502) || c.first().haproxyPage() || !c.plainAnswered() {
		return no
	}
	return is(c.scaled(likely+10), c.directEvidence("the handshake gets 502", fmt.Sprintf("a plain GET gets %d", c.of(Plain).Status))...)
}

// plainAnswered reports whether a plain GET gets an answer that is no server error.
func (c *Case) plainAnswered() bool {
	status := c.of(Plain).Status
	return status != 0 && status < 500
}

func invalidUpgrade(c *Case) opinion {
	if c.status(400) && c.first().says("Invalid Upgrade header") {
		return is(c.scaled(likely+10), c.directEvidence("400 with Invalid Upgrade header: there is one, and it is not websocket")...)
	}
	return no
}

// malformedPages are what libraries answer to a duplicate Host and the like before
// the application sees the request: Go's net/http, uvicorn, aiohttp.
var malformedPages = []string{"400 Bad Request", "400 Bad Request: too many Host headers", "Invalid HTTP request received.", "Duplicate 'Host' header found."}

func malformed(c *Case) opinion {
	a, plain := c.first(), c.of(Plain)
	if a.Status != 400 || plain.Status != 400 || !slices.Contains(malformedPages, strings.TrimSpace(a.Body)) || c.directly() == refuses {
		return no
	}
	if d := c.Direct.Of(Plain); d != nil && sameAnswer(d, plain) {
		return no
	}
	return is(c.scaled(likely+15), c.directEvidence(fmt.Sprintf("the handshake and a plain GET get 400 with %q: the request is malformed, as with two Host lines", strings.TrimSpace(a.Body)))...)
}

func modelSaysTwice(c *Case) opinion {
	if c.Place == nil || !c.status(400, 426) || !strings.HasSuffix(c.Place.Model.Reason, "times") || c.directly() == refuses {
		return no
	}
	return is(likely+20, fmt.Sprintf("the handshake gets %d", c.first().Status), "according to the configuration, "+c.Place.Model.Reason)
}

func plainRefused(c *Case) opinion {
	plain, own := c.of(Plain), c.Direct.Of(Plain)
	if plain.Status != 400 && plain.Status != 426 || !c.first().OK() || plain.nginxPage() || own == nil || own.Status >= 400 || own.Status == 0 {
		return no
	}
	return is(possible, fmt.Sprintf("a plain GET of the same URL gets %d, and with --direct %d", plain.Status, own.Status))
}

// originDecides reports whether the handshake succeeds without Origin but not with
// it.
func (c *Case) originDecides() bool {
	return c.status(400, 401, 403) && c.of(NoOrigin).Switched()
}

// ownOrigin reports whether the Origin sent is that of the URL's own host. An
// application that compares Origin with Host would accept it if it saw that Host.
func (c *Case) ownOrigin() bool {
	o, err := url.Parse(c.first().Origin)
	return err == nil && strings.EqualFold(o.Host, hostField(c.Through.URL))
}

func hostLost(c *Case) opinion {
	if !c.originDecides() || !c.ownOrigin() || c.directly() == refuses {
		return no
	}
	a := c.first()
	return is(c.scaled(likely+15), c.directEvidence(fmt.Sprintf("with Origin: %s the handshake gets %d, without Origin 101", a.Origin, a.Status))...)
}

func originRefused(c *Case) opinion {
	if !c.originDecides() {
		return no
	}
	weight := likely - 5
	switch {
	case c.directly() == refuses, !c.ownOrigin():
		weight = likely + 20
	case c.directly() == takes:
		weight = faint
	}
	a := c.first()
	return is(weight, c.directEvidence(fmt.Sprintf("with Origin: %s the handshake gets %d, without Origin 101", a.Origin, a.Status))...)
}
