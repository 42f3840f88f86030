package model

import (
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

func TestSocketServer(t *testing.T) {
	const text = `
http {
	server { listen 80; server_name first.test; }
	server { listen 80 default_server; server_name _; }
	server { listen 80; server_name *.wild.test; }
	server { listen 80; server_name *.more.wild.test; }
	server { listen 80; server_name behind.*; }
	server { listen 80; server_name .both.test; }
	server { listen 80; server_name ~^api\d+\.; }
	server { listen 80; server_name Exact.Wild.Test; }
}
`
	cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: []byte(text)}}, "nginx.conf", parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	socket := New(cfg, nil).Sockets()["*:80"]
	for host, want := range map[string]string{
		"first.test": "first.test", "other.test": "_", "a.wild.test": "*.wild.test", "a.more.wild.test": "*.more.wild.test",
		"wild.test": "_", "behind.net": "behind.*", "both.test": ".both.test", "a.both.test": ".both.test",
		"api7.test": `~^api\d+\.`, "EXACT.wild.test": "Exact.Wild.Test",
	} {
		server, named := socket.Server(host)
		if got := server.ServerNames()[0]; got != want || named == (want == "_") {
			t.Errorf("%s goes to %s (%v), want %s", host, got, named, want)
		}
	}
}
