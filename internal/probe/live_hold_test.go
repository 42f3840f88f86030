package probe

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// holdFor keeps a connection idle, and asks little else.
func holdFor(d time.Duration) func(*Options) {
	return func(o *Options) { o.Hold, o.Tries = d, 1 }
}

// What ends while nothing passes, with times that a test can wait for.
func TestHoldRows(t *testing.T) {
	short := strings.Replace(good, "proxy_pass", "proxy_read_timeout 2s; proxy_pass", 1)
	show(t, []scene{
		{row: "all-good", name: "kept", server: good, direct: true, ask: holdFor(time.Second)},
		{row: "all-good", name: "kept, TLS", server: good, tls: true, ask: holdFor(time.Second)},
		{row: "all-good", name: "kept by pings", serve: pingsEvery(400 * time.Millisecond), server: short, config: true, ask: holdFor(3500 * time.Millisecond), judge: sawPings},
		{row: "cut-at-read-timeout", server: short, direct: true, config: true, ask: holdFor(5 * time.Second), judge: found("short-read-timeout", 13)},
		{row: "cut-at-read-timeout", name: "counted from the last ping", serve: accepts("", pingsAtFirst), server: short, config: true, ask: holdFor(8 * time.Second)},
		{row: "cut-elsewhere", server: short, direct: true, ask: holdFor(5 * time.Second), verdict: cause.ProxyCut},
		{row: "cut-directly", serve: accepts("", leavesAfter(time.Second)), server: good, direct: true, ask: holdFor(5 * time.Second)},
		{row: "cut-silently", serve: accepts("", deafAfterPing), server: good, ask: func(o *Options) { o.Hold, o.Tries, o.Timeout = time.Second, 1, time.Second }},
		{row: "closed-idle", serve: accepts("", closesAfter(time.Second, 1000)), server: good, ask: holdFor(5 * time.Second)},
		{row: "going-away", serve: accepts("", closesAfter(time.Second, 1012)), server: good, ask: holdFor(5 * time.Second)},
	})
}

func sawPings(t *testing.T, c *Case, _ Verdict) {
	if n := len(c.of(Hold).Pings); n < 4 {
		t.Errorf("%d pings were seen", n)
	}
}

// HAProxy without timeout tunnel, before nginx; and its own answers.
func TestHAProxyRows(t *testing.T) {
	const timeouts = "defaults\n mode http\n timeout connect 1s\n timeout client 4s\n timeout server 2s\n"
	proxied := func(config string) func(*testing.T, string) string {
		return func(t *testing.T, nginx string) string {
			address := nginxtest.FreeAddress(t)
			nginxtest.StartHAProxy(t, "global\n maxconn 100\n"+timeouts+"frontend f\n bind "+address+"\n"+strings.ReplaceAll(config, "NGINX", nginx), address)
			return address
		}
	}
	show(t, []scene{
		{row: "cut-at-30-or-50", name: "without timeout tunnel", server: good, config: true, before: proxied(" default_backend b\nbackend b\n server n NGINX\n"), ask: holdFor(5 * time.Second), verdict: cause.ProxyCut},
		{row: "all-good", name: "timeout tunnel", server: good, config: true, before: proxied(" default_backend b\nbackend b\n timeout tunnel 1h\n server n NGINX\n"), ask: holdFor(5 * time.Second)},
		{row: "haproxy-5xx", server: good, before: proxied(" default_backend b\nbackend b\n server n NGINX disabled\n")},
		{row: "haproxy-5xx", name: "504", serve: silent, server: good, before: proxied(" default_backend b\nbackend b\n timeout server 300ms\n server n NGINX\n")},
		{row: "haproxy-handshake-only", server: "http2 on; " + strings.Replace(good, "proxy_pass", `if ($http_upgrade = "") { return 200; } proxy_pass`, 1), only: plainHTTP2, direct: true, before: proxied(" default_backend b\nbackend b\n server n NGINX proto h2\n")},
		{row: "haproxy-4xx", server: good, before: proxied(" http-request deny\n default_backend b\nbackend b\n server n NGINX\n")},
	})
}

// plainHTTP2 reports whether a version has http2 on plaintext sockets beside HTTP/1.1.
func plainHTTP2(version string) bool {
	return !strings.HasPrefix(version, "1.2") || version >= "1.25.1"
}

// pingsEvery is an application that pings, and goes where no pong comes.
func pingsEvery(d time.Duration) func(testing.TB) string {
	return accepts("", func(c net.Conn) {
		for range 20 {
			pongs := 0
			if _, err := c.Write([]byte{0x89, 0}); err != nil || !framesFor(c, d, func(op byte) {
				if op == 0x8A {
					pongs++
				}
			}) || pongs == 0 {
				return
			}
		}
	})
}

// pingsAtFirst pings for two seconds, and then is silent.
func pingsAtFirst(c net.Conn) {
	for range 4 {
		if _, err := c.Write([]byte{0x89, 0}); err != nil || !pongsFor(c, 500*time.Millisecond) {
			return
		}
	}
	pongs(c)
}

// leavesAfter is an application that answers pings, and goes.
func leavesAfter(d time.Duration) func(net.Conn) {
	return func(c net.Conn) { pongsFor(c, d) }
}

// closesAfter closes with a code.
func closesAfter(d time.Duration, code int) func(net.Conn) {
	return func(c net.Conn) {
		if !pongsFor(c, d) {
			return
		}
		_, _ = c.Write([]byte{0x88, 2, byte(code >> 8), byte(code)})
		time.Sleep(100 * time.Millisecond)
	}
}

// deafAfterPing answers the first ping and nothing more.
func deafAfterPing(c net.Conn) {
	first := make([]byte, 6+24)
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if n, _ := c.Read(first); n == len(first) {
		payload := first[6:]
		for i := range payload {
			payload[i] ^= first[2+i%4]
		}
		_, _ = c.Write(append([]byte{0x8A, byte(len(payload))}, payload...))
	}
	_, _ = c.Read(make([]byte, 1))
	time.Sleep(2 * time.Second)
}

// idle returns a simulated case of a closed connection, because a real one takes a
// minute or more.
func idle(after time.Duration, how string, header string) *Case {
	name, value, _ := strings.Cut(header, ": ")
	answer := func(k Kind) *Answer {
		return &Answer{Kind: k, Status: 101, Alive: "pong", Header: map[string][]string{name: {value}}}
	}
	hold := answer(Hold)
	hold.Held, hold.End = after, &End{After: after, How: how}
	return &Case{Through: &Inquiry{URL: &url.URL{Scheme: "wss", Host: "example.test", Path: "/ws"}, Answers: []*Answer{answer(Handshake), hold}}}
}

// The rows that know a layer by its time. TestHoldRows and TestHAProxyRows show
// with shorter times that such an end is seen.
func TestTimes(t *testing.T) {
	for _, m := range []struct {
		row    string
		after  time.Duration
		how    string
		header string
	}{
		{"cut-at-60", 60*time.Second + 40*time.Millisecond, "fin", "Server: nginx"},
		{"cut-at-60", 59900 * time.Millisecond, "fin", "X-Other: a"},
		{"cut-at-60-aws", 60 * time.Second, "fin", "Set-Cookie: AWSALB=x; Path=/"},
		{"cut-at-100", 101 * time.Second, "fin", "Cf-Ray: 8a-FRA"},
		{"cut-at-30-or-50", 30 * time.Second, "fin", "X-Other: a"},
		{"cut-at-30-or-50", 50100 * time.Millisecond, "fin", "Server: nginx"},
		{"cut-silently", 351 * time.Second, "reset", "Server: nginx"},
		{"cut-elsewhere", 240 * time.Second, "fin", "Server: nginx"},
	} {
		t.Run(fmt.Sprintf("%s/%v", m.row, m.after), func(t *testing.T) {
			c := idle(m.after, m.how, m.header)
			scene{row: m.row}.check(t, c, Judge(c))
		})
	}
	if c := idle(45*time.Second, "fin", "Server: nginx"); rowNamed(t, "cut-at-60").judge(c).weight > 0 {
		t.Error("45 s are taken for 60")
	}
}
