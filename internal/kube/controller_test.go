package kube

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// asked are values for the annotations that have a check: right ones, wrong ones, and
// those that are nearly right.
var asked = map[string][]string{
	"proxy-read-timeout":      {"1", "60", "3600", "86400", "0", "-1", "-60", "+5", "007", "3600s", "1h", "60m", "3600.5", "", " ", " 60", "60 ", "1e3", "0x10", "1_000", "\"3600\"", "unlimited"},
	"proxy-http-version":      {"1.0", "1.1", "2", "1", "1.1 ", "HTTP/1.1", ""},
	"proxy-buffering":         {"on", "off", "On", "true", "false", " off", "none"},
	"affinity":                {"cookie", "cookie ", "Cookie", "ip", "true", "ClientIP", "session"},
	"affinity-mode":           {"balanced", "persistent", "Persistent", "sticky"},
	"load-balance":            {"round_robin", "ewma", "chash", "chashsubset", "sticky_balanced", "sticky_persistent", "ip_hash", "least_conn", "EWMA", "random"},
	"connection-proxy-header": {"close", "keep-alive", "upgrade", "Upgrade", "Keep-Alive", "$connection_upgrade", "keep-alive, Upgrade"},
	"backend-protocol":        {"HTTP", "http", "HTTPS", "https", "AUTO_HTTP", "GRPC", "grpcs", "FCGI", "WS", "ws", "WSS", "wss", "TCP", " HTTP"},
	"limit-connections":       {"1", "100", "0", "-3", "five", "10.5", "10r/s"},
	"upstream-hash-by":        {"$binary_remote_addr", "$request_uri", "$arg_room", "ip", "remote_addr"},
}

// byDefault is what the controller uses for an annotation that it ignores, if it is not
// the empty text.
var byDefault = map[string]string{
	"proxy-read-timeout": "60", "proxy-send-timeout": "60", "proxy-connect-timeout": "5", "proxy-http-version": "1.1", "proxy-buffering": "off",
	"backend-protocol": "HTTP", "limit-connections": "0",
}

// TestController compares what is said of each value with what the code of ingress-nginx
// makes of it. `make prove-kubernetes` builds that.
func TestController(t *testing.T) {
	program := os.Getenv("NGINX_WS_LINT_CONTROLLER")
	if program == "" {
		t.Skip("ingress-nginx is not there: run make prove-kubernetes")
	}
	asked["proxy-send-timeout"], asked["proxy-connect-timeout"] = asked["proxy-read-timeout"], asked["proxy-read-timeout"]
	values := compareKeys(t, program)
	for _, a := range IngressNginx.Annotations {
		values += len(asked[a.Name])
		if (a.Check != nil) != (asked[a.Name] != nil) {
			t.Errorf("%s: it has a check, or values to ask, and not both", a.Name)
		}
		for _, value := range asked[a.Name] {
			compare(t, a, value, ask(t, program, "name", a.Name, value))
		}
	}
	t.Logf("%d values of %d annotations", values, len(asked))
}

// askedKeys are values for keys of the ConfigMap, with what they become.
var askedKeys = map[string]map[string]string{
	"proxy-read-timeout":        {"3600": "3600", "3600s": "60", "1h": "60", "0": "0", "-1": "-1", "0x10": "16", "60.5": "60", " 90": "60", "soon": "60"},
	"proxy-send-timeout":        {"3600": "3600", "1h": "60"},
	"proxy-connect-timeout":     {"7": "7", "7s": "5"},
	"worker-shutdown-timeout":   {"10s": "10s", "soon": "soon"},
	"allow-snippet-annotations": {"true": "true", "True": "true", "1": "true", "on": "false", "yes": "false", "false": "false"},
	"annotations-risk-level":    {"Critical": "Critical", "low": "low", "all": "all"},
	"proxy-set-headers":         {"ns/name": "ns/name", "name": "name"},
}

// compareKeys compares what is said of values of the ConfigMap with what the controller
// reads: one that is ignored, and another one that is taken.
func compareKeys(t *testing.T, program string) int {
	values := 0
	for _, k := range IngressNginx.Keys() {
		for value, want := range askedKeys[k.Name] {
			values++
			if got := ask(t, program, "key", k.Name, value)[k.Name]; got != want {
				t.Errorf("%s %q becomes %q, want %q", k.Name, value, got, want)
			}
			ignored := want != strings.TrimSpace(value) && !strings.EqualFold(want, value) && value != "1" && value != "0x10"
			if said := strings.Contains(k.Check(value).Problem, "ignored"); said != ignored {
				t.Errorf("%s %q: said %q, it becomes %q", k.Name, value, k.Check(value).Problem, want)
			}
		}
	}
	return values
}

// compare compares a verdict with the controller's own.
func compare(t *testing.T, a *Annotation, value string, got map[string]string) {
	problem := a.Check(value).Problem
	made, left := got[a.Name], got["left out"] != ""
	switch {
	case strings.Contains(problem, leftOut) != left:
		t.Errorf("%s %q: said %q, left out %q", a.Name, value, problem, got["left out"])
	case left:
	case strings.Contains(problem, "ignored"):
		if made != byDefault[a.Name] {
			t.Errorf("%s %q: said %q, but it becomes %q", a.Name, value, problem, made)
		}
	case made == "" || made == byDefault[a.Name] && !same(value, made):
		t.Errorf("%s %q: said %q, but it is ignored", a.Name, value, problem)
	}
}

// same reports whether the controller took a value as it is, but for case, spaces and
// zeros.
func same(value, made string) bool {
	value = strings.TrimSpace(value)
	return strings.EqualFold(value, made) || strings.TrimLeft(value, "+0") == strings.TrimLeft(made, "0")
}

func ask(t *testing.T, program, kind, name, value string) map[string]string {
	t.Helper()
	question, err := json.Marshal(map[string]string{kind: name, "value": value})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Stdin = bytes.NewReader(append(question, '\n'))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]string
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return answer
}
