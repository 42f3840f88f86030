package compose

import (
	"reflect"
	"strings"
	"testing"
)

const sample = `
x-shared: &shared
  networks: [inner]
services:
  app:
    <<: *shared
    build: ./app/
    container_name: the-app
    ports: ["8080:3000", "127.0.0.1:9000:3001/udp", 3002, {target: 3003, published: 80}, "${PORT}:3004", "3005-3007"]
    expose: ["4000"]
  far:
    image: far
  host:
    image: nginx
    network_mode: host
  web:
    build: {context: ., dockerfile: web/Dockerfile}
    networks: {inner: {aliases: [www]}, outer: null}
    volumes:
      - ./conf/:/etc/nginx:ro
      - data:/data
      - {type: bind, source: /srv/tls, target: /tls}
`

func TestRead(t *testing.T) {
	all, err := Read([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	want := []Service{
		{
			Name: "app", Context: "app", Dockerfile: "Dockerfile", Networks: []string{"inner"}, Names: []string{"app", "the-app"},
			Ports: []string{"3000", "3001", "3002", "3003", "3004", "4000"},
		},
		{Name: "far", Image: "far", Networks: []string{"default"}, Names: []string{"far"}},
		{Name: "host", Image: "nginx", NetworkMode: "host", Networks: []string{"default"}, Names: []string{"host"}},
		{Name: "web", Context: ".", Dockerfile: "web/Dockerfile", Networks: []string{"inner", "outer"}, Names: []string{"web", "www"}, Mounts: []string{"conf", "/srv/tls"}, Targets: []string{"/etc/nginx", "/data", "/tls"}},
	}
	for i, s := range all {
		if s.Context == "" {
			s.Dockerfile = ""
		}
		if i >= len(want) || !reflect.DeepEqual(s, want[i]) {
			t.Errorf("%+v", s)
		}
	}
	for pair, shares := range map[[2]int]bool{{0, 3}: true, {0, 1}: false, {1, 2}: false} {
		if all[pair[0]].Sharing()(all[pair[1]]) != shares {
			t.Errorf("%s and %s: not %v", all[pair[0]].Name, all[pair[1]].Name, shares)
		}
	}
}

func TestReadOther(t *testing.T) {
	for _, text := range []string{"", "[]", "services: []", "services: {app: [1]}", "a: *b", "\x00", "services: {app: null}"} {
		if all, _ := Read([]byte(text)); len(all) > 1 {
			t.Errorf("%q: %+v", text, all)
		}
	}
}

// FuzzRead: a Compose file always gives the same result, which contains nothing that
// is not in the file.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		sample, "services: {web: {networks: {a: {aliases: [x, y]}, b: {aliases: [z]}, c: null}}}\n", "services: {a: {ports: [[1], {target: [2]}, null, 1.5, true]}}\n",
		"services:\n  a: &a\n    build: ..\n  b: *a\n", "services: {? [x] : {image: nginx}}\n", "a: &a [1, 2]\nb: &b [*a, *a]\nservices: {x: {ports: [*b, *b]}}\n",
		"services: {x: {volumes: [{source: {a: b}}, './x:/y', '/']}}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4000 {
			return
		}
		all, err := Read(text)
		for range 4 {
			if again, againErr := Read(text); (err == nil) != (againErr == nil) || !reflect.DeepEqual(all, again) {
				t.Fatalf("read again, it is\n%+v, %v, not\n%+v, %v", again, againErr, all, err)
			}
		}
		for i, s := range all {
			if i > 0 && all[i-1].Name >= s.Name {
				t.Errorf("%q does not come after %q", s.Name, all[i-1].Name)
			}
			if len(s.Networks) == 0 || len(s.Names) == 0 || s.Names[0] != s.Name {
				t.Errorf("%+v", s)
			}
			for _, port := range s.Ports {
				if port == "" || strings.Trim(port, "0123456789") != "" {
					t.Errorf("the port %q", port)
				}
			}
		}
	})
}
