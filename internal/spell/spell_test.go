package spell

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"upgarde", "upgrade", 2}, {"conection", "connection", 1}, {"abc", "xyz", 3}} {
		if got := Distance(c.a, c.b); got != c.want || Distance(c.b, c.a) != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestName(t *testing.T) {
	names := []string{"select", "ignore", "fix", "fail-on"}
	for name, want := range map[string]string{"selct": "select", "ignroe": "ignore", "x": "", "fial-on": "fail-on", "nothing": "", "": ""} {
		if got := Name(name, names); got != want {
			t.Errorf("Name(%q) = %q, want %q", name, got, want)
		}
	}
}
