package cause

import (
	"regexp"
	"strings"
	"testing"
)

func TestCauses(t *testing.T) {
	layers := map[Layer]bool{Client: true, Network: true, Cloudflare: true, AWS: true, HAProxy: true, Envoy: true, Proxy: true, Nginx: true, Application: true}
	name := regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	seen := make(map[string]bool)
	for _, c := range All {
		if seen[c.Name] || !name.MatchString(c.Name) || Find(c.Name) != c {
			t.Errorf("the name %q", c.Name)
		}
		seen[c.Name] = true
		if !layers[c.Layer] || c.What == "" || strings.HasSuffix(c.What, ".") || !strings.HasSuffix(c.Do, ".") {
			t.Errorf("%s: %q, %q, %q", c.Name, c.Layer, c.What, c.Do)
		}
		for i, r := range c.Rules {
			if r == nil {
				t.Errorf("%s: rule %d is none", c.Name, i)
			}
		}
	}
	if Find("no-such-cause") != nil {
		t.Error("found what is not there")
	}
}
