package intent

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// large returns a configuration of n servers.
func large(n int) *parser.Config {
	var b strings.Builder
	b.WriteString("events {}\nhttp {\nmap $http_upgrade $up { default upgrade; '' close; }\n")
	for i := range n {
		fmt.Fprintf(&b, `
			server { # number %[1]d
				server_name app%[1]d.example.com;
				set $backend app%[1]d;
				# the API
				location /api/v%[1]d/ { proxy_pass http://$backend:8080; }
				location /ws { proxy_pass http://$backend:8080; proxy_set_header Connection $up; }
				location ~ ^/(a|b)/%[1]d(/.*)?$ { proxy_pass http://$backend:8080; }
			}`, i)
	}
	b.WriteString("\n}\n")
	cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: []byte(b.String())}}, "nginx.conf", parser.Options{})
	if err != nil {
		panic(err)
	}
	return cfg
}

func BenchmarkNew(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		cfg := large(n)
		b.Run(fmt.Sprint(n, " servers"), func(b *testing.B) {
			for b.Loop() {
				scored(cfg)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n*3), "ns/location")
		})
	}
}
