package kube

import (
	"slices"
	"strings"
)

// A Config is the settings of a controller: the data of its ConfigMap, or the values of
// its Helm chart that become that.
type Config struct {
	Value      // a mapping
	Object     *Object
	Controller *Controller
}

// Text returns the value of a key that no tag of a template is part of, or "".
func (c Config) Text(key string) string {
	if v := c.At(key); v.Exists() && v.Known() {
		return v.Text()
	}
	return ""
}

// InMap reports whether the values are those of a ConfigMap: only strings are allowed.
func (c Config) InMap() bool { return c.Object.Kind == "ConfigMap" }

// Configs returns the settings of controllers, in order.
func (c *Cluster) Configs() []Config { return c.configs }

// findConfigs finds the settings of controllers.
func (c *Cluster) findConfigs() {
	for _, m := range c.Manifests {
		for _, o := range m.Objects {
			if config, ok := configOf(o); ok {
				c.configs = append(c.configs, config)
			}
		}
	}
}

// configOf returns the settings of a controller in an object.
func configOf(o *Object) (Config, bool) {
	switch o.Kind {
	case "ConfigMap":
		data := o.At("data")
		for _, c := range Controllers {
			if c.configures(o.Name, data) {
				return Config{data, o, c}, true
			}
		}
	case HelmValues:
		for _, values := range []Value{o.Value, o.At("ingress-nginx")} {
			if config := values.At("controller", "config"); config.has(IngressNginx.own) {
				return Config{config, o, IngressNginx}, true
			}
		}
	case "HelmRelease":
		if o.At("spec", "chart", "spec", "chart").Text() == IngressNginx.chart {
			config := o.At("spec", "values", "controller", "config")
			return Config{config, o, IngressNginx}, config.Exists()
		}
	}
	return Config{}, false
}

// configures reports whether a ConfigMap is the controller's: it has a key that only
// such a ConfigMap has, or a usual name and a known key.
func (c *Controller) configures(name string, data Value) bool {
	return data.has(c.own) || slices.Contains(c.mapNames, name) && data.has(NamesOf(c.Keys()))
}

// has reports whether a mapping has one of some keys.
func (v Value) has(keys []string) bool {
	return slices.ContainsFunc(v.Entries(), func(e Value) bool { return slices.Contains(keys, e.Key()) })
}

// ConfigMap returns the ConfigMap with the name NAMESPACE/NAME, or nil.
func (c *Cluster) ConfigMap(name string) *Object {
	namespace, name, _ := strings.Cut(name, "/")
	for _, o := range c.Objects("ConfigMap") {
		if o.Name == name && (o.Namespace == namespace || o.Namespace == "") {
			return o
		}
	}
	return nil
}

// Governs reports whether a controller makes nginx configuration of an object.
func (o *Object) Governs() bool {
	if o.Kind == "Ingress" || o.Kind == "HTTPRoute" {
		return true
	}
	_, ok := configOf(o)
	return ok
}
