package lint

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

const upgraded = `events {}
http {
    upstream app { server 127.0.0.1:3000; }
    server {
        listen 8080 http2;
        location /ws {
            proxy_pass http://app;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_set_header Host $host;
            proxy_read_timeout 1h;
        }
        location /a { proxy_pass http://app; }
        location /b { proxy_pass http://app; }
    }
    resolver off;
}
`

// TestCompareVersions checks each kind of change, and that many locations with one
// change are one entry.
func TestCompareVersions(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     map[ChangeKind]int // how many
	}{
		{"1.26.3", "1.26.2", map[ChangeKind]int{}},
		{"1.26.3", "1.29.7", map[ChangeKind]int{NewDefault: 3, StartsPassing: 1, NotReported: 1}},
		{"1.29.7", "1.26.3", map[ChangeKind]int{NewDefault: 3, StopsPassing: 1, NewlyReported: 1}},
		{"1.22.1", "1.24.0", map[ChangeKind]int{}},
		{"1.29.7", "angie-1.12.1", map[ChangeKind]int{NewDefault: 1, NotReported: 1}},
		{"angie-1.12.1", "tengine-3.2.0", map[ChangeKind]int{NewlyRefused: 1, NewDefault: 1}},
	} {
		opt := Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(upgraded)}}, Paths: []string{"."}}
		var to parser.Version
		var err error
		if opt.Version, err = parser.ParseVersion(c.from); err != nil {
			t.Fatal(err)
		}
		if to, err = parser.ParseVersion(c.to); err != nil {
			t.Fatal(err)
		}
		u, err := CompareVersions(opt, to)
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[ChangeKind]int)
		for _, change := range u.Changes {
			got[change.Kind]++
			if change.Kind == NewDefault && change.Places < 2 {
				t.Errorf("%s to %s: %q is about %d locations", c.from, c.to, change.Message, change.Places)
			}
		}
		for _, kind := range changeKinds {
			if got[kind] != c.want[kind] {
				t.Errorf("%s to %s: %d of the kind %s, want %d: %+v", c.from, c.to, got[kind], kind, c.want[kind], u.Changes)
			}
		}
	}
	opt := Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(upgraded)}}, Paths: []string{"."}}
	if _, err := CompareVersions(opt, parser.AnyVersion.Min); !errors.Is(err, UnknownVersion{}) {
		t.Errorf("without a version: %v", err)
	}
}

// TestHints checks what hints at a relative, and what is then checked for.
func TestHints(t *testing.T) {
	for text, want := range map[string]string{
		"events {} http { server { location / { goto @a; } } }":                            "angie-1.0.0 and newer",
		"events {} http { server_tag off; }":                                               "tengine-2.3.3 and newer",
		"events {} http { server_tag off; server { auto_redirect on; } }":                  "1.18.0 and newer, perhaps Angie or Tengine",
		"events {} http { upstream a { session_sticky; server b; } }":                      "1.18.0 and newer, perhaps Tengine",
		"events {} http { server { status_zone a; } }":                                     "1.18.0 and newer, perhaps Angie or NGINX Plus",
		"events {} http { server { location /a /b { } } }":                                 "1.18.0 and newer, perhaps Angie",
		"events {} http { server { location / { access_by_lua_block { } auth_jwt a; } } }": "1.18.0 and newer",
	} {
		res, err := Run(Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(text)}}, Paths: []string{"."}})
		if err != nil {
			t.Fatal(err)
		}
		got := res.Versions.String()
		if maybe := res.Versions.Maybe; maybe != 0 {
			got += ", perhaps " + maybe.Titles()
		}
		if got != want || want == "1.18.0 and newer" != (len(res.Notes) == 0) {
			t.Errorf("%s: %s, want %s; %+v", text, got, want, res.Notes)
		}
	}
	res, err := Run(Options{FS: fstest.MapFS{"tengine.conf": {Data: []byte("events {} http { }")}}, Paths: []string{"."}})
	if err != nil || res.Versions.Min.Dialect != parser.Tengine {
		t.Errorf("tengine.conf: %v, %v", res.Versions, err)
	}
}

// TestDumpVersion reads the version from the output of nginx -V before a dump.
func TestDumpVersion(t *testing.T) {
	const dump = "# configuration file /etc/angie/angie.conf:\nevents {}\n"
	for before, want := range map[string]string{
		"":                              "0.0.0",
		"nginx version: nginx/1.26.3\n": "1.26.3",
		"Angie version: Angie/1.12.1\nbuilt by gcc 12.2.0\nTLS SNI support enabled\nconfigure arguments: --with-http_ssl_module\nangie: the configuration file /etc/angie/angie.conf syntax is ok\n": "angie-1.12.1",
		"Tengine version: Tengine/3.1.0\nnginx version: nginx/1.24.0\n": "tengine-3.1.0",
	} {
		if _, ok := ReadDump([]byte(before + dump)); !ok || DumpVersion([]byte(before+dump)).String() != want {
			t.Errorf("%q: a dump: %v; version %s, want %s", before, ok, DumpVersion([]byte(before+dump)), want)
		}
	}
	if v := DumpVersion([]byte(dump + "nginx version: nginx/1.26.3\n")); !v.IsZero() {
		t.Errorf("in a file: %s", v)
	}
}
