package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// With a stand-in for Cloudflare's API: the verdict contains its answer, and no
// output contains the token.
func TestProbeCloudflare(t *testing.T) {
	app := "ws://" + nginxtest.StartApp(t, "coder").Address + "/ws"
	const token, zone = "a-token-of-a-test", "0123456789abcdef0123456789abcdef"
	answer := ""
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("asked with %v", r.Header)
		}
		_, _ = io.WriteString(w, answer)
	}))
	defer api.Close()
	was := cloudflareAPI
	cloudflareAPI = api.URL
	defer func() { cloudflareAPI = was }()
	t.Setenv(cloudflareToken, token)
	for _, m := range []struct {
		answer string
		code   int
		says   string
	}{
		{`{"success":true,"result":{"id":"websockets","value":"on"}}`, exitClean, "WebSockets are on in zone " + zone},
		{`{"success":true,"result":{"id":"websockets","value":"off"}}`, exitFindings, "verdict (Cloudflare, certain)"},
		{`{"success":false,"errors":[{"code":10000,"message":"bad \u001b[31m` + token + `"}]}`, exitTrouble, `bad \u001b[31m[token] (code 10000)`},
	} {
		for _, format := range []string{"text", "json"} {
			answer = m.answer
			out, errs, code := probed(t, app, "--cloudflare-zone", zone, "--format", format)
			if code != m.code || format == "text" && !strings.Contains(out+errs, m.says) {
				t.Errorf("exit %d\n%s%s", code, out, errs)
			}
			if strings.Contains(out+errs, token) || strings.Contains(out+errs, "\x1b") {
				t.Errorf("printed: %q", out+errs)
			}
		}
	}
}

// What an answer has in it does nothing to a terminal.
func TestProbeHostileAnswer(t *testing.T) {
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server", "nginx\x1b[2J\u202e::error::x "+strings.Repeat("word ", 30)+"::error::y ##vso[x] ##teamcity[x] section_start:1:x --- y")
		w.Header().Set("Location", "/\x1b]0;title\x07login")
		w.WriteHeader(http.StatusFound)
		_, _ = io.WriteString(w, "\x1b[31mred\x9b##[command]x\r\n::set-output name=a::b\u2028")
	}))
	defer evil.Close()
	for _, format := range []string{"text", "json"} {
		out, errs, code := probed(t, strings.Replace(evil.URL, "http", "ws", 1), "--format", format)
		if code != exitFindings || strings.ContainsAny(out+errs, "\x1b\x07\u009b\u202e\u2028") || !utf8.ValidString(out) || raw(out+errs, true) != "" {
			t.Errorf("exit %d, %q", code, out+errs)
		}
	}
}
