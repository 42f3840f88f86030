package hops

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// said writes hops for a comparison.
func said(hops []Hop) string {
	var all []string
	for _, h := range hops {
		all = append(all, fmt.Sprintf("%d %s %s %q", h.Kind, h.Name, h.Time, h.At.Text()))
	}
	return strings.Join(all, "\n")
}

func TestTerraform(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"set":           {`resource "aws_lb" "a" { idle_timeout = 120 }`, `0 aws_lb.a 2m0s "idle_timeout = 120"`},
		"default":       {"resource \"aws_alb\" \"a\" {\n  name = \"x\"\n}", `0 aws_alb.a 1m0s "resource \"aws_alb\" \"a\""`},
		"quoted":        {"resource \"aws_lb\" \"a\" {\nidle_timeout = \"90\" # s\n}", `0 aws_lb.a 1m30s "idle_timeout = \"90\""`},
		"variable":      {"resource \"aws_lb\" \"a\" {\nidle_timeout = var.t\n}", ""},
		"network":       {"resource \"aws_lb\" \"a\" {\nload_balancer_type = \"network\"\n}", ""},
		"commented":     {"/* resource \"aws_lb\" \"a\" { } */\n// resource \"aws_lb\" \"b\" {}\n# resource \"aws_lb\" \"c\" {}\n", ""},
		"google":        {"resource \"google_compute_backend_service\" \"g\" {\n  timeout_sec = 600\n  backend {\n    group = a.b[0].c\n  }\n}", `1 google_compute_backend_service.g 10m0s "timeout_sec = 600"`},
		"google, tcp":   {"resource \"google_compute_backend_service\" \"g\" {\n  protocol = \"TCP\"\n}", ""},
		"zone":          {"resource \"cloudflare_zone_setting\" \"w\" {\n setting_id = \"websockets\"\n value = \"off\"\n}", `3 cloudflare_zone_setting.w 0s "value = \"off\""`},
		"other setting": {"resource \"cloudflare_zone_setting\" \"w\" {\n setting_id = \"brotli\"\n value = \"off\"\n}", ""},
		"override":      {"resource \"cloudflare_zone_settings_override\" \"w\" {\n zone_id = \"x\"\n settings {\n  websockets = \"off\"\n }\n}", `3 cloudflare_zone_settings_override.w 0s "websockets = \"off\""`},
		"after others": {"locals {\n  a = { b = [1, 2], c = \"}${f(\"{\")}\" }\n  t = <<-EOT\n    resource \"aws_lb\" \"no\" {}\n    }\n  EOT\n}\nresource \"aws_lb\" \"a\" {\n  tags = merge(\n    var.tags, # }\n    { x = \"y\" },\n  )\n  idle_timeout = 61\n}\n",
			`0 aws_lb.a 1m1s "idle_timeout = 61"`},
	} {
		if got := said(Read(parser.Foreign("a.tf", []byte(test.text)))); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

func TestHAProxySections(t *testing.T) {
	text := "defaults a\n timeout client 10s\n timeout server 20s\ndefaults b from a\n timeout tunnel 1h\n" +
		"frontend f from a\n bind :80\n timeout tunnel 2h # ignored\nbackend one from a\n server s 10.0.0.1:81 check\nbackend two from b\n server s 10.0.0.1:82\n" +
		"backend three from a\n timeout server \"$T\"\n server s 10.0.0.1:83\nbackend none\n http-request deny\nlisten l from a\n bind :90\n timeout client 5s\n http-request del-header upgrade if { path /x }\n server s 10.0.0.1:84\n"
	want := `0 HAProxy backend one 10s "timeout client 10s"
0 HAProxy backend two 1h0m0s "timeout tunnel 1h"
0 HAProxy listen l 5s "timeout client 5s"
4 HAProxy frontend f 0s "timeout tunnel 2h"`
	if got := said(Read(parser.Foreign("haproxy.cfg", []byte(text)))); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestOfCluster(t *testing.T) {
	text := `kind: Ingress
metadata: { name: a, annotations: { alb.ingress.kubernetes.io/load-balancer-attributes: "deletion_protection.enabled=true, idle_timeout.timeout_seconds=90" } }
spec: { rules: [{ http: { paths: [{ path: /ws, backend: { service: { name: s } } }] } }] }
---
kind: Service
metadata: { name: s, annotations: { cloud.google.com/backend-config: '{"default": "b"}' } }
---
kind: BackendConfig
metadata: { name: b }
spec: { timeoutSec: 40 }
---
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Edge:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      LoadBalancerAttributes: [{ Key: idle_timeout.timeout_seconds, Value: "75" }]
  Plain:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Subnets: [!Ref A] }
  Network:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network }
`
	m, err := kube.Read(parser.Foreign("a.yaml", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	want := `0 the Application Load Balancer of Ingress a 1m30s "\"deletion_protection.enabled=true, idle_timeout.timeout_seconds=90\""
1 BackendConfig b 40s "40"
0 the load balancer Edge 1m15s "\"75\""
0 the load balancer Plain 1m0s "Plain"`
	hops := OfCluster(kube.NewCluster([]*kube.Manifest{m}))
	if got := said(hops); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(hops[1].Objects) != 1 || hops[1].Objects[0].Name != "a" {
		t.Errorf("BackendConfig serves %v", hops[1].Objects)
	}
}

// FuzzRead reads any text to an end: every place lies in the file.
func FuzzRead(f *testing.F) {
	f.Add("resource \"aws_lb\" \"a\" {\n  x = <<EOT\n a\nEOT\n idle_timeout = \"${a}\"\n}\n")
	f.Add("defaults\n timeout client 1s\n timeout server 1\nfrontend f\n timeout tunnel 1\nbackend b from x\n server a b:1\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"a.tf", "haproxy.cfg"} {
			for _, h := range Read(parser.Foreign(name, []byte(text))) {
				if h.At.Start < 0 || h.At.Start > h.At.End || h.At.End > len(text) {
					t.Fatalf("%s: %+v in %d bytes", name, h, len(text))
				}
			}
		}
	})
}
