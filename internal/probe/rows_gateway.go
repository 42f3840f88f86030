package probe

import (
	"fmt"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// gatewayRows are about handshakes that nginx could not deliver.
var gatewayRows = []Row{
	{"502-nothing-there", "nginx's own 502, and --direct cannot connect either", cause.UpstreamDown, nothingThere},
	{"502", "nginx's own 502", cause.UpstreamDown, badGateway},
	{"502-name", "nginx's own 502, while the application itself accepts the handshake", cause.UpstreamUnresolved, badGatewayName},
	{"502-tls", "nginx's own 502, or a 400 of the upstream that says that its port speaks TLS", cause.UpstreamTLS, badGatewayTLS},
	{"504", "nginx's own 504", cause.UpstreamSilent, gatewayTimeout},
	{"504-at-once", "nginx's own 504 at once, or 101 and cut at once", cause.IdleCut, timeoutZero},
	{"500", "nginx's own 500", cause.NginxError, nginx500},
	{"gateway", "502, 503 or 504, neither nginx's nor that of another recognised layer", cause.GatewayError, otherGateway},
}

func (c *Case) nginx502() bool {
	return c.status(502) && c.first().nginxPage()
}

// plain502 reports whether plain requests fail as well: otherwise the problem is
// specific to the handshake.
func (c *Case) plain502() bool { return c.of(Plain).Status == 502 || c.of(Plain).Status == 0 }

func nothingThere(c *Case) opinion {
	if c.nginx502() && c.directly() == unreached {
		return is(proven, c.directEvidence("502 after "+seconds(c.first().First)+" with nginx's own page")...)
	}
	return no
}

func badGateway(c *Case) opinion {
	if !c.nginx502() || c.directly() == unreached {
		return no
	}
	weight := possible + 10
	if !c.plain502() {
		weight = faint
	}
	how := "502 after " + seconds(c.first().First) + " with nginx's own page"
	if c.first().First > 2*time.Second {
		how += ": packets are dropped, or servers tried in turn"
	}
	return is(weight, c.directEvidence(how)...)
}

func badGatewayName(c *Case) opinion {
	if !c.nginx502() || !c.plain502() || c.directly() == unreached {
		return no
	}
	weight := faint + 5
	if c.directly() == takes {
		weight = possible
	}
	evidence := c.directEvidence("502 after " + seconds(c.first().First) + " with nginx's own page")
	if c.Place != nil && c.Place.Request.Pass != nil && strings.Contains(c.Place.Request.Pass.Param(0), "$") {
		weight, evidence = weight+10, append(evidence, "proxy_pass has a variable: its host is resolved at run time")
	}
	return is(weight, evidence...)
}

func badGatewayTLS(c *Case) opinion {
	a := c.first()
	if a.tlsWanted() && !a.nginxPage() && c.passes(cause.Nginx) {
		return is(proven, "400 says that plain HTTP reached a TLS port: nginx connects to its upstream without TLS")
	}
	if !c.nginx502() || !c.plain502() || c.directly() == unreached {
		return no
	}
	weight, evidence := faint, c.directEvidence("502 after "+seconds(a.First)+" with nginx's own page")
	if c.Place != nil && strings.HasPrefix(c.Place.Request.Target.Text, "https:") {
		weight = possible
		if c.directly() == takes && c.Direct.URL.Scheme == "ws" {
			weight, evidence = likely+10, append(evidence, "proxy_pass uses https://, but the application answered without TLS")
		}
	}
	return is(weight, evidence...)
}

func gatewayTimeout(c *Case) opinion {
	a := c.first()
	if !c.status(504) || !a.nginxPage() || c.zeroTimeout() {
		return no
	}
	return is(likely+10, c.directEvidence("504 after "+seconds(a.First)+" with nginx's own page")...)
}

// zeroTimeout reports whether the configuration has proxy_read_timeout 0.
func (c *Case) zeroTimeout() bool {
	return c.Place != nil && c.Place.ReadAt != nil && c.Place.ReadTimeout == 0
}

func timeoutZero(c *Case) opinion {
	a := c.first()
	zero := c.zeroTimeout()
	switch {
	case c.status(504) && a.nginxPage() && (a.First < 500*time.Millisecond || zero):
	case zero && a.Switched() && a.End != nil:
	default:
		return no
	}
	weight := likely
	if zero {
		weight = proven
	}
	return is(weight, fmt.Sprintf("%s after %s: a timeout of 0 ends every request", a.short(), seconds(a.First)))
}

func nginx500(c *Case) opinion {
	if !c.status(500) || !c.first().nginxPage() {
		return no
	}
	return is(c.scaled(likely+15), c.directEvidence("500 with nginx's own page")...)
}

func otherGateway(c *Case) opinion {
	a := c.first()
	if !c.status(502, 503, 504) || a.nginxPage() || a.haproxyPage() || a.envoyOwn() || a.server("awselb") || a.server("cloudflare") {
		return no
	}
	return is(possible, c.directEvidence(fmt.Sprintf("%d after %s", a.Status, seconds(a.First)))...)
}
