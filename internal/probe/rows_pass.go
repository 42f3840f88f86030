package probe

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// passRows are about handshakes that were answered with 101.
var passRows = []Row{
	{"all-good", "every handshake succeeds", cause.BehindPage, allGood},
	{"answer-damaged", "101 without Upgrade, Connection or a correct Sec-WebSocket-Accept", cause.AnswerDamaged, answerDamaged},
	{"subprotocol-unanswered", "101 with no subprotocol, or one that was not requested", cause.SubprotocolRefused, subprotocol},
	{"no-tunnel", "101, but a ping is not answered, or the connection ends at once", cause.NoTunnel, noTunnel},
	{"firefox-refused", "the handshake succeeds, but not with Connection: keep-alive, Upgrade", cause.ConnectionCompared, firefoxRefused},
	{"some-fail", "some handshakes succeed and some get 502, 503, 504 or nothing", cause.OneServerDown, someFail},
	{"session-refused", "an Engine.IO session opened by polling is unknown to the server that gets its handshake", cause.NoAffinity, sessionRefused},
	{"session-unknown", "400 with Session ID unknown, or 404 with No Connection with that ID", cause.NoAffinity, sessionUnknown},
	{"closed-by-policy", "101, then a close frame with 1008 or 4000 to 4999", cause.ApplicationCloses, closedByPolicy},
}

func allGood(c *Case) opinion {
	if c.good() {
		return is(faint, "the server sends everything that a browser needs")
	}
	return no
}

func answerDamaged(c *Case) opinion {
	a := c.first()
	if a.Status != 101 || a.Problem == "" || strings.Contains(a.Problem, "Protocol") {
		return no
	}
	if d := c.Direct.Of(Handshake); d != nil && d.Problem != "" {
		return is(faint, "the application itself answers the same")
	}
	return is(likely+10, c.directEvidence(a.Problem)...)
}

func subprotocol(c *Case) opinion {
	if a := c.first(); a.Status == 101 && strings.Contains(a.Problem, "Sec-WebSocket-Protocol") {
		return is(likely+10, a.Problem)
	}
	return no
}

func noTunnel(c *Case) opinion {
	a := c.first()
	switch {
	case !a.Switched() || a.OK() || a.End != nil && a.End.How == "close":
		return no
	case a.End != nil:
		return is(c.scaled(likely), c.directEvidence("101, then "+a.End.String())...)
	}
	return is(c.scaled(likely), c.directEvidence("101, but a ping gets no answer")...)
}

func firefoxRefused(c *Case) opinion {
	a := c.of(Firefox)
	if !c.first().OK() || a.OK() || a.Status == 0 || a.Status >= 500 {
		return no
	}
	if d := c.Direct.Of(Firefox); d != nil && !d.OK() {
		return is(possible, "the application itself refuses Connection: keep-alive, Upgrade")
	}
	return is(likely+10, fmt.Sprintf("Connection: Upgrade gets 101, Connection: keep-alive, Upgrade gets %s", a.short()))
}

func someFail(c *Case) opinion {
	good, bad, last := 0, 0, ""
	for _, a := range c.Through.Answers {
		switch {
		case a.Kind != Handshake && a.Kind != Again && a.Kind != Firefox && a.Kind != NoOrigin:
		case a.Switched():
			good++
		case a.Status >= 502 && a.Status <= 504, a.Failure != nil && (a.Failure.Kind == Silent || a.Failure.Kind == Closed || a.Failure.Kind == Refused):
			bad, last = bad+1, a.short()
		}
	}
	if good == 0 || bad == 0 {
		return no
	}
	return is(likely+10, fmt.Sprintf("of %d handshakes %d succeed; the others: %s", good+bad, good, last))
}

func sessionRefused(c *Case) opinion {
	asked, refused, last := 0, 0, ""
	for _, a := range c.Through.Answers {
		if a.Kind == Session {
			asked++
			if !a.Switched() {
				refused, last = refused+1, a.short()
			}
		}
	}
	if refused == 0 || !c.first().Switched() {
		return no
	}
	return is(proven, fmt.Sprintf("a fresh handshake succeeds; of %d sessions opened by polling %d are refused (%s): another server gets the handshake", asked, refused, last))
}

func sessionUnknown(c *Case) opinion {
	if a := c.first(); a.Status == 400 && a.says("Session ID unknown") || a.Status == 404 && a.says("No Connection with that ID") {
		return is(proven, "the answer says that it does not know the session")
	}
	return no
}

func closedByPolicy(c *Case) opinion {
	for _, a := range []*Answer{c.first(), c.of(Hold)} {
		if e := a.End; e != nil && e.How == "close" && (e.Code == 1008 || e.Code == 1011 || e.Code >= 4000) {
			return is(likely+10, c.directEvidence("101, then "+e.String())...)
		}
	}
	return no
}
