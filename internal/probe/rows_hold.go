package probe

import (
	"fmt"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// holdRows are about connections that end while idle.
var holdRows = []Row{
	{"cut-at-read-timeout", "idle, closed after the proxy_read_timeout of the configuration", cause.IdleCut, cutAtReadTimeout},
	{"cut-at-60", "idle, closed without a close frame after 60 s", cause.IdleCut, cutAfter(60*time.Second, "", likely)},
	{"cut-at-60-aws", "the same, behind an AWS load balancer", cause.AWSCut, cutAfter(60*time.Second, cause.AWS, likely+10)},
	{"cut-at-100", "idle, closed after 100 s behind Cloudflare", cause.CloudflareCut, cutAfter(100*time.Second, cause.Cloudflare, proven)},
	{"cut-at-30-or-50", "idle, closed without a close frame after 30 or 50 s", cause.HAProxyCut, cutByHAProxy},
	{"cut-elsewhere", "idle, closed without a close frame, but not after nginx's time", cause.ProxyCut, cutElsewhere},
	{"cut-silently", "idle, then a ping gets no answer, or a reset", cause.SilentlyDropped, cutSilently},
	{"cut-directly", "idle, and --direct ends in the same way after the same time", cause.ApplicationCloses, cutDirectly},
	{"going-away", "close 1001 or 1012", cause.Reloaded, goingAway},
	{"closed-idle", "idle, then a close frame with another code", cause.ApplicationCloses, closedIdle},
}

// cut returns how an idle connection ended without a close frame, or nil.
func (c *Case) cut() *End {
	e := c.of(Hold).End
	if e == nil || e.How == "close" || e.How == "silence" {
		return nil
	}
	return e
}

// near reports whether a timeout explains a duration: timers fire late, and the last
// byte passed a little before we knew.
func near(after, timeout time.Duration) bool {
	slack := max(time.Second, timeout/40)
	return after > timeout-slack && after < timeout+slack
}

// alike reports whether the application itself ended the connection in the same way.
func (c *Case) alike() bool {
	own := c.Direct.Of(Hold)
	e := c.of(Hold).End
	return own != nil && own.End != nil && e != nil && own.End.How == e.How && near(own.End.After, e.After)
}

// idleEvidence returns the facts about the idle connection.
func (c *Case) idleEvidence() []string {
	h := c.of(Hold)
	evidence := []string{"idle, it was " + h.End.String()}
	if len(h.Pings) == 0 {
		evidence = append(evidence, "the server sent no ping")
	} else {
		evidence = append(evidence, fmt.Sprintf("the server sent %d pings, the last after %s", len(h.Pings), seconds(h.Pings[len(h.Pings)-1])))
	}
	if own := c.Direct.Of(Hold); own != nil && own.OK() {
		evidence = append(evidence, "the application itself keeps it for "+seconds(own.Held))
	}
	return evidence
}

func cutAtReadTimeout(c *Case) opinion {
	e := c.cut()
	if e == nil || c.Place == nil || !near(e.After, c.Place.ReadTimeout) || c.alike() {
		return no
	}
	return is(proven, append(c.idleEvidence(), "proxy_read_timeout is "+c.Place.ReadTimeout.String())...)
}

// cutAfter returns a row about the default timeout of a layer; "" is for nginx
// without a configuration.
func cutAfter(timeout time.Duration, layer cause.Layer, weight int) func(*Case) opinion {
	return func(c *Case) opinion {
		e := c.cut()
		if e == nil || !near(e.After, timeout) || c.alike() || layer == "" && c.Place != nil || layer != "" && !c.passes(layer) {
			return no
		}
		if layer == "" && !c.passes(cause.Nginx) {
			return is(weight-20, c.idleEvidence()...)
		}
		return is(weight, c.idleEvidence()...)
	}
}

// passes reports whether a layer left its mark.
func (c *Case) passes(layer cause.Layer) bool {
	for _, h := range c.Through.hops() {
		if h.Layer == layer {
			return true
		}
	}
	return false
}

// ownTime reports whether the configuration's own timeout explains the cut.
func (c *Case) ownTime(e *End) bool {
	return c.Place != nil && near(e.After, c.Place.ReadTimeout)
}

func cutByHAProxy(c *Case) opinion {
	e := c.cut()
	if e == nil || c.alike() || c.ownTime(e) {
		return no
	}
	switch {
	case c.passes(cause.HAProxy):
		return is(likely, c.idleEvidence()...)
	case near(e.After, 30*time.Second), near(e.After, 50*time.Second):
		return is(possible+10, append(c.idleEvidence(), "30 and 50 s are common values of HAProxy's timeout client and timeout server, but some applications (Mojolicious) close after 30 s themselves: try --direct")...)
	}
	return is(faint, c.idleEvidence()...)
}

func cutElsewhere(c *Case) opinion {
	e := c.cut()
	if e == nil || c.alike() || c.ownTime(e) {
		return no
	}
	evidence := c.idleEvidence()
	if c.Place != nil {
		evidence = append(evidence, "proxy_read_timeout is "+c.Place.ReadTimeout.String())
	}
	return is(possible+5, evidence...)
}

func cutSilently(c *Case) opinion {
	h := c.of(Hold)
	switch {
	case h.End == nil:
		return no
	case h.End.How == "silence", h.End.How == "reset" && h.End.After == h.Held:
		return is(likely+10, append(c.idleEvidence(), "nothing happened until we sent a ping")...)
	}
	return no
}

func cutDirectly(c *Case) opinion {
	if !c.alike() {
		return no
	}
	return is(proven, append(c.idleEvidence(), "asked with --direct: "+c.Direct.Of(Hold).short())...)
}

// closings are the ends by a close frame.
func (c *Case) closing() *End {
	for _, a := range []*Answer{c.of(Hold), c.first()} {
		if a.End != nil && a.End.How == "close" {
			return a.End
		}
	}
	return nil
}

func goingAway(c *Case) opinion {
	if e := c.closing(); e != nil && (e.Code == 1001 || e.Code == 1012) {
		return is(likely, e.String())
	}
	return no
}

func closedIdle(c *Case) opinion {
	e := c.of(Hold).End
	if e == nil || e.How != "close" || e.Code == 1001 || e.Code == 1012 {
		return no
	}
	return is(likely, c.idleEvidence()...)
}
