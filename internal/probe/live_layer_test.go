package probe

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// edge simulates a layer before nginx: it forwards requests, except those that it
// answers itself, and leaves its marks.
type edge struct {
	header http.Header
	own    func(w http.ResponseWriter, r *http.Request) bool // answers itself
	strips bool                                              // hop-by-hop headers, Upgrade with them
}

func (e edge) before(t *testing.T, nginx string) string {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: nginx})
			r.Out.Host = r.In.Host
			if e.strips {
				r.Out.Header.Del("Upgrade")
				r.Out.Header.Del("Connection")
			}
		},
		ModifyResponse: func(r *http.Response) error {
			for name, values := range e.header {
				r.Header[name] = values
			}
			return nil
		},
	}
	return startServer(t, func(w http.ResponseWriter, r *http.Request) {
		if e.own != nil && e.own(w, r) {
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

// answer has an edge answer handshakes itself.
func (e edge) answer(status int, body string) edge {
	e.own = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Upgrade") == "" {
			return false
		}
		for name, values := range e.header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
	return e
}

var (
	cloudflare = edge{header: http.Header{"Server": {"cloudflare"}, "Cf-Ray": {"8a1b2c3d4e5f6071-FRA"}}}
	alb        = edge{header: http.Header{"Server": {"awselb/2.0"}}}
	envoy      = edge{header: http.Header{"Server": {"envoy"}}}
)

// Layers before nginx, played by small servers that answer as they do.
func TestLayerRows(t *testing.T) {
	challenge := edge{header: http.Header{"Server": {"cloudflare"}, "Cf-Ray": {"8a-FRA"}, "Cf-Mitigated": {"challenge"}}}
	stripping := cloudflare
	stripping.strips = true
	show(t, []scene{
		{row: "all-good", name: "behind Cloudflare", server: good, before: cloudflare.before, config: true},
		{row: "all-good", name: "behind an ALB", server: good, before: edge{header: http.Header{"Set-Cookie": {"AWSALB=abc; Path=/"}}}.before},
		{row: "cloudflare-lost", server: good, before: stripping.before, direct: true, config: true},
		{row: "cloudflare-challenge", server: good, before: challenge.answer(403, "<title>Just a moment...</title>").before},
		{row: "cloudflare-challenge", name: "block", server: good, before: cloudflare.answer(403, "<title>Attention Required! | Cloudflare</title>").before},
		{row: "cloudflare-52x", server: good, before: cloudflare.answer(521, "error code: 521").before, direct: true},
		{row: "alb-464", server: good, before: alb.answer(464, "").before},
		{row: "alb-5xx", server: good, before: alb.answer(502, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>").before, direct: true},
		{row: "envoy-403", server: good, before: envoy.answer(403, "").before, direct: true},
		{row: "envoy-5xx", server: good, before: envoy.answer(503, "no healthy upstream").before},
		{row: "nginx-401", name: "behind Cloudflare", before: cloudflare.before, server: "auth_basic realm; auth_basic_user_file nginx.conf;\n" + good},
	})
}

const zone = "0123456789abcdef0123456789abcdef"

// TestZone uses a stand-in for Cloudflare's API, also a hostile one: the token goes
// nowhere else.
func TestZone(t *testing.T) {
	const token = "t0k3n-of-a-test"
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked, with %v", r.Header)
	}))
	defer elsewhere.Close()
	for name, m := range map[string]struct {
		status int
		body   string
		value  string
		err    string
	}{
		"on":         {200, `{"success":true,"errors":[],"messages":[],"result":{"id":"websockets","value":"on","editable":true,"modified_on":null}}`, "on", ""},
		"off":        {200, `{"success":true,"errors":[],"result":{"id":"websockets","value":"off"}}`, "off", ""},
		"no right":   {403, `{"success":false,"errors":[{"code":9109,"message":"Unauthorized to access requested resource"}],"result":null}`, "", "403: Unauthorized to access requested resource (code 9109)"},
		"echoes":     {400, `{"success":false,"errors":[{"code":6003,"message":"Invalid header t0k3n-of-a-test"}]}`, "", "Invalid header [token]"},
		"redirects":  {302, "", "", "302"},
		"no JSON":    {200, "<html>", "", "nothing about websockets"},
		"odd value":  {200, `{"success":true,"result":{"id":"websockets","value":"t0k3n-of-a-test"}}`, "", "[token]"},
		"other":      {200, `{"success":true,"result":{"id":"ipv6","value":"on"}}`, "", "nothing about websockets"},
		"much of it": {200, `{"success":true,"x":"` + strings.Repeat("x", maxHead) + `"}`, "", "nothing about websockets"},
	} {
		t.Run(name, func(t *testing.T) {
			api := startServer(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.Path != "/client/v4/zones/"+zone+"/settings/websockets" || r.Header.Get("Authorization") != "Bearer "+token {
					t.Errorf("asked %s %s with %v", r.Method, r.URL, r.Header)
				}
				w.Header().Set("Location", elsewhere.URL)
				w.WriteHeader(m.status)
				_, _ = io.WriteString(w, m.body)
			})
			z, err := ZoneQuestion{API: "http://" + api, ID: zone, Token: token, Timeout: 5 * time.Second}.Ask(context.Background())
			switch {
			case m.err == "" && (err != nil || z.Value != m.value):
				t.Errorf("got %v, %v", z, err)
			case m.err != "" && (err == nil || !strings.Contains(err.Error(), m.err)):
				t.Errorf("error %v, want %s", err, m.err)
			case err != nil && strings.Contains(err.Error(), token):
				t.Errorf("the token is in %v", err)
			}
		})
	}
	if _, err := (ZoneQuestion{API: elsewhere.URL, ID: "../../user", Token: token, Timeout: time.Second}).Ask(context.Background()); err == nil {
		t.Error("took an ID that is none")
	}
	if _, err := (ZoneQuestion{API: "http://127.0.0.1:1", ID: zone, Token: token, Timeout: time.Second}).Ask(context.Background()); err == nil || strings.Contains(err.Error(), token) {
		t.Errorf("of a dead API: %v", err)
	}
}

// A zone with WebSockets turned off outweighs all else.
func TestZoneOff(t *testing.T) {
	show(t, []scene{{row: "cloudflare-lost", server: good, before: edge{header: cloudflare.header, strips: true}.before, direct: true, config: true,
		judge: func(t *testing.T, c *Case, _ Verdict) {
			for value, want := range map[string]*cause.Cause{"off": cause.CloudflareOff, "on": cause.HeadersLost} {
				c.Zone = &Zone{zone, value}
				if v := Judge(c); v.Good || v.Suspects[0].Row.Cause != want || value == "off" && v.Suspects[0].Row.Name != "zone-off" {
					t.Errorf("websockets %s: %s", value, seen(c, v))
				}
			}
		}}})
	c := idle(time.Second, "fin", "Server: nginx")
	c.of(Hold).End = nil
	if !c.good() {
		t.Error("without the zone it is not good")
	}
	c.Zone = &Zone{zone, "off"}
	scene{row: "zone-off"}.check(t, c, Judge(c))
}
