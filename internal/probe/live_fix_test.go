package probe

import (
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// The patch of a verdict fixes what the verdict is about, and nothing else. With it
// the probe finds no problem.
func TestMend(t *testing.T) {
	const other = "\nlocation /other { proxy_pass http://APP; proxy_set_header Upgrade $http_upgrade; }"
	for _, n := range nginxtest.Installed(t) {
		for _, m := range []struct {
			name, server string
			adds         string
			unsafe       bool
		}{
			{"headers", "location /ws {\n    proxy_pass http://APP;\n    proxy_set_header Host $http_host;\n}", "proxy_set_header Upgrade $http_upgrade;", false},
			{"no sign of WebSockets", "location / {\n    proxy_pass http://APP;\n    proxy_set_header Host $http_host;\n}", "proxy_set_header Upgrade $http_upgrade;", false},
			{"lost by inheritance", "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $usual;\nproxy_set_header Host $http_host;\nlocation /ws {\n    proxy_pass http://APP;\n    proxy_set_header X-Real-IP $remote_addr;\n}", "proxy_set_header Upgrade $http_upgrade;", false},
			{"Host", strings.Replace(good, "proxy_set_header Host $http_host;", "", 1), "proxy_set_header Host", true},
		} {
			t.Run(n.Version+"/"+m.name, func(t *testing.T) {
				s := scene{server: m.server + other, config: true}
				c, v := s.run(t, n, nginxtest.StartApp(t, "coder").Address)
				if v.Good || len(v.Suspects) == 0 {
					t.Fatal(seen(c, v))
				}
				patches, unsafe, err := c.Place.Fix(v.Suspects[0].Row.Cause)
				if err != nil || unsafe != m.unsafe || len(patches) != 1 {
					t.Fatalf("%d patches, unsafe %v, %v\n%s", len(patches), unsafe, err, seen(c, v))
				}
				diff := patches[0].Diff("a", "b")
				if added := strings.Count(diff, "\n+"); !strings.Contains(diff, m.adds) || added > 5 || strings.Contains(diff, "-location /other") {
					t.Errorf("the patch is\n%s", diff)
				}
				after, v := s.again(t, n, c, string(patches[0].New))
				if !v.Good {
					t.Errorf("after the patch: %s\n%s", seen(after, v), diff)
				}
			})
		}
	}
}

// again runs a patched text at another address and probes it as before.
func (s scene) again(t *testing.T, n nginxtest.Nginx, c *Case, text string) (*Case, Verdict) {
	t.Helper()
	address := nginxtest.FreeAddress(t)
	text = strings.Replace(text, "listen "+c.Through.Of(Handshake).Address, "listen "+address, 1)
	dir := nginxtest.Write(t, map[string]string{"nginx.conf": text})
	if messages, ok := n.Test(dir, "nginx.conf"); !ok {
		t.Fatal(messages)
	}
	n.Start(t, dir, "nginx.conf", address)
	opt := s.options(t, nginxtest.Target{Address: address}, "")
	through, _, err := Run(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	after := &Case{Through: through}
	return after, Judge(after)
}
