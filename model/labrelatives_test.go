package model

import (
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lab"
)

// labUnknown are the cases that the model is not sure of on some build, with the
// reason. A case that is judged right on every build has to leave the table.
var labUnknown = map[string]string{
	"r-goto-rewritten":         "a rewrite of some of the paths of a location is not followed",
	"r-if-greater":             "the query decides",
	"o-lua-set-connection":     "what Lua returns is unknown",
	"r-upstream-case-variable": "the query names the upstream",
}

// labOutside are the cases that the model judges otherwise than some build did,
// because what decides is not in the configuration.
var labOutside = map[string]string{
	"r-host-empty":           "the lab's backend takes no Host; Go's answers 400",
	"r-host-twice":           "the lab's backend accepts two Host lines; Go's, aiohttp's and uvicorn's answer 400",
	"r-http2-listen-off-tls": "the client offers HTTP/2, and nginx chooses it",
	"r-log-no-live":          "no server of the upstream is up",
	"r-log-refused":          "nothing listens at the upstream's port",
	"r-log-unix-missing":     "the unix socket is not there",
}

// TestLabRelatives checks that the model predicts the handshakes of the relatives'
// lab for each build.
func TestLabRelatives(t *testing.T) {
	right, unknown, outside := 0, 0, 0
	for _, c := range lab.Cases(t, lab.Relatives) {
		before := right
		judged := 0
		for _, s := range c.Seen {
			if !strings.HasPrefix(s.Probe, "ws") {
				continue
			}
			for _, build := range c.Builds(s) {
				h, at := labVerdict(loadCase(t, c), s.Probe, labVersion(t, build))
				judged++
				switch {
				case asSeen(h, s):
					right++
				case h.Outcome == Unsure && labUnknown[c.Name] != "":
					unknown++
				case h.Outcome != Unsure && labOutside[c.Name] != "":
					outside++
				default:
					t.Errorf("%s, %s: %q answered %.60q; the model: %s %v, %s", c.Name, build, s.Probe, s.Result, at, h.Outcome, h.Reason)
				}
			}
		}
		if right-before == judged && labUnknown[c.Name]+labOutside[c.Name] != "" {
			t.Errorf("%s is judged right on every build: take it out of its table", c.Name)
		}
	}
	t.Logf("handshakes judged as the relatives did: %d; unsure: %d; outside the configuration: %d; wrong: 0", right, unknown, outside)
	if right != 227 || unknown != 21 || outside != 43 {
		t.Errorf("%d handshakes judged as the relatives did, %d unsure, %d decided outside the configuration; docs/relatives.md says 227, 21 and 43", right, unknown, outside)
	}
}
