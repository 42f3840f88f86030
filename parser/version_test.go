package parser

import (
	"slices"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	if v, err := ParseVersion("1.29.7"); err != nil || v != (Version{Major: 1, Minor: 29, Patch: 7}) || v.String() != "1.29.7" {
		t.Errorf("got %v, %v", v, err)
	}
	for _, s := range []string{"", "1", "1.26", "1.26.x", "v1.26.3", "1.26.3-dev", "1.26.3.4", "1.-2.3", "1.26.99999999999",
		"angie", "angie-", "angie-1", "angie1.12.1", "openresty-1.27.1", "plus-36.1.2", "r", "caddy-2.1.0", "angie-1.12.1.1"} {
		if v, err := ParseVersion(s); err == nil {
			t.Errorf("ParseVersion(%q) = %v, no error", s, v)
		}
	}
}

// TestParseVersionOfRelatives reads each spelling, and finds the base.
func TestParseVersionOfRelatives(t *testing.T) {
	for s, want := range map[string][3]string{
		"nginx-1.26.3": {"1.26.3", "1.26.3", "nginx 1.26.3"}, "nginx/1.26.3": {"1.26.3", "1.26.3", "nginx 1.26.3"},
		"nginx version: nginx/1.26.3":       {"1.26.3", "1.26.3", "nginx 1.26.3"},
		"angie-1.12.1":                      {"angie-1.12.1", "1.31.2", "Angie 1.12.1"},
		"Angie/1.11.8":                      {"angie-1.11.8", "1.29.3", "Angie 1.11.8"},
		"Angie version: Angie/1.10.3":       {"angie-1.10.3", "1.27.5", "Angie 1.10.3"},
		"angie-1.12":                        {"angie-1.12.0", "1.31.2", "Angie 1.12.0"},
		"angie-1.99.0":                      {"angie-1.99.0", "1.31.2", "Angie 1.99.0"},
		"Tengine version: Tengine/3.1.0":    {"tengine-3.1.0", "1.24.0", "Tengine 3.1.0"},
		"tengine 3.2.0":                     {"tengine-3.2.0", "1.31.3", "Tengine 3.2.0"},
		"freenginx/1.27.1":                  {"freenginx-1.27.1", "1.25.4", "freenginx 1.27.1"},
		"nginx version: openresty/1.27.1.2": {"openresty-1.27.1.2", "1.27.1", "OpenResty 1.27.1.2"},
		"plus-r36":                          {"plus-r36", "1.29.3", "NGINX Plus R36"},
		"R36":                               {"plus-r36", "1.29.3", "NGINX Plus R36"},
		"nginx version: nginx/1.27.4 (nginx-plus-r34)":    {"plus-r34", "1.27.4", "NGINX Plus R34"},
		"nginx version: nginx/1.25.3 (nginx-plus-r31-p2)": {"plus-r31-p2", "1.25.3", "NGINX Plus R31-P2"},
	} {
		v, err := ParseVersion(s)
		if err != nil || v.String() != want[0] || v.Base() != want[1] || v.Title() != want[2] {
			t.Errorf("%q is %v, based on %s, called %q, %v; want %q", s, v, v.Base(), v.Title(), err, want)
		}
		if again, err := ParseVersion(v.String()); err != nil || again != v {
			t.Errorf("%q is written as %q, which is %v, %v", s, v, again, err)
		}
	}
}

// version is ParseVersion for tests.
func version(t *testing.T, s string) Version {
	t.Helper()
	v, err := ParseVersion(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVersions(t *testing.T) {
	known := Only(version(t, "1.26.3"))
	if !AnyVersion.Any(HTTP2Directive) || AnyVersion.All(HTTP2Directive) || !AnyVersion.Any(HTTP11ByDefault) || AnyVersion.Single() {
		t.Error("of any version, some are old and some are new")
	}
	if !known.All(HTTP2Directive) || known.Any(HTTP11ByDefault) || !known.Single() {
		t.Error("1.26.3 is newer than 1.25.1 and older than 1.29.7")
	}
	if n := len(known.Samples()); n != 1 {
		t.Errorf("one version stands for itself, got %d", n)
	}
	if s := AnyVersion.Samples(); s[0] != AnyVersion.Min || !s[len(s)-1].Has(OneHost) {
		t.Errorf("samples of any version: %v", s)
	}
	if s := (Versions{Min: version(t, "1.25.0"), Max: version(t, "1.25.99")}).Samples(); len(s) != 2 {
		t.Errorf("samples of 1.25: %v", s)
	}
}

// TestSince compares the table of behaviour with what the relatives' lab shows.
func TestSince(t *testing.T) {
	for _, c := range []struct {
		what *Since
		has  string // versions, in words
		not  string
	}{
		{HTTP11ByDefault, "1.29.7 1.31.5 angie-1.12.1 tengine-3.2.0 openresty-1.31.1.1 plus-r37", "1.29.6 angie-1.11.8 tengine-3.1.0 freenginx-1.27.1 openresty-1.29.2.5 plus-r36"},
		{KeptByDefault, "1.29.7 tengine-3.2.0 openresty-1.31.1.1", "1.26.3 angie-1.12.1 angie-1.99.0 freenginx-1.27.1 openresty-1.27.1.2"},
		{KeepaliveLocal, "1.31.5 tengine-3.2.0", "angie-1.12.1 tengine-3.1.0 freenginx-1.27.1"},
		{BothOnPlaintext, "1.25.1 angie-1.10.3 tengine-3.2.0 freenginx-1.27.1", "1.25.0 tengine-3.1.0"},
		{HTTP2Directive, "1.25.1 tengine-3.1.0 angie-1.10.3", "1.25.0 openresty-1.21.4.4"},
		{SystemResolver, "angie-1.12.1 tengine-3.1.0 tengine-3.2.0", "1.31.5 angie-1.11.8 freenginx-1.27.1 plus-r37"},
		{OneHost, "1.31.5", "angie-1.12.1 tengine-3.2.0 openresty-1.31.1.1"},
		{StickyDirective, "1.29.6 angie-1.10.3 tengine-3.2.0 plus-r30", "1.29.3 tengine-3.1.0 freenginx-1.27.1"},
		{CombinedLocations, "angie-1.10.3", "1.31.5 tengine-3.2.0 freenginx-1.27.1"},
	} {
		for _, s := range strings.Fields(c.has) {
			if !version(t, s).Has(c.what) {
				t.Errorf("%s lacks what came with %s", s, AnyVersion.From(c.what))
			}
		}
		for _, s := range strings.Fields(c.not) {
			if version(t, s).Has(c.what) {
				t.Errorf("%s has what came with %s", s, AnyVersion.From(c.what))
			}
		}
	}
}

// TestFrom names versions in the numbers of the dialect.
func TestFrom(t *testing.T) {
	angie, resty := AnyOf(Angie), AnyOf(OpenResty)
	for _, c := range [][2]string{
		{AnyVersion.From(HTTP11ByDefault), "1.29.7"}, {AnyVersion.Named(HTTP11ByDefault), "nginx 1.29.7"}, {angie.From(HTTP11ByDefault), "Angie 1.12.0"},
		{angie.Named(KeptByDefault), ""}, {resty.Named(HTTP11ByDefault), "OpenResty 1.29.7.0"}, {AnyOf(Tengine).From(HTTP11ByDefault), "Tengine 3.2.0"},
		{AnyOf(Plus).From(HTTP11ByDefault), "NGINX Plus R37"}, {angie.Program(), "Angie"}, {Only(version(t, "angie-1.12.1")).Program(), "Angie 1.12.1"},
		{Only(version(t, "1.26.3")).Program(), "nginx"}, {angie.String(), "angie-1.0.0 and newer"}, {AnyOf(Tengine).String(), "tengine-2.3.3 and newer"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

// TestSamplesOfRelatives checks that samples include the versions between which a
// relative changes, and those of relatives that something hints at.
func TestSamplesOfRelatives(t *testing.T) {
	angie := AnyOf(Angie).Samples()
	if first, last := angie[0], angie[len(angie)-1]; first.String() != "angie-1.0.0" || !last.Has(HTTP11ByDefault) || len(angie) < 3 {
		t.Errorf("samples of Angie: %v", angie)
	}
	some := AnyVersion
	some.Maybe = SetOf(Angie, Tengine)
	if s := some.Samples(); s[len(s)-1] != AnyVersion.Samples()[len(AnyVersion.Samples())-1] || !slices.ContainsFunc(s, func(v Version) bool { return v.Dialect == Tengine }) {
		t.Errorf("samples of nginx, Angie or Tengine: %v", s)
	}
	if some.All(SystemResolver) || !some.Any(SystemResolver) || AnyVersion.Any(SystemResolver) {
		t.Error("some versions of Angie and Tengine have the system's resolver, nginx never")
	}
}
