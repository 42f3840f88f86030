package released

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, s := range []string{"1.18.0", "1.19.10", "1.24.0", "1.26.3", "1.27.5", "1.29.8", "1.30.6", "1.31.5", "1.32.0", "1.40.2",
		"angie-1.12.1", "tengine-3.1.0", "openresty-1.27.1.2", "plus-r36", "freenginx-1.27.1"} {
		if v, err := Parse(s); err != nil || v.String() != s {
			t.Errorf("%s: %v, %v", s, v, err)
		}
	}
	for s, want := range map[string]string{
		"1.26":               "nginx has three numbers, such as 1.26.3",
		"tengine-2.3.2":      "Tengine 2.3.2 is based on nginx 1.17.3, which is older than 1.18",
		"openresty-1.99.1.1": "OpenResty 1.99.1.1 does not exist",
		"caddy-2.1.0":        "is not a version",
		"126.3.0":            "nginx 126.3.0 does not exist",
		"2.0.0":              "nginx 2.0.0 does not exist",
		"1.10.0":             "1.10.0 is older than 1.18, the oldest supported version",
		"1.17.10":            "is older than 1.18",
		"1.18.1":             "the last release of that branch is 1.18.0, the next one is 1.19.0",
		"1.26.9":             "nginx 1.26.9 does not exist; the last release of that branch is 1.26.3, the next one is 1.27.0",
		"1.263.0":            "nginx 1.263.0 does not exist",
		"1.31.400":           "nginx 1.31.400 does not exist",
	} {
		if _, err := Parse(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", s, err, want)
		}
	}
}
