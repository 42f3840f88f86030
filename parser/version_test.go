package parser

import "testing"

func TestParseVersion(t *testing.T) {
	if v, err := ParseVersion("1.29.7"); err != nil || v != (Version{1, 29, 7}) || v.String() != "1.29.7" {
		t.Errorf("got %v, %v", v, err)
	}
	for _, s := range []string{"", "1", "1.26", "1.26.x", "v1.26.3", "1.26.3-dev", "1.26.3.4", "1.-2.3", "1.26.99999999999"} {
		if v, err := ParseVersion(s); err == nil {
			t.Errorf("ParseVersion(%q) = %v, no error", s, v)
		}
	}
}

func TestVersions(t *testing.T) {
	old, now := Version{1, 25, 1}, Version{1, 29, 7}
	known := Versions{Version{1, 26, 3}, Version{1, 26, 3}}
	if !AnyVersion.AnyBefore(old) || AnyVersion.AllBefore(now) || !AnyVersion.AnyFrom(now) || AnyVersion.AllFrom(old) || AnyVersion.Single() {
		t.Error("of any version, some are old and some are new")
	}
	if known.AnyBefore(old) || !known.AllBefore(now) || known.AnyFrom(now) || !known.AllFrom(old) || !known.Single() {
		t.Error("1.26.3 is newer than 1.25.1 and older than 1.29.7")
	}
	if n := len(known.Samples()); n != 1 {
		t.Errorf("one version stands for itself, got %d", n)
	}
	if s := AnyVersion.Samples(); s[0] != (Version{1, 18, 0}) || s[len(s)-1].Before(now) {
		t.Errorf("samples of any version: %v", s)
	}
	if s := (Versions{Version{1, 25, 0}, Version{1, 25, 99}}).Samples(); len(s) != 2 {
		t.Errorf("samples of 1.25: %v", s)
	}
}
