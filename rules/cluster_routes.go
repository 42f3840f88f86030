package rules

import "github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"

// named are objects of one kind, by name and namespace. An object without a namespace gets
// one when it is applied, so it matches all.
type named map[string]map[string]bool

func (n named) add(name, namespace string) {
	if n[name] == nil {
		n[name] = make(map[string]bool)
	}
	n[name][namespace] = true
}

func (n named) has(name, namespace string) bool {
	in := n[name]
	return len(in) > 0 && (namespace == "" || in[namespace] || in[""])
}

// routing is what NGINX Gateway Fabric routes.
type routing struct {
	routes   []*kube.Object        // HTTPRoutes of its Gateways
	services named                 // that these lead to
	secured  named                 // Services that a BackendTLSPolicy targets
	timed    named                 // "HTTPRoute NAME" and "Gateway NAME" with a read timeout
	timeouts map[string]kube.Value // of these, without their namespaces
}

// fabricClass is the GatewayClass that NGINX Gateway Fabric installs.
const fabricClass = "nginx"

// fabricController is NGINX Gateway Fabric in a GatewayClass.
const fabricController = "gateway.nginx.org/nginx-gateway-controller"

// fabricClasses returns the classes of NGINX Gateway Fabric.
func fabricClasses(c *kube.Cluster) map[string]bool {
	classes := map[string]bool{fabricClass: true}
	for _, class := range c.Objects("GatewayClass") {
		classes[class.Name] = class.At("spec", "controllerName").Text() == fabricController
	}
	return classes
}

// newRouting returns what the Gateways of NGINX Gateway Fabric route.
func newRouting(c *kube.Cluster) *routing {
	r := &routing{services: make(named), secured: make(named), timed: make(named), timeouts: make(map[string]kube.Value)}
	gateways, classes := make(named), fabricClasses(c)
	for _, g := range c.Objects("Gateway") {
		if classes[g.At("spec", "gatewayClassName").Text()] {
			gateways.add(g.Name, g.Namespace)
		}
	}
	for _, route := range c.Objects("HTTPRoute") {
		if hasParent(route, gateways) {
			r.add(route)
		}
	}
	for _, policy := range c.Objects("BackendTLSPolicy") {
		for _, ref := range policy.At("spec", "targetRefs").Items() {
			r.secured.add(ref.At("name").Text(), policy.Namespace)
		}
	}
	for _, policy := range c.Objects("ProxySettingsPolicy") {
		timeout := policy.At("spec", "timeout", "read")
		if !timeout.Exists() {
			continue
		}
		for _, ref := range policy.At("spec", "targetRefs").Items() {
			target := ref.At("kind").Text() + " " + ref.At("name").Text()
			r.timed.add(target, policy.Namespace)
			r.timeouts[target] = timeout
		}
	}
	return r
}

func hasParent(route *kube.Object, gateways named) bool {
	for _, parent := range route.At("spec", "parentRefs").Items() {
		if gateways.has(parent.At("name").Text(), namespaceOf(parent, route)) {
			return true
		}
	}
	return false
}

func (r *routing) add(route *kube.Object) {
	r.routes = append(r.routes, route)
	for _, rule := range route.At("spec", "rules").Items() {
		for _, backend := range rule.At("backendRefs").Items() {
			r.services.add(backend.At("name").Text(), namespaceOf(backend, route))
		}
	}
}

// readTimeout returns the timeout that a policy gives a route or its Gateways, which may
// be missing.
func (r *routing) readTimeout(route *kube.Object) kube.Value {
	if target := "HTTPRoute " + route.Name; r.timed.has(target, route.Namespace) {
		return r.timeouts[target]
	}
	for _, parent := range route.At("spec", "parentRefs").Items() {
		if target := "Gateway " + parent.At("name").Text(); r.timed.has(target, namespaceOf(parent, route)) {
			return r.timeouts[target]
		}
	}
	return kube.Value{}
}

// namespaceOf is the namespace that a reference names, else that of its object.
func namespaceOf(ref kube.Value, o *kube.Object) string {
	if namespace := ref.At("namespace").Text(); namespace != "" {
		return namespace
	}
	return o.Namespace
}
