package nginxtest

import (
	"fmt"
	"strings"
	"testing"
)

const newer = Prologue + `http {
` + TempPaths + `
server {
	listen %[1]s ssl;
	listen %[1]s quic;
	http2 on;
	ssl_certificate %[2]s;
	ssl_certificate_key %[3]s;
	location / { proxy_pass http://%[4]s; proxy_set_header X-Protocol $server_protocol; proxy_set_header X-Host "$host,$http_host"; }
	location /403 { return 403; }
}
}
`

// What is asked over HTTP/2 and HTTP/3 is that protocol, and over the latter
// $http_host is empty.
func TestGetOver(t *testing.T) {
	cert, secret := Certificate(t)
	shown := 0
	for _, n := range Installed(t) {
		if !n.HTTP3() {
			continue
		}
		shown++
		fleet := NewFleet(t)
		target := Target{Address: FreeAddress(t), Host: "stand-in.test"}
		n.Start(t, Write(t, map[string]string{"nginx.conf": fmt.Sprintf(newer, target.Address, cert, secret, fleet.Address("b"))}), "nginx.conf", target.Address)
		for protocol, want := range map[string]string{"h2": "HTTP/2.0 stand-in.test,stand-in.test", "h3": "HTTP/3.0 stand-in.test,"} {
			status, err := target.GetOver(protocol, "/a b")
			asked := strings.Join(fleet.Take(), "\n")
			version, hosts, _ := strings.Cut(want, " ")
			if err != nil || status != 200 || !strings.Contains(asked, "GET /a%20b ") || !strings.Contains(asked, fmt.Sprintf("X-Protocol: [%q]", version)) || !strings.Contains(asked, fmt.Sprintf("X-Host: [%q]", hosts)) {
				t.Errorf("%v, %s: %d, %v: %s", n, protocol, status, err, asked)
			}
			if status, err := target.GetOver(protocol, "/403"); err != nil || status != 403 {
				t.Errorf("%v, %s: %d, %v", n, protocol, status, err)
			}
		}
		if status, err := (Target{Address: fleet.Address("b")}).GetOver("h2", "/"); err == nil {
			t.Errorf("HTTP/2 where nothing speaks it: %d", status)
		}
	}
	if shown == 0 {
		t.Error("no nginx speaks HTTP/3")
	}
}
