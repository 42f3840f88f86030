package deploy

import (
	"path"
	"strings"
)

// renderTemplates adds what the entrypoint of nginx's image makes of the templates:
// every *.template below one directory becomes a file below another one, without the
// suffix.
func (v *View) renderTemplates() {
	env := newEnvironment(v.Environment)
	setting := func(name, usual string) string {
		if value, ok := env.lookup("NGINX_ENVSUBST_" + name); ok && value != "" {
			return value
		}
		return usual
	}
	dir := setting("TEMPLATE_DIR", "/etc/nginx/templates")
	suffix := setting("TEMPLATE_SUFFIX", ".template")
	output := setting("OUTPUT_DIR", "/etc/nginx/conf.d")
	stream := setting("STREAM_TEMPLATE_SUFFIX", ".stream-template")
	n, _ := v.tree.at(dir)
	if n == nil || !v.tree.isDir(n) {
		return
	}
	v.tree.linked("", n, func(name string, file *node) {
		switch {
		case strings.HasSuffix(name, suffix):
			v.render(path.Join(output, strings.TrimSuffix(name, suffix)), file)
		case strings.HasSuffix(name, stream):
			v.render(path.Join(setting("STREAM_OUTPUT_DIR", "/etc/nginx/stream-conf.d"), strings.TrimSuffix(name, stream)), file)
		}
	})
}

// render adds a rendered file, as a link to its template: the reader knows which
// variables of a template are replaced.
func (v *View) render(name string, template *node) {
	v.tree.put(name, v.tree.copy(template))
}
