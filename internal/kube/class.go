package kube

import (
	"strings"
)

// Served is what is known about the controller that serves an Ingress.
type Served struct {
	Controller *Controller // nil if it is another one, or unknown
	Other      string      // the name of another one, or ""
	At         Value       // that says so: a class, or the key of an annotation
	Weak       bool        // only annotations point to it
}

// otherClasses are usual names of the classes of controllers that are not nginx.
var otherClasses = map[string]string{
	"alb": "the AWS Load Balancer Controller", "apisix": "APISIX", "azure-application-gateway": "Azure's Application Gateway",
	"azure/application-gateway": "Azure's Application Gateway", "cilium": "Cilium", "contour": "Contour", "gce": "GKE", "gce-internal": "GKE",
	"haproxy": "HAProxy", "higress": "Higress", "istio": "Istio", "kong": "Kong", "openshift-default": "OpenShift's router", "tailscale": "Tailscale",
	"traefik": "Traefik",
}

// ServedBy returns what is known about the controller of an Ingress: its class, else the
// default class, else the annotations that it has.
func (c *Cluster) ServedBy(o *Object) Served {
	class := o.At("spec", "ingressClassName")
	if !class.Exists() {
		class = o.At("metadata", "annotations", "kubernetes.io/ingress.class")
	}
	if class.Exists() && class.Known() && class.Text() != "" {
		return c.classed(o, class)
	}
	if s := byAnnotations(o); class.Exists() || s.Controller != nil || s.Weak {
		return s
	}
	for _, ic := range c.Objects("IngressClass") {
		if ic.At("metadata", "annotations", "ingressclass.kubernetes.io/is-default-class").Text() == "true" {
			return served(ic, ic.Value)
		}
	}
	return Served{}
}

// classed returns the controller of a class.
func (c *Cluster) classed(o *Object, class Value) Served {
	for _, ic := range c.Objects("IngressClass") {
		if ic.Name == class.Text() {
			return served(ic, class)
		}
	}
	if other := otherClasses[class.Text()]; other != "" {
		return Served{Other: other, At: class}
	}
	if s := byAnnotations(o); s.Controller != nil {
		return s
	}
	if only := c.onlyController(); only != nil && strings.Contains(class.Text(), "nginx") {
		return Served{Controller: only, At: class}
	}
	return Served{}
}

// served returns the controller that an IngressClass names.
func served(class *Object, at Value) Served {
	name := class.At("spec", "controller")
	if !name.Exists() || !name.Known() {
		return Served{}
	}
	for _, c := range Controllers {
		if c.Class == name.Text() {
			return Served{Controller: c, At: at}
		}
	}
	return Served{Other: name.Text(), At: at}
}

// byAnnotations returns the one controller whose annotations an Ingress has. If there are
// several, it is unknown.
func byAnnotations(o *Object) Served {
	var s Served
	for _, a := range o.Annotated() {
		if s.Controller != nil && a.Controller != s.Controller {
			return Served{Weak: true}
		}
		s = Served{Controller: a.Controller, At: a.Value, Weak: true}
	}
	return s
}

// onlyController returns the one controller that the objects deploy or configure, or nil.
func (c *Cluster) onlyController() *Controller {
	if !c.looked {
		c.looked = true
		c.only = c.findOnly()
	}
	return c.only
}

func (c *Cluster) findOnly() *Controller {
	found := make(map[*Controller]bool)
	for _, config := range c.configs {
		found[config.Controller] = true
	}
	for _, kind := range []string{"Deployment", "DaemonSet"} {
		for _, o := range c.Objects(kind) {
			for _, container := range o.At("spec", "template", "spec", "containers").Items() {
				if by := ofImage(container.At("image").Text()); by != nil {
					found[by] = true
				}
			}
		}
	}
	for _, o := range c.Objects("HelmRelease") {
		if o.At("spec", "chart", "spec", "chart").Text() == IngressNginx.chart {
			found[IngressNginx] = true
		}
	}
	for by := range found {
		if len(found) == 1 {
			return by
		}
	}
	return nil
}

// ofImage returns the controller of an image, or nil.
func ofImage(image string) *Controller {
	for _, c := range Controllers {
		for _, part := range c.images {
			if strings.Contains(image, part) {
				return c
			}
		}
	}
	return nil
}
