package probe

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// first returns the answer to the handshake that browsers send. It is never nil.
func (c *Case) first() *Answer {
	if a := c.Through.Of(Handshake); a != nil {
		return a
	}
	return &Answer{}
}

// of returns the answer of a kind from the public URL. It is never nil: without a
// request of that kind it has no status.
func (c *Case) of(k Kind) *Answer {
	if a := c.Through.Of(k); a != nil {
		return a
	}
	return &Answer{}
}

// status reports whether the handshake was answered with one of these.
func (c *Case) status(codes ...int) bool { return slices.Contains(codes, c.first().Status) }

// failed reports whether the handshake got no answer for this reason.
func (c *Case) failed(k FailureKind) bool {
	f := c.first().Failure
	return f != nil && f.Kind == k
}

// directly returns how the application itself answered the handshake.
func (c *Case) directly() directly {
	a := c.Direct.Of(Handshake)
	switch {
	case a == nil:
		return notAsked
	case a.Switched():
		return takes
	case a.Failure == nil, a.Failure.Kind == Closed, a.Failure.Kind == NotHTTP:
		return refuses
	}
	return unreached
}

// directly is how the application itself answered the handshake.
type directly int

const (
	notAsked  directly = iota
	takes              // 101
	refuses            // another answer
	unreached          // none
)

// scaled returns a weight: unchanged if the application itself accepts the handshake,
// lower if it was not tested, and much lower if it refuses as well.
func (c *Case) scaled(weight int) int {
	switch c.directly() {
	case takes:
		return weight
	case notAsked:
		return weight - 15
	}
	return faint
}

// directEvidence adds how the application itself answered, if it was tested.
func (c *Case) directEvidence(evidence ...string) []string {
	if a := c.Direct.Of(Handshake); a != nil {
		evidence = append(evidence, "the application itself, asked with --direct: "+a.short())
	}
	return evidence
}

// says reports whether the body contains one of these texts, ignoring case.
func (a *Answer) says(texts ...string) bool {
	body := strings.ToLower(a.Body)
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(body, strings.ToLower(t)) })
}

// short summarises an answer in a few words.
func (a *Answer) short() string {
	switch {
	case a.Failure != nil:
		return a.Failure.Message
	case a.Status == 101 && a.Problem != "":
		return a.Problem
	case a.Status == 101 && a.End != nil:
		return "101, then " + a.End.String()
	}
	return fmt.Sprint(a.Status)
}

// String says how a connection ended.
func (e *End) String() string {
	after := " after " + seconds(e.After)
	switch e.How {
	case "close":
		reason := ""
		if e.Reason != "" {
			reason = fmt.Sprintf(" (%s)", e.Reason)
		}
		return fmt.Sprintf("close %d%s%s", e.Code, reason, after)
	case "fin":
		return "cut without a close frame" + after
	case "reset":
		return "reset" + after
	case "garbage":
		return "something that is not a WebSocket frame" + after
	}
	return "dead without a close frame" + after
}

// seconds formats a time for people: 59.9 s, 40 ms.
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// location returns the target of a redirect, or nil.
func (a *Answer) location() *url.URL {
	if a.Status < 300 || a.Status > 399 || a.Header.Get("Location") == "" {
		return nil
	}
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		return nil
	}
	return u
}

// sameAnswer reports whether two answers are the same page.
func sameAnswer(a, b *Answer) bool {
	return a.Failure == nil && b.Failure == nil && a.Status != 0 && a.Status == b.Status && a.Body == b.Body
}

// upgradeAsked reports whether an answer says that the upgrade is missing.
func (a *Answer) upgradeAsked() (sign string, ok bool) {
	switch {
	case strings.EqualFold(a.Header.Get("Upgrade"), "websocket"):
		return "Upgrade: websocket in the answer", true
	case a.Header.Get("Sec-Websocket-Version") != "":
		return "Sec-WebSocket-Version: " + a.Header.Get("Sec-Websocket-Version") + " in the answer", true
	}
	for _, text := range []string{
		"'websocket' token not found", "'upgrade' token not found", "Can \"Upgrade\" only to", "\"Connection\" must be \"Upgrade\"", "Upgrade Required", "invalid Upgrade header",
		"missing Upgrade", "missing or empty Upgrade", "not a websocket handshake", "WebSocket protocol violation", "No WebSocket UPGRADE hdr", "Invalid WebSocket upgrade", "expected websocket",
	} {
		if a.says(text) {
			return fmt.Sprintf("%q in its body", text), true
		}
	}
	return "", false
}

// tlsWanted reports whether an answer says that plain HTTP was sent to a TLS port.
func (a *Answer) tlsWanted() bool {
	return a.Status == 400 && a.says("plain HTTP request was sent to HTTPS port", "HTTP request to an HTTPS server", "speaking plain HTTP to an SSL")
}
