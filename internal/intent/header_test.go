package intent

import (
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A map can have any name, and maps can refer to maps.
func TestConnectionByMap(t *testing.T) {
	score := one(t, `http {
		map $http_upgrade $a { default upgrade; '' close; }
		map $a $b { default $a; }
		map $c $c { default ''; }
		server {
			location /x { proxy_pass http://d; proxy_set_header Connection $b; }
			location /y { proxy_pass http://d; proxy_set_header Connection $c; }
		}
	}`)
	if score.Points != ownConnection {
		t.Errorf("%d %q, want %d", score.Points, score.Reasons, ownConnection)
	}
}

func TestHideHeaders(t *testing.T) {
	server := `location /x {
		proxy_pass http://ws;
		proxy_set_header Upgrade $http_upgrade;
		proxy_http_version 1.1;
		proxy_read_timeout 1d;
		proxy_buffering off;
		proxy_cache_bypass $http_upgrade;
	}`
	if score := one(t, server, HideHeaders); score.Points != 45 || len(score.Reasons) != 1 {
		t.Errorf("%d %q, want 45 and one reason", score.Points, score.Reasons)
	}
}

// Braces without a name are levels. A template is read as a rendering of it.
func TestTemplates(t *testing.T) {
	for conf, points := range map[string]int{
		`{ location /x { proxy_pass http://b; } }`:              inheritedUpgrade,
		`listen {{PORT}}; location /x { proxy_pass http://b; }`: inheritedUpgrade,
	} {
		files := fstest.MapFS{"t.conf": {Data: []byte("server { proxy_set_header Upgrade $http_upgrade; " + conf + " }")}}
		cfg, err := parser.Load(files, "t.conf", parser.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if score := scored(cfg).Of(first(cfg, "location")); score.Points != points {
			t.Errorf("%s: %d %q, want %d", conf, score.Points, score.Reasons, points)
		}
	}
}
