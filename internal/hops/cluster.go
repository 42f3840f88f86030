package hops

import (
	"strconv"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// OfCluster returns the load balancers that objects of Kubernetes and CloudFormation
// configure.
func OfCluster(c *kube.Cluster) []Hop {
	var hops []Hop
	for _, o := range c.Objects("Ingress") {
		if v := o.At("metadata", "annotations", "alb.ingress.kubernetes.io/load-balancer-attributes"); v.Exists() && v.Known() {
			h := Hop{Kind: Idle, Name: "the Application Load Balancer of Ingress " + o.Name, At: v.Span(), Why: "idle_timeout.timeout_seconds", Objects: []*kube.Object{o}}
			if h.Time = attribute(v.Text(), h.Why); h.Time > 0 {
				hops = append(hops, h)
			}
		}
	}
	for _, o := range c.Objects("BackendConfig") {
		v := o.At("spec", "timeoutSec")
		n, err := strconv.Atoi(v.Text())
		if err == nil && n > 0 && v.Known() {
			hops = append(hops, Hop{Kind: Life, Name: "BackendConfig " + o.Name, At: v.Span(), Time: time.Duration(n) * time.Second, Why: "timeoutSec", Objects: behind(c, o)})
		}
	}
	for _, o := range c.Objects(kube.CloudFormation) {
		hops = append(hops, ofStack(o)...)
	}
	return hops
}

// attribute returns a time of a list "a=1,b=2", or 0.
func attribute(list, name string) time.Duration {
	for part := range strings.SplitSeq(list, ",") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(part), name+"="); ok {
			n, _ := strconv.Atoi(strings.TrimSpace(value))
			return time.Duration(n) * time.Second
		}
	}
	return 0
}

// behind returns the Ingresses whose services name a BackendConfig. The annotation is
// JSON: {"default": "name"} or {"ports": {"80": "name"}}.
func behind(c *kube.Cluster, config *kube.Object) []*kube.Object {
	services := make(map[string]bool)
	for _, s := range c.Objects("Service") {
		for _, key := range []string{"cloud.google.com/backend-config", "beta.cloud.google.com/backend-config"} {
			if strings.Contains(s.At("metadata", "annotations", key).Text(), `"`+config.Name+`"`) {
				services[s.Name] = true
			}
		}
	}
	found := []*kube.Object{}
	for _, o := range c.Objects("Ingress") {
		for _, name := range o.Backends() {
			if services[name] {
				found = append(found, o)
				break
			}
		}
	}
	return found
}

// ofStack returns the load balancers of a CloudFormation template.
func ofStack(stack *kube.Object) []Hop {
	var hops []Hop
	for _, r := range stack.At("Resources").Entries() {
		if r.At("Type").Text() != "AWS::ElasticLoadBalancingV2::LoadBalancer" {
			continue
		}
		properties := r.At("Properties")
		if kind := properties.At("Type"); kind.Exists() && kind.Text() != "application" {
			continue
		}
		h := Hop{Kind: Idle, Name: "the load balancer " + r.Key(), At: r.KeySpan(), Time: awsIdle, Why: "the default of idle_timeout.timeout_seconds"}
		for _, a := range properties.At("LoadBalancerAttributes").Items() {
			if a.At("Key").Text() != "idle_timeout.timeout_seconds" {
				continue
			}
			n, _ := strconv.Atoi(a.At("Value").Text())
			h.Time, h.At, h.Why = time.Duration(n)*time.Second, a.At("Value").Span(), "idle_timeout.timeout_seconds"
		}
		if h.Time > 0 {
			hops = append(hops, h)
		}
	}
	return hops
}
