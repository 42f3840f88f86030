package probe

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
)

// pathRows are about handshakes that reach the wrong place.
var pathRows = []Row{
	{"slash-redirect", "a redirect to the same path with or without a trailing slash", cause.SlashRedirect, slashRedirect},
	{"scheme-redirect", "a redirect to the same path with https or another host", cause.SchemeRedirect, schemeRedirect},
	{"login-redirect", "a redirect to a login path", cause.ApplicationLogin, loginRedirect},
	{"other-redirect", "any other redirect", cause.PathChanged, otherRedirect},
	{"slash-missing", "not 101, but 101 with or without the trailing slash", cause.SlashRedirect, slashMissing},
	{"nginx-404", "nginx's own 404", cause.WrongLocation, nginx404},
	{"nginx-405", "nginx's own 405", cause.WrongLocation, nginx405},
	{"another-page", "200 of another page than the application's own plain one", cause.WrongLocation, anotherPage},
	{"model-says-files", "not 101, and the location in the configuration has no proxy_pass", cause.WrongLocation, modelSaysFiles},
	{"application-404", "404 that is not nginx's, but --direct gets 101 for the same path", cause.PathChanged, application404},
	{"same-404", "the same 404 for the handshake and a plain GET, not nginx's, and the configuration passes the handshake or is unknown", cause.PathUnknown, same404},
	{"wrong-path-502", "the handshake gets 502 and a plain GET the application's 404, and --direct gets 101 for the same path", cause.PathChanged, wrongPath502},
	{"cached", "200 with Age, or a cache's header that says HIT", cause.Cached, cachedAnswer},
}

func slashRedirect(c *Case) opinion {
	to := c.first().location()
	if to == nil {
		return no
	}
	from := c.Through.URL.EscapedPath()
	if path := to.EscapedPath(); path != from+"/" && path+"/" != from {
		return no
	}
	evidence := []string{fmt.Sprintf("%d to %s", c.first().Status, to)}
	if c.of(Slash).Switched() {
		evidence = append(evidence, "there the handshake gets 101")
	}
	return is(proven, evidence...)
}

func schemeRedirect(c *Case) opinion {
	to := c.first().location()
	if to == nil || to.Host == "" || loginPath().MatchString(to.Path) || loginPath().MatchString(to.Hostname()) {
		return no
	}
	secure := to.Scheme == "https" && c.Through.URL.Scheme == "ws"
	if strings.Trim(to.Path, "/") != strings.Trim(c.Through.URL.Path, "/") && !secure {
		return no
	}
	if to.Hostname() == c.Through.URL.Hostname() && !secure && to.EscapedPath() != c.Through.URL.EscapedPath() {
		return no // slash-redirect handles that
	}
	return is(proven, fmt.Sprintf("%d to %s", c.first().Status, to))
}

// loginPath matches the targets of redirects to a login.
var loginPath = lazyregexp.New(`(?i)(^|[/_.-])(log-?in|sign-?in|auth|oauth2?|sso|saml|session|account)([/_.-]|$)`)

func loginRedirect(c *Case) opinion {
	if to := c.first().location(); to != nil && (loginPath().MatchString(to.Path) || to.Host != "" && loginPath().MatchString(to.Hostname())) {
		return is(likely+15, fmt.Sprintf("%d to %s", c.first().Status, to))
	}
	return no
}

func otherRedirect(c *Case) opinion {
	if to := c.first().location(); to != nil {
		return is(possible-10, fmt.Sprintf("%d to %s", c.first().Status, to))
	}
	return no
}

func slashMissing(c *Case) opinion {
	if a := c.first(); a.Status != 0 && a.Status != 101 && a.location() == nil && c.of(Slash).Switched() {
		if modelSaysFiles(c).weight > 0 { // another location handles the other form: the slash is a coincidence
			return is(faint, fmt.Sprintf("the handshake gets %d, %s 101", a.Status, c.of(Slash).Asked))
		}
		return is(likely+15, fmt.Sprintf("the handshake gets %d, %s 101", a.Status, c.of(Slash).Asked))
	}
	return no
}

func nginx404(c *Case) opinion {
	if c.status(404) && c.first().nginxPage() {
		return is(c.scaled(likely+10), c.directEvidence("404 with nginx's own page: it looked for a file")...)
	}
	return no
}

func nginx405(c *Case) opinion {
	if c.status(405) && c.first().nginxPage() {
		return is(c.scaled(likely), "405 with nginx's own page")
	}
	return no
}

func anotherPage(c *Case) opinion {
	d := c.Direct.Of(Plain)
	if !c.status(200) || c.cached() != "" || d == nil || sameAnswer(c.first(), d) || c.directly() != takes {
		return no
	}
	return is(likely, "the handshake gets a page that is not the application's: --direct gets a different one for a plain GET")
}

func modelSaysFiles(c *Case) opinion {
	if c.Place == nil || !c.status(200, 404, 405, 403) || c.Place.Request.Pass != nil || c.Place.Location.First("return") != nil || c.Place.Server.First("return") != nil {
		return no
	}
	return is(proven, fmt.Sprintf("the handshake gets %d", c.first().Status), "the location in the configuration has no proxy_pass: nginx serves files there")
}

func application404(c *Case) opinion {
	if !c.status(404) || c.first().nginxPage() || c.directly() != takes {
		return no
	}
	return is(likely-5, c.directEvidence("404, not with nginx's page")...)
}

// same404 is an application's answer for a path that it does not know, whatever the
// request is. The application may also consider the handshake a plain request.
func same404(c *Case) opinion {
	a := c.first()
	if !c.status(404) || a.nginxPage() || !sameAnswer(a, c.of(Plain)) || c.directly() == takes {
		return no
	}
	if c.Place != nil && c.Place.Model.Outcome == model.Passes {
		return is(likely, "handshake and plain GET get the same 404, and the configuration passes the handshake on")
	}
	return is(possible, "handshake and plain GET get the same 404")
}

// wrongPath502 is what Node's servers do for a path that none of their WebSocket
// servers knows: Engine.IO drops the connection after a second.
func wrongPath502(c *Case) opinion {
	if plain := c.of(Plain); !c.nginx502() || plain.Status != 404 || plain.nginxPage() || c.directly() != takes {
		return no
	}
	return is(likely+15, c.directEvidence("502 after "+seconds(c.first().First), "a plain GET gets 404")...)
}

// cached returns the header that shows that a cache answered, or "".
func (c *Case) cached() string {
	h := c.first().Header
	for _, name := range []string{"X-Cache", "X-Cache-Status", "X-Proxy-Cache", "Cf-Cache-Status"} {
		if v := h.Get(name); strings.Contains(strings.ToUpper(v), "HIT") {
			return name + ": " + v
		}
	}
	if v := h.Get("Age"); v != "" && v != "0" {
		return "Age: " + v
	}
	return ""
}

func cachedAnswer(c *Case) opinion {
	sign := c.cached()
	if sign == "" || c.first().Status == 101 {
		return no
	}
	return is(likely+15, c.directEvidence(fmt.Sprintf("the handshake gets %d with %s", c.first().Status, sign))...)
}
