package intent

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEndpoints(t *testing.T) {
	checkSorted(t, "endpoints.tsv", endpointsTable, 2)
	for _, e := range endpoints().all {
		checkEndpoint(t, e)
	}
	for _, r := range rows(endpointsTable) {
		if told := r.text("told_by"); told != "path" && told != "sign" && told != "name" {
			t.Errorf("%s %s: told_by %q", r.text("app"), r.text("path"), told)
		}
	}
}

func checkEndpoint(t *testing.T, e *Endpoint) {
	bad := func(what string, v any) { t.Errorf("%s %s: %s: %v", e.App, e.Path, what, v) }
	if e.App == "" || !strings.HasPrefix(string(e.Path), "/") && e.Path[0] != '@' && !strings.HasPrefix(string(e.Path), "**/") {
		bad("a path begins with /, **/ or @", e.Path)
	}
	if e.Path != "/" && strings.HasSuffix(string(e.Path), "/") {
		bad("a slash at the end says nothing", e.Path)
	}
	if !slices.Contains([]Class{Dedicated, Mixed, Stream, Plain}, e.Class) {
		bad("class", e.Class)
	}
	if against := e.Class == Stream || e.Class == Plain; against != (e.Points < 0) || e.Points == 0 || abs(e.Points) > 65 {
		bad("points do not suit the class", e.Points)
	}
	if !slices.Contains([]string{"yes", "no", "polling"}, e.Sticky) {
		bad("sticky", e.Sticky)
	}
	if (e.ByName || e.Generic) && len(e.Names)+len(e.Ports) == 0 {
		bad("nothing tells it", e.Names)
	}
	if e.Path == "/" && !e.ByName {
		bad("a root must be told by name", e.Names)
	}
	for _, name := range e.Names {
		if !tell([]string{name}, terms(name)) {
			bad("a name that terms never returns", name)
		}
	}
	for _, port := range e.Ports {
		if port < 1 || port > 65535 {
			bad("port", port)
		}
	}
	checkTimes(e, bad)
}

func checkTimes(e *Endpoint, bad func(string, any)) {
	// The default meets a timeout below 60 s, and one below the ping is useless.
	if e.MinReadTimeout != 0 && (e.MinReadTimeout <= time.Minute || e.MinReadTimeout < e.Ping) {
		bad("min_read_timeout_seconds", e.MinReadTimeout)
	}
	if e.Ping < 0 || e.Ping > 10*time.Minute {
		bad("ping_seconds", e.Ping)
	}
	if e.MinReadTimeout == 0 && e.Ping >= time.Minute && e.Class != Stream {
		bad("a ping this slow needs a timeout", e.Ping)
	}
}

func TestPatternMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"/cable", "/cable", true},
		{"/cable", "/cable/", true},
		{"/cable", "/cable/packages", false},
		{"/cable", "/tv/cable", false},
		{"/cable", "/cable-tv", false},
		{"**/cable", "/cable", true},
		{"**/cable", "/a/b/cable/", true},
		{"/hubs/**", "/hubs", true},
		{"/hubs/**", "/hubs/chat/x", true},
		{"/hubs/**", "/hubsy", false},
		{"/api/*/websocket", "/api/v4/websocket", true},
		{"/api/*/websocket", "/api/websocket", false},
		{"/api/*/websocket", "/api/*/websocket", true},
		{"/api/kernels", "/api/*", false},
		{"**/a/**/ws", "/x/a/ws", true},
		{"**/a/**/ws", "/x/a/b/c/ws", true},
		{"/chathub", "/chatHub", true},
		{"@octane", "@octane", true},
		{"/", "/", true},
		{"/", "/x", false},
	} {
		if got := Pattern(test.pattern).Match(newRoute(test.path).segments); got != test.want {
			t.Errorf("%s matches %s: %v, want %v", test.pattern, test.path, got, test.want)
		}
	}
}

func TestPatternBelow(t *testing.T) {
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"/rest/push", "/", true},
		{"**/rest/push", "/rest", true},
		{"/rest/push", "/rest/push", false},
		{"/rest/push", "/push", false},
		{"/api/*/websocket", "/api/v4", true},
	} {
		if got := Pattern(test.pattern).below(newRoute(test.path).segments); got != test.want {
			t.Errorf("%s lies below %s: %v, want %v", test.pattern, test.path, got, test.want)
		}
	}
}
