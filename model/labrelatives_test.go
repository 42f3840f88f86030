package model

import (
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lab"
)

// labBases are the versions of nginx that the builds of the lab are made of
// (docs/relatives.md).
var labBases = map[string]string{
	"HEAD": "1.31.5", "angie-1.10.3": "1.27.5", "angie-1.11.8": "1.29.3", "angie-1.12.1": "1.31.2", "tengine-3.1.0": "1.24.0",
	"tengine-3.2.0": "1.31.3", "freenginx-1.27.1": "1.25.4", "openresty-1.27.1.2": "1.27.1", "openresty-1.31.1.1": "1.31.1",
}

// labBuilds are the builds that ALL means.
var labBuilds = strings.Fields("HEAD angie-1.10.3 angie-1.11.8 angie-1.12.1 tengine-3.1.0 tengine-3.2.0 freenginx-1.27.1")

// labUnknown are the cases in which a relative does what the model, which knows
// nginx alone, does not expect. A case that is judged right on every build has to
// leave the table.
var labUnknown = map[string]string{
	"r-host-empty":             "the lab's backend takes no Host; Go's answers 400",
	"r-loc-combined":           combined,
	"r-loc-combined-named":     combined,
	"r-loc-combined-nested":    combined,
	"r-loc-combined-regex":     combined,
	"r-loc-combined-variable":  combined,
	"r-auto-redirect-off":      "Angie: auto_redirect off, no redirect to the slash",
	"r-goto-if":                "Angie 1.12: goto goes on to a named location",
	"r-goto-rewritten":         "Angie 1.12: goto goes on to a named location",
	"r-goto-server":            "Angie 1.12: goto goes on to a named location",
	"r-if-greater":             "Tengine: if compares numbers",
	"r-http2-listen-off-plain": "Tengine: http2 off turns off listen ... http2",
	"r-upstream-case-variable": "Tengine: names of upstreams are case-sensitive",
	"o-balancer-ip-hash":       "ip_hash below balancer_by_lua_block undoes it, and the only server is a stand-in",
	"o-echo-exec":              "echo_exec goes on to a named location",
	"o-header-filter":          "Lua removes Upgrade from the answer",
	"o-more-clear-headers":     "more_clear_headers removes Upgrade from the answer",
	"o-lua-set-connection":     "Lua sets the variable that is sent",
	"o-lua-var-connection":     "Lua sets the variable that is sent",
	"o-proxy-then-content":     "content_by_lua_block below proxy_pass answers",
	// What decides is not in the configuration, on nginx as well.
	"r-log-no-live":          "no server of the upstream is up",
	"r-log-refused":          "nothing listens at the upstream's port",
	"r-log-unix-missing":     "the unix socket is not there",
	"r-resolver-none-off":    "the name has to be looked up, and nothing answers",
	"r-host-twice":           "the lab's backend accepts two Host lines; Go's, aiohttp's and uvicorn's answer 400",
	"r-http2-listen-off-tls": "the client offers HTTP/2, and nginx chooses it",
}

const combined = "Angie: one location with several names"

// TestLabRelatives checks that the model predicts the handshakes of the relatives'
// lab for each build, with the version of the nginx that it is based on.
func TestLabRelatives(t *testing.T) {
	right, unknown := 0, 0
	for _, c := range lab.Cases(t, lab.Relatives) {
		wrong := 0
		for _, s := range c.Seen {
			if !strings.HasPrefix(s.Probe, "ws") {
				continue
			}
			builds := strings.Split(s.Versions, ",")
			if s.Versions == "ALL" && c.Topic == "openresty" {
				builds = []string{"HEAD", "openresty-1.27.1.2", "openresty-1.31.1.1"}
			} else if s.Versions == "ALL" {
				builds = labBuilds
			}
			for _, build := range builds {
				h, at := labVerdict(loadCase(t, c), s.Probe, labVersion(t, labBases[build]))
				if asSeen(h, s) {
					right++
					continue
				}
				wrong++
				if labUnknown[c.Name] == "" {
					t.Errorf("%s, %s: %q answered %.60q; the model: %s %v, %s", c.Name, build, s.Probe, s.Result, at, h.Outcome, h.Reason)
				}
			}
		}
		unknown += wrong
		if wrong == 0 && labUnknown[c.Name] != "" {
			t.Errorf("%s is judged right on every build: take it out of labUnknown", c.Name)
		}
	}
	t.Logf("handshakes judged as the relatives did: %d; not known to the model: %d", right, unknown)
}
