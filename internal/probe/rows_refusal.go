package probe

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// refusalRows are about handshakes that someone refuses.
var refusalRows = []Row{
	{"nginx-401", "nginx's own 401", cause.LoginNeeded, nginx401},
	{"unauthorized", "401 that is not nginx's", cause.ApplicationLogin, unauthorized},
	{"nginx-403", "nginx's own 403", cause.RefusedByNginx, nginx403},
	{"model-says-refused", "the answer that nginx gives itself according to the configuration", cause.RefusedByNginx, modelSaysRefused},
	{"forbidden", "403 that is not nginx's, with and without Origin", cause.BlockedBySomething, forbidden},
	{"limited", "429, or nginx's own 503", cause.Limited, limited},
	{"too-large", "413, 414 or 431, or nginx's 400 about the size of a header", cause.RequestTooLarge, tooLarge},
	{"direct-refuses", "--direct gets no 101 either", cause.ApplicationRefuses, directRefuses},
	{"direct-subprotocol", "--direct gets 400 or 426 that mentions a subprotocol, and none was requested", cause.SubprotocolRefused, directSubprotocol},
}

func nginx401(c *Case) opinion {
	if !c.status(401) || !c.first().nginxPage() {
		return no
	}
	return is(likely+20, c.directEvidence(c.first().wanted()+", with nginx's own page: auth_basic or auth_request asks")...)
}

func unauthorized(c *Case) opinion {
	if !c.status(401) || c.first().nginxPage() {
		return no
	}
	return is(likely+10, c.directEvidence(c.first().wanted())...)
}

// wanted returns what a 401 asks for.
func (a *Answer) wanted() string {
	if v := a.Header.Get("Www-Authenticate"); v != "" {
		return "the handshake gets 401 with WWW-Authenticate: " + v
	}
	return "the handshake gets 401"
}

func nginx403(c *Case) opinion {
	if !c.status(403) || !c.first().nginxPage() {
		return no
	}
	return is(c.scaled(likely+20), c.directEvidence("403 with nginx's own page")...)
}

func modelSaysRefused(c *Case) opinion {
	if c.Place == nil || c.first().Status < 400 || !c.first().nginxPage() {
		return no
	}
	if c.Place.Request.Answer != fmt.Sprint(c.first().Status) {
		return no
	}
	evidence := []string{fmt.Sprintf("the handshake gets %d with nginx's own page", c.first().Status), "according to the configuration, " + c.Place.Model.Reason}
	return is(proven, evidence...)
}

func forbidden(c *Case) opinion {
	a := c.first()
	if !c.status(403) || a.nginxPage() || c.originDecides() || a.envoyOwn() || a.haproxyPage() || c.directly() == refuses {
		return no
	}
	return is(possible, c.directEvidence("403, with and without Origin")...)
}

func limited(c *Case) opinion {
	a := c.first()
	switch {
	case c.status(429):
		return is(likely+10, c.directEvidence("the handshake gets 429")...)
	case c.status(503) && a.nginxPage():
		return is(c.scaled(likely), c.directEvidence("503 with nginx's own page after "+seconds(a.First))...)
	}
	return no
}

func tooLarge(c *Case) opinion {
	if c.status(413, 414, 431) || c.status(400, 494) && c.first().says("Request Header Or Cookie Too Large", "Request header is too large") {
		return is(proven, fmt.Sprintf("the handshake gets %d for its size", c.first().Status))
	}
	return no
}

func directRefuses(c *Case) opinion {
	d := c.Direct.Of(Handshake)
	if c.directly() != refuses || c.first().Switched() {
		return no
	}
	weight := likely
	if d.Status == c.first().Status {
		weight = likely + 20
	}
	if c.originDecides() {
		weight = possible // the row about the origin explains it better
	}
	return is(weight, fmt.Sprintf("the application itself answers %s, with correct headers and the page's Host and Origin", d.short()))
}

func directSubprotocol(c *Case) opinion {
	d := c.Direct.Of(Handshake)
	if d == nil || d.Status != 400 && d.Status != 426 {
		return no
	}
	if d.says("subprotocol", "sub-protocol", "Sec-WebSocket-Protocol") && !strings.Contains(d.Problem, "Protocol") {
		return is(likely+21, fmt.Sprintf("the application itself answers %d and mentions a subprotocol", d.Status))
	}
	return no
}
