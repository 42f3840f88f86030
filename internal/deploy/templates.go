package deploy

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// An Unrendered is why the entrypoint of nginx's image does not render its templates.
type Unrendered struct {
	Place  Place
	Reason string
}

// renderTemplates adds what the entrypoint of nginx's image makes of the templates:
// every *.template below one directory becomes a file below another one, without the
// suffix. It goes on without them if it cannot write there.
func (v *View) renderTemplates() {
	env := newEnvironment(v.Environment)
	unknown := false
	setting := func(name, usual string) string {
		value, ok := env.lookup("NGINX_ENVSUBST_" + name)
		unknown = unknown || !ok && env.has("NGINX_ENVSUBST_"+name)
		if ok && value != "" {
			return value
		}
		return usual
	}
	dir := setting("TEMPLATE_DIR", "/etc/nginx/templates")
	suffix := setting("TEMPLATE_SUFFIX", ".template")
	output := setting("OUTPUT_DIR", "/etc/nginx/conf.d")
	stream := setting("STREAM_TEMPLATE_SUFFIX", ".stream-template")
	streams := setting("STREAM_OUTPUT_DIR", "/etc/nginx/stream-conf.d")
	n, _ := v.tree.at(dir)
	if unknown {
		v.tree.forget("/etc/nginx", v.Place)
		return
	}
	if n == nil || !v.tree.isDir(n) {
		return
	}
	if v.Unrendered = v.unwritable(dir, output); v.Unrendered != nil {
		return
	}
	v.tree.linked("", n, func(name string, file *node) {
		switch {
		case strings.HasSuffix(name, suffix):
			v.render(path.Join(output, strings.TrimSuffix(name, suffix)), file)
		case strings.HasSuffix(name, stream):
			v.render(path.Join(streams, strings.TrimSuffix(name, stream)), file)
		}
	})
}

// render adds a rendered file, as a link to its template: the reader knows which
// variables of a template are replaced.
func (v *View) render(name string, template *node) {
	v.tree.put(name, v.tree.copy(template))
	if template.link != "" {
		v.Rendered = append(v.Rendered, template.link)
	}
}

// unwritable returns why nothing can be written to a directory, or nil. The mount that
// is nearest decides.
func (v *View) unwritable(templates, dir string) *Unrendered {
	if v.service == nil {
		return nil
	}
	var nearest *mount
	for i := range v.service.mounts {
		m := &v.service.mounts[i]
		if below(path.Clean(dir), m.target) && (nearest == nil || len(m.target) > len(nearest.target)) {
			nearest = m
		}
	}
	why := "the mount at " + dir + " is read-only"
	switch {
	case nearest == nil && v.service.fixed:
		return &Unrendered{v.service.place, fmt.Sprintf("the templates in %s are not rendered: the container is read-only and has no volume at %s; the entrypoint only logs an error, and nginx starts without them", templates, dir)}
	case nearest == nil || !nearest.fixed:
		return nil
	case nearest.target != path.Clean(dir):
		why = "the mount at " + nearest.target + " is read-only"
	}
	return &Unrendered{nearest.place, fmt.Sprintf("the templates in %s are not rendered to %s: %s; the entrypoint only logs an error, and nginx starts without them", templates, dir, why)}
}

func below(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, strings.TrimSuffix(dir, "/")+"/")
}

// always are variables that every container of nginx's image has.
var always = strings.Fields("PATH HOME HOSTNAME PWD OLDPWD SHLVL TERM _ NGINX_VERSION PKG_RELEASE NJS_VERSION NJS_RELEASE DYNPKG_RELEASE ACME_VERSION NGINX_LOCAL_RESOLVERS")

// Leaves returns why the entrypoint leaves a variable of a template as it is: it replaces
// those of the environment that the filter matches. It is "" if it replaces the variable,
// or something that is not known can define it.
func (v *View) Leaves(name string) (why string) {
	if v.service == nil || v.service.openEnv || slices.Contains(always, name) || v.hooked() {
		return ""
	}
	where := v.Service + " of " + path.Base(v.Place.File)
	env := newEnvironment(v.Environment)
	if !env.has(name) {
		why = fmt.Sprintf("the environment of service %s does not have %s", where, name)
		if _, ok := v.service.shell(name); ok {
			why += " (the .env file is only for the Compose file itself)"
		}
		return why
	}
	filter, known := env.lookup("NGINX_ENVSUBST_FILTER")
	pattern, err := regexp.CompilePOSIX(filter)
	if !known || err != nil || pattern.MatchString(name) {
		return ""
	}
	return fmt.Sprintf("NGINX_ENVSUBST_FILTER of service %s does not match %s", where, name)
}

// hooked reports whether the entrypoint may run more scripts than those of the image:
// they can set variables.
func (v *View) hooked() bool {
	hooks, unknown := v.tree.at("/docker-entrypoint.d")
	return unknown || hooks == nil || hooks.link != "" || len(hooks.children) > 0
}
