package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// Demanded reports whether this exchange must succeed.
func (a *Answer) Demanded() bool { return slices.Contains(demanded, a.Kind) }

// Describe describes the result of an exchange in one line.
func (a *Answer) Describe() string {
	switch {
	case a.Failure != nil:
		said := fmt.Sprintf("%s (%s)", a.Failure.Message, a.Failure.Kind)
		if a.Raw != "" {
			said += fmt.Sprintf(": %.40q", a.Raw)
		}
		return said
	case a.Kind == ALPN && a.TLS != nil:
		return a.saidALPN()
	case a.Status != 101:
		return a.describePage()
	case a.Problem != "":
		return a.Problem
	case a.End != nil:
		return "101, then " + a.End.String() + a.saidPings()
	case a.Kind == Hold:
		return "101, kept for " + seconds(a.Held) + a.saidPings()
	}
	return "101" + map[string]string{"pong": ", a ping is answered", "echo": ", the message came back", "message": ", a message came", "": ", a ping is not answered"}[a.Alive]
}

func (a *Answer) saidALPN() string {
	protocol := a.TLS.ALPN
	if protocol == "" {
		protocol = "none"
	}
	said := a.TLS.Version + ", ALPN " + protocol
	if protocol == "h2" {
		said += ": curl needs --http1.1 to request a WebSocket"
	}
	return said
}

func (a *Answer) saidPings() string {
	if len(a.Pings) == 0 {
		return ", no ping from the server"
	}
	return fmt.Sprintf(", pings from the server: %d", len(a.Pings))
}

// describePage describes a response: its status, redirect target, server and first bytes.
func (a *Answer) describePage() string {
	said := fmt.Sprint(a.Status)
	if to := a.Header.Get("Location"); to != "" {
		said += " to " + to
	}
	if v := a.Header.Get("Server"); v != "" {
		said += ", Server: " + v
	}
	switch body := strings.Join(strings.Fields(markup().ReplaceAllString(a.Body, " ")), " "); {
	case a.nginxPage():
		said += ", nginx's own page"
	case a.haproxyPage():
		said += ", HAProxy's own page"
	case body != "":
		said += fmt.Sprintf(", %q", cutTo(body, 60))
	}
	return said
}

// markup matches what a page contains besides text, closely enough for this purpose.
var markup = lazyregexp.New(`(?s)<(style|script)\b.*?</(style|script)>|<[^>]*>`)

func cutTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "..."
	}
	return s
}
