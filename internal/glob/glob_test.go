package glob

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern   string
		yes, no   string // names, separated by spaces
		wantsBase string
	}{
		{"*.conf", "a.conf sub/dir/b.conf x.conf/below", "a.conf.bak conf", "."},
		{"legacy", "legacy legacy/a.conf nginx/legacy/a.conf", "legacy.conf legacy2/a", "."},
		{"legacy/", "legacy/a.conf nginx/legacy/a.conf", "legacy.conf", "."},
		{"nginx/*.conf", "nginx/a.conf", "a.conf nginx/sub/a.conf other/nginx/a.conf", "nginx"},
		{"/nginx.conf", "nginx.conf", "sub/nginx.conf", "."},
		{"./nginx/a.conf", "nginx/a.conf", "a.conf", "nginx"},
		{"nginx/**", "nginx/a nginx/b/c", "other/a", "nginx"},
		{"**/vendor/**", "vendor/a x/vendor/b/c", "vendored/a", "."},
		{"sites/*/ws?.conf", "sites/a/ws1.conf", "sites/a/b/ws1.conf sites/a/ws.conf", "sites"},
		{"[ab].conf", "a.conf x/b.conf", "c.conf", "."},
		{`\!x`, "!x", "x", "."},
		{`a\{b`, "a{b", "ab", "."},
		{"**", "a a/b/c.conf", "", "."},
		{"/", "a a/b/c.conf", "", "."},
	} {
		p, err := Parse(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		for _, name := range strings.Fields(c.yes) {
			if !matches(p, name) {
				t.Errorf("%s does not match %s", c.pattern, name)
			}
		}
		for _, name := range strings.Fields(c.no) {
			if matches(p, name) {
				t.Errorf("%s matches %s", c.pattern, name)
			}
		}
		if p.Base() != c.wantsBase {
			t.Errorf("%s: the base is %q", c.pattern, p.Base())
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "!a", "{a,b}", "a}", "[a", `a\`, "../a", "a/../../b", "..", "a\x00", strings.Repeat("a", maxLength+1)} {
		if p, err := Parse(s); err == nil {
			t.Errorf("%q is taken as %q", s, p.text)
		}
	}
}

// The pattern that makes a naive matcher go through every way to share out the
// name among its stars.
func BenchmarkMatchHostile(b *testing.B) {
	p, err := Parse(strings.Repeat("**/*a*", 60) + "/b")
	if err != nil {
		b.Fatal(err)
	}
	name := strings.Repeat("aaaaaaaaaaaaaaaa/", 60) + "c"
	s := NewSet([]Pattern{p})
	for b.Loop() {
		s.Any(name, NewBudget(1<<40))
	}
}
