package parser

import (
	"fmt"
	"slices"
	"strings"
)

// zoneNames are the directives that use a zone.
var zoneNames = NewNameSet("limit_conn", "limit_req", "proxy_cache", "fastcgi_cache", "uwsgi_cache", "scgi_cache")

// declaredZones returns the zones that a configuration declares, each behind its
// kind; nil where some may be declared elsewhere.
func (cfg *Config) declaredZones() map[string]bool {
	cfg.zonesOnce.Do(func() {
		if cfg.Fragment || slices.ContainsFunc(cfg.Includes, func(inc *Include) bool { return inc.Missing }) {
			return
		}
		for _, c := range cfg.Root.Children {
			if c.Name == "http" {
				cfg.zones = c.zones()
			}
		}
	})
	return cfg.zones
}

// zones returns the zones that the http level declares, each behind its kind.
func (c *Context) zones() map[string]bool {
	declared := make(map[string]bool)
	for _, name := range []string{"limit_conn", "limit_req"} {
		for _, d := range c.Own(name + "_zone") {
			declared[name+" "+d.Zone()] = true
		}
	}
	for _, name := range []string{"proxy", "fastcgi", "uwsgi", "scgi"} {
		for _, d := range c.Own(name + "_cache_path") {
			for i := range d.ParamCount() {
				if zone, ok := strings.CutPrefix(d.Param(i), "keys_zone="); ok {
					zone, _, _ = strings.Cut(zone, ":")
					declared["cache "+zone] = true
				}
			}
		}
	}
	return declared
}

// unknownZones returns the uses of zones on a level of http that nothing declares.
func (c *Context) unknownZones() []Problem {
	if c.Lacks(zoneNames) {
		return nil
	}
	declared := c.Config.declaredZones()
	if declared == nil {
		return nil
	}
	var all []Problem
	for _, d := range c.Directives {
		switch {
		case d.Is("limit_conn"):
			if zone := d.Param(0); d.ParamCount() == 2 && !declared["limit_conn "+zone] && written(zone) {
				all = append(all, Problem{Directive: d, Context: c, Message: fmt.Sprintf("zero size shared memory zone %q", zone)})
			}
		case d.Is("limit_req"):
			if zone := d.Zone(); zone != "" && !declared["limit_req "+zone] && written(zone) {
				all = append(all, Problem{Directive: d, Context: c, Message: fmt.Sprintf("zero size shared memory zone %q", zone)})
			}
		case d.Is("proxy_cache", "fastcgi_cache", "uwsgi_cache", "scgi_cache"):
			if zone := d.Param(0); zone != "off" && !declared["cache "+zone] && written(zone) {
				all = append(all, Problem{Directive: d, Context: c, Message: fmt.Sprintf("%q zone %q is unknown", d.Name(), zone)})
			}
		}
	}
	return all
}
