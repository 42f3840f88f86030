package probe

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// layerRows are about answers from systems other than nginx and the application.
var layerRows = []Row{
	{"zone-off", "Cloudflare's API says that the zone has WebSockets turned off", cause.CloudflareOff, zoneOff},
	{"cloudflare-lost", "Cf-Ray, and a handshake that reaches the application as a plain request, although the application itself accepts handshakes", cause.CloudflareOff, cloudflareLost},
	{"cloudflare-challenge", "Cf-Mitigated, or a blocking page of Cloudflare", cause.CloudflareBlocks, cloudflareBlocks},
	{"cloudflare-52x", "520 to 530 by Cloudflare", cause.CloudflareOrigin, cloudflareOrigin},
	{"alb-464", "464 by an AWS load balancer", cause.AWSTargetProtocol, alb464},
	{"alb-5xx", "502, 503 or 504 by an AWS load balancer", cause.AWSTarget, alb5xx},
	{"haproxy-5xx", "HAProxy's own page with 502, 503 or 504", cause.HAProxyNoServer, haproxyNoServer},
	{"haproxy-handshake-only", "HAProxy's own page with 502 for the handshake, while a plain GET passes", cause.HAProxyHTTP2, haproxyHTTP2},
	{"haproxy-4xx", "HAProxy's own page with 400, 403, 408 or 429", cause.HAProxyRefuses, haproxyRefuses},
	{"envoy-403", "403 by Envoy, with an empty body", cause.EnvoyUpgradesOff, envoyUpgrades},
	{"envoy-5xx", "503 or 504 by Envoy", cause.EnvoyUpstream, envoyUpstream},
}

func zoneOff(c *Case) opinion {
	if c.Zone != nil && c.Zone.Value == "off" {
		return is(proven+2, "Cloudflare's API: the zone's setting websockets is off")
	}
	return no
}

func cloudflareLost(c *Case) opinion {
	if !c.passes(cause.Cloudflare) || c.first().Status < 200 || c.first().Status >= 500 || c.Zone != nil || c.directly() == refuses {
		return no
	}
	_, wanted := c.first().upgradeAsked()
	if !wanted && !sameAnswer(c.first(), c.of(Plain)) {
		return no
	}
	weight := possible - 10
	if c.Place != nil && len(c.Place.Found(cause.HeadersLost)) == 0 {
		weight = likely
	}
	return is(weight, c.directEvidence("Cloudflare is on the way", fmt.Sprintf("the handshake gets %d, as a plain request does", c.first().Status))...)
}

func cloudflareBlocks(c *Case) opinion {
	a := c.first()
	if v := a.Header.Get("Cf-Mitigated"); v != "" {
		return is(proven+1, "Cf-Mitigated: "+v)
	}
	if a.server("cloudflare") && c.status(403, 429, 503) && a.says("Attention Required!", "Just a moment", "cf-error-details", "error code: 10", "cdn-cgi/challenge-platform") {
		return is(proven, fmt.Sprintf("%d with a page of Cloudflare's", a.Status))
	}
	return no
}

func cloudflareOrigin(c *Case) opinion {
	if a := c.first(); a.Status >= 520 && a.Status <= 530 && c.passes(cause.Cloudflare) {
		return is(proven, c.directEvidence(fmt.Sprintf("the handshake gets %d from Cloudflare", a.Status))...)
	}
	return no
}

func alb464(c *Case) opinion {
	if c.status(464) {
		return is(proven, "464: the protocol version of the target group does not fit")
	}
	return no
}

func alb5xx(c *Case) opinion {
	if a := c.first(); c.status(502, 503, 504) && a.server("awselb") {
		return is(proven, c.directEvidence(fmt.Sprintf("%d after %s with Server: %s", a.Status, seconds(a.First), a.Header.Get("Server")))...)
	}
	return no
}

func haproxyNoServer(c *Case) opinion {
	if a := c.first(); c.status(502, 503, 504) && a.haproxyPage() && !c.haproxyHasServer() {
		return is(proven, c.directEvidence(fmt.Sprintf("%d after %s with HAProxy's own page", a.Status, seconds(a.First)))...)
	}
	return no
}

// haproxyHasServer reports whether a plain GET passes HAProxy: it has a server.
func (c *Case) haproxyHasServer() bool {
	return c.plainAnswered() && !c.of(Plain).haproxyPage()
}

func haproxyHTTP2(c *Case) opinion {
	if a := c.first(); c.status(502) && a.haproxyPage() && c.haproxyHasServer() {
		return is(c.scaled(likely+10), c.directEvidence("the handshake gets 502 with HAProxy's own page", fmt.Sprintf("a plain GET gets %d", c.of(Plain).Status))...)
	}
	return no
}

func haproxyRefuses(c *Case) opinion {
	if a := c.first(); c.status(400, 403, 408, 429) && a.haproxyPage() {
		return is(proven, c.directEvidence(fmt.Sprintf("%d with HAProxy's own page", a.Status))...)
	}
	return no
}

func envoyUpgrades(c *Case) opinion {
	if a := c.first(); c.status(403) && a.envoyOwn() && a.Body == "" {
		return is(likely+20, c.directEvidence("403 by Envoy with an empty body")...)
	}
	return no
}

func envoyUpstream(c *Case) opinion {
	if a := c.first(); c.status(503, 504) && a.envoyOwn() {
		return is(proven, c.directEvidence(fmt.Sprintf("%d by Envoy: %.60s", a.Status, a.Body))...)
	}
	return no
}
