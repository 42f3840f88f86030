package model

import (
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lab"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// labVersions are the versions that the lab ran, in order; HEAD is 1.31.5-dev.
var labVersions = strings.Fields("1.18.0 1.22.1 1.24.0 1.25.0 1.25.1 1.26.3 1.28.3 1.29.3 1.29.4 1.29.6 1.29.7 1.30.4 HEAD")

// labRange returns the versions that "ALL", "1.18.0..1.29.6,HEAD" and the like mean.
func labRange(s string) []string {
	if s == "ALL" {
		return labVersions
	}
	var all []string
	for _, part := range strings.Split(s, ",") {
		from, to, ok := strings.Cut(part, "..")
		if !ok {
			to = from
		}
		in := false
		for _, v := range labVersions {
			in = in || v == from
			if in {
				all = append(all, v)
			}
			if v == to {
				break
			}
		}
	}
	return all
}

// labExcused are the probes that the model does not answer for: what decides is
// not in the configuration.
var labExcused = map[string]string{
	"i-dead-port":                     "nothing listens at the upstream's port",
	"i-unix-missing":                  "the unix socket is not there",
	"i-http-to-tls":                   "the upstream speaks TLS",
	"i-https-to-plain":                "the upstream speaks no TLS",
	"i-var-no-resolver":               "upstream reachability: a later rule",
	"i-var-resolver-dead":             "the name server does not answer",
	"h-upstream-undefined-var":        "upstream reachability: a later rule",
	"x-proxy_buffer_size-101":         "the size of the backend's answer decides",
	"j-auth_request":                  "the lab's auth backend takes the subrequest for a handshake",
	"j-auth_request-deny":             "the auth backend decides",
	"j-mirror-ws-headers":             "a race, differs from run to run",
	"j-error_page_403":                "the request is no handshake, or the backend refuses its path",
	"j-expect100":                     "the request is no plain handshake (Expect)",
	"j-client-conn-missing":           "the request is no handshake",
	"j-intercept":                     "the backend refuses the path",
	"j-auth_basic":                    "passes with credentials; the probe brings none",
	"c-dup-host":                      "the lab's backend takes two Hosts; Go's, aiohttp's and uvicorn's answer 400",
	"l-host-empty":                    "the lab's backend takes no Host; Go's answers 400",
	"j-set_body":                      "the lab's backend takes a body; others take it for the first frame",
	"j-cache-on":                      "the cache holds an answer from a plain request before",
	"i-uri-ws-slash__uri":             "the path holds a space, which $uri passes on decoded",
	"x-if-http_upgrade-not":           "the client spells WebSocket with capitals; if minds case",
	"x-client_header_buffer":          "the request's header is too large",
	"j2-worker-connections-17":        "the number of open connections decides",
	"j-limit_conn":                    "the number of open connections decides",
	"h-run-iphash-2dead-backupbefore": "which backends run decides",
}

// TestLabHandshakes checks that the model judges each handshake of the lab as
// nginx did, on each version that ran it.
func TestLabHandshakes(t *testing.T) {
	right, wrong, excused := 0, 0, 0
	for _, c := range lab.Cases(t, lab.Nginx) {
		var cfg *parser.Config
		for _, s := range c.Seen {
			if !strings.HasPrefix(s.Probe, "ws") {
				continue
			}
			if cfg == nil {
				cfg = loadCase(t, c)
			}
			for _, version := range labRange(s.Versions) {
				h, at := labVerdict(cfg, s.Probe, labVersion(t, version))
				switch {
				case asSeen(h, s):
					right++
				case labExcused[c.Name] != "":
					excused++
				default:
					wrong++
					t.Errorf("%s, nginx %s: %q answered %.60q; the model: %s %v, %s", c.Name, version, s.Probe, s.Result, at, h.Outcome, h.Reason)
				}
			}
		}
	}
	t.Logf("handshakes judged as nginx did: %d; excused with a reason: %d; wrong: %d", right, excused, wrong)
	if right != 3100 || excused != 297 {
		t.Errorf("%d handshakes judged as nginx did and %d excused; docs/nginx.md and docs/proof.md say 3100 and 297", right, excused)
	}
}

func loadCase(t *testing.T, c *lab.Case) *parser.Config {
	t.Helper()
	cfg, err := parser.Load(c.Files, "nginx.conf", parser.Options{})
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return cfg
}

// asSeen reports whether the model is sure, and of what was seen.
func asSeen(h Handshake, s lab.Seen) bool {
	passed := strings.HasPrefix(s.Result, "101") && strings.Contains(s.Result, "echo=ok") && !strings.Contains(s.Result, "missing=")
	return h.Outcome == Passes && passed || h.Outcome == Fails && !passed
}

// labVersion is the version that a column of the lab names.
func labVersion(t *testing.T, name string) parser.Version {
	t.Helper()
	if name == "HEAD" {
		name = "1.31.5"
	}
	v, err := parser.ParseVersion(name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// labVerdict asks the model what a probe asked nginx.
func labVerdict(cfg *parser.Config, probe string, v parser.Version) (Handshake, string) {
	words := strings.Fields(probe)
	path, host := "/ws", "example.test"
	for _, w := range words[1:] {
		if strings.HasPrefix(w, "/") {
			path = w
		}
		if h, ok := strings.CutPrefix(w, "host="); ok {
			host = h
		}
	}
	path, _, _ = strings.Cut(path, "?")
	var server *parser.Context
	cfg.Root.Walk(func(c *parser.Context) bool {
		if c.Name == "server" && c.HTTP() {
			named := false
			for _, d := range c.Own("server_name") {
				named = named || d.HasParam(host)
			}
			if server == nil || named {
				server = c
			}
		}
		return true
	})
	if server == nil {
		return Handshake{Outcome: Unsure, Reason: "no server"}, ""
	}
	location := modelOf(server).Route(server, path)
	if strings.HasPrefix(words[0], "ws/") && len(location.Children) > 0 {
		location = location.Children[0]
	}
	return modelOf(location).Request(location, WebSocket, v).Handshake(), location.Name
}
