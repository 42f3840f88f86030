package intent

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// load reads the content of a server in a configuration, or a whole configuration.
func load(t *testing.T, server string) *parser.Config {
	t.Helper()
	if !strings.Contains(server, "http {") {
		server = "events {}\nhttp {\nserver {\n" + server + "\n}\n}\n"
	}
	cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: []byte(server)}}, "nginx.conf", parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range cfg.Files {
		for _, e := range f.Errs {
			t.Error(e)
		}
	}
	return cfg
}

// scored scores all of a configuration.
func scored(cfg *parser.Config, options ...Option) *Scorer {
	s := New(model.New(cfg, nil), options...)
	score := s.Start()
	for _, p := range cfg.Parts() {
		score(p)
	}
	return s
}

// locations returns the scores by path as written.
func locations(t *testing.T, conf string, options ...Option) map[string]Score {
	t.Helper()
	cfg := load(t, conf)
	s, all := scored(cfg, options...), make(map[string]Score)
	cfg.Root.Walk(func(c *parser.Context) bool {
		if c.Name == "location" {
			all[pathAsWritten(c.Opener)] = s.Of(c)
		}
		return true
	})
	return all
}

// one returns the score of the first location in a server's text.
func one(t *testing.T, server string, options ...Option) Score {
	t.Helper()
	cfg := load(t, server)
	return scored(cfg, options...).Of(first(cfg, "location"))
}

func first(cfg *parser.Config, name string) (found *parser.Context) {
	cfg.Root.Walk(func(c *parser.Context) bool {
		if found == nil && c.Name == name {
			found = c
		}
		return true
	})
	return found
}

func TestReasonsAreSorted(t *testing.T) {
	score := one(t, `location /ws/health { proxy_pass http://websocket; proxy_read_timeout 10m; }`)
	want := []string{
		"path /ws/health names WebSockets",
		"upstream websocket names WebSockets",
		"proxy_read_timeout of five minutes or more",
		"path /ws/health is for files and health checks",
	}
	if score.Points != 75 || !slices.Equal(score.Reasons, want) {
		t.Errorf("%d %q, want 75 %q", score.Points, score.Reasons, want)
	}
}

func TestUpstreamServers(t *testing.T) {
	score := one(t, `http {
		upstream b { server websocket-1:8546; }
		server { location /x { proxy_pass http://B; } }
	}`)
	if score.Points != 90 {
		t.Errorf("%d %q, want 90", score.Points, score.Reasons)
	}
}

func TestSiblings(t *testing.T) {
	all := locations(t, `
		location / { proxy_pass http://n8n; proxy_set_header Upgrade $http_upgrade; }
		location /app { proxy_pass http://websocket; }
		location /ws { proxy_pass http://b; }
		location /wss { proxy_pass http://b; }
		location /socket.io/ { proxy_pass http://b; }`)
	for path, points := range map[string]int{"/": 95, "/app": 20, "/ws": 60, "/wss": 60, "/socket.io/": 90} {
		if all[path].Points != points {
			t.Errorf("%s: %d %q, want %d", path, all[path].Points, all[path].Reasons, points)
		}
	}
}

func TestSiblingsThatTakeNone(t *testing.T) {
	for name, sibling := range map[string]string{
		"in another server": `} server { location /ws { proxy_pass http://b; }`,
		"that returns":      `location /ws { return 404; }`,
		"a web service":     `location /ws/v1 { proxy_pass http://b; }`,
		"annotated":         "# nginx-ws-lint: not-websocket\nlocation /ws { proxy_pass http://b; }",
	} {
		if score := one(t, `location / { proxy_pass http://n8n; }`+"\n"+sibling); score.Points != 40 {
			t.Errorf("%s: %d %q, want 40", name, score.Points, score.Reasons)
		}
	}
}

func TestDedicated(t *testing.T) {
	for server, want := range map[string]bool{
		`location /ws { proxy_pass http://b; }`:                                    true,
		`location /api/websocket { proxy_pass http://b; }`:                         true,
		`location ~ ^/(ws|wss)$ { proxy_pass http://b; }`:                          true,
		`location ~ ^/(api|ws)$ { proxy_pass http://b; }`:                          false,
		`location ~ ^/(ws|api)$ { proxy_pass http://b; }`:                          false,
		`location / { proxy_pass http://ws; proxy_set_header Upgrade websocket; }`: false,
		`location /socket.io/ { proxy_pass http://b; }`:                            false,
		`location /ws/v1 { proxy_pass http://ws; }`:                                false,
		`location /hubs/ { proxy_pass http://b; }`:                                 false,
		`location /app { proxy_pass http://reverb:8080; }`:                         true,
		`location /app { proxy_pass http://b:8080; }`:                              false,
		`location /ws { fastcgi_pass b; }`:                                         false,
		`location /ws/health { proxy_pass http://ws; }`:                            false,
		"location /x { # nginx-ws-lint: websocket\nproxy_pass http://b; }":         false,
	} {
		if score := one(t, server); score.Dedicated != want {
			t.Errorf("%s: dedicated %v, want %v (%d %q)", server, score.Dedicated, want, score.Points, score.Reasons)
		}
	}
}

func TestEndpointOf(t *testing.T) {
	for server, want := range map[string]string{
		`location /api/websocket { proxy_pass http://b; }`:                      "", // several have it
		`location /api/websocket { proxy_pass http://b:8123; }`:                 "Home Assistant",
		`location /api/websocket { proxy_pass http://hass; }`:                   "Home Assistant",
		`location /api/ws { proxy_pass http://b:8080; }`:                        "",
		`location /api/websocket/ { proxy_pass http://portainer; }`:             "Portainer",
		`location /ws { proxy_pass http://b; }`:                                 "",
		`location /ws { proxy_pass http://ttyd; }`:                              "ttyd",
		`location /ws { proxy_pass http://b:15675; }`:                           "RabbitMQ Web-MQTT",
		`location /cable { proxy_pass http://b; }`:                              "Rails Action Cable",
		`location /cable { proxy_pass http://chatwoot; }`:                       "Chatwoot",
		`location / { proxy_pass http://b:8123; }`:                              "",
		`location = /ttyd { proxy_pass http://ttyd; }`:                          "",
		`location /wetty/socket.io { proxy_pass http://b; }`:                    "WeTTY",
		`location = / { proxy_pass http://b:8123; }`:                            "",
		`location / { proxy_pass http://b:3000; }`:                              "",
		`location ~ ^/api/v4/(users/)?websocket$ { proxy_pass http://b:8065; }`: "Mattermost",
		`location ~ /api/kernels/ { proxy_pass http://b; }`:                     "Jupyter",
		`location ~ ^/(rest|form)/ { proxy_pass http://n8n; }`:                  "n8n",
	} {
		got := ""
		if score := one(t, server); score.Endpoint != nil {
			got = score.Endpoint.App
		}
		if got != want {
			t.Errorf("%s: %q, want %q", server, got, want)
		}
	}
}

func TestOfOtherLevels(t *testing.T) {
	cfg := load(t, `location /ws { if ($a) { proxy_pass http://b; } }`)
	s := scored(cfg)
	if score := s.Of(first(cfg, "if")); score.Points != 60 {
		t.Errorf("an if has %d, want what the location around it has, 60", score.Points)
	}
	for _, name := range []string{"main", "http", "server"} {
		if score := s.Of(first(cfg, name)); score.Level != None || score.Reasons != nil {
			t.Errorf("%s has %v %q", name, score.Level, score.Reasons)
		}
	}
}

// One text in two servers is two locations.
func TestSharedSnippet(t *testing.T) {
	files := fstest.MapFS{
		"nginx.conf": {Data: []byte(`events {} http {
			server { include app.conf; }
			server { include app.conf; location /ws { proxy_pass http://b; } }
		}`)},
		"app.conf": {Data: []byte(`location / { proxy_pass http://n8n; }`)},
	}
	cfg, err := parser.Load(files, "nginx.conf", parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var points []int
	s := scored(cfg)
	cfg.Root.Walk(func(c *parser.Context) bool {
		if c.Name == "location" && c.Opener.Param(0) == "/" {
			points = append(points, s.Of(c).Points)
		}
		return true
	})
	if !slices.Equal(points, []int{40, 0}) {
		t.Errorf("%d, want 40 and, beside /ws, 0", points)
	}
}

func TestSetsOnEachOther(t *testing.T) {
	score := one(t, `set $a $b; set $b $a; set $host ws; set $port 8080;
		location /x { proxy_pass http://${host}:$port; }
		location /y { proxy_pass http://$a; }`)
	if score.Points != 45 {
		t.Errorf("%d %q, want 45", score.Points, score.Reasons)
	}
}
