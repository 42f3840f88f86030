package kube

// A Route is one path of an Ingress, and where it leads.
type Route struct {
	Object  *Object
	Host    string // "" for all
	Path    Value  // may be missing
	Service string // "" for another kind of backend
	Port    string // its number or name
}

// Routes returns the paths of an Ingress, in order. The default backend is one without a
// path.
func (o *Object) Routes() []Route {
	var all []Route
	add := func(host string, path, backend Value) {
		service := backend.At("service", "name").Text()
		port := backend.At("service", "port", "number").Text() + backend.At("service", "port", "name").Text()
		if service == "" { // networking.k8s.io/v1beta1
			service, port = backend.At("serviceName").Text(), backend.At("servicePort").Text()
		}
		all = append(all, Route{o, host, path, service, port})
	}
	for _, key := range []string{"defaultBackend", "backend"} {
		if backend := o.At("spec", key); backend.Exists() {
			add("", Value{}, backend)
		}
	}
	for _, rule := range o.At("spec", "rules").Items() {
		for _, path := range rule.At("http", "paths").Items() {
			add(rule.At("host").Text(), path.At("path"), path.At("backend"))
		}
	}
	return all
}

// Paths returns the paths of an Ingress, in order.
func (o *Object) Paths() []string {
	var paths []string
	for _, r := range o.Routes() {
		if r.Path.Exists() {
			paths = append(paths, r.Path.Text())
		}
	}
	return paths
}

// Backends returns the names of the services that an Ingress leads to, each once.
func (o *Object) Backends() []string {
	var names []string
	seen := make(map[string]bool)
	for _, r := range o.Routes() {
		if r.Service != "" && !seen[r.Service] {
			seen[r.Service] = true
			names = append(names, r.Service)
		}
	}
	return names
}
