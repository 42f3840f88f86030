package lint

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A nameKind says what a file's name tells about it.
type nameKind int

const (
	otherName     nameKind = iota // it is something else
	usualName                     // it is most likely nginx configuration
	unusualName                   // its content decides, if nginx reads it without an error
	templatedName                 // it may be a template of nginx configuration
	hostName                      // it may contain nginx configuration
)

// usualDirectory reports whether directories with that name usually contain only
// nginx configuration.
func usualDirectory(name string) bool {
	switch name {
	case "nginx", "conf.d", "http.d", "stream.d", "sites-enabled", "sites-available", "snippets", "vhosts", "vhosts.d", "vhost.d", "locations.d", "nginx.d", "includes":
		return true
	}
	return false
}

// otherEndings are the endings of files that are not nginx configuration, even in its
// directories.
var otherEndings = endings(`
md rst adoc txt pdf doc docx csv tsv sql sh bash zsh csh fish ps1 bat cmd py pyc rb js mjs cjs ts jsx tsx vue svelte json json5 yml yaml toml ini cfg
properties xml xsd html htm css scss sass less php lua pl pm go mod sum rs java kt kts scala groovy gradle c h cc cpp hpp cs fs swift m mm r jl ex exs erl
hs clj dart zig nim v tf tfvars hcl nomad proto graphql wasm o a so dll exe bin class jar war deb rpm apk iso img
bak old orig save swp swo rej log pid sock gz bz2 xz zst zip tar tgz 7z pem crt cer key csr srl pub der p12 pfx jks asc sig
ico png jpg jpeg gif svg webp avif bmp woff woff2 ttf eot otf mp3 mp4 webm ogg wav map min lock mmdb dat db sqlite env patch diff
service timer socket target mount path slice`)

// templateEndings are the endings of templates.
var templateEndings = endings(`j2 jinja jinja2 erb epp tmpl tpl gtpl gotmpl template tera mustache hbs liquid sigil tftpl ctmpl`)

func endings(list string) map[string]bool {
	set := make(map[string]bool)
	for _, ending := range strings.Fields(list) {
		set[ending] = true
	}
	return set
}

// kindOfName returns what a file's name tells about it.
func kindOfName(name string) nameKind {
	base := path.Base(name)
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(base), "."))
	switch {
	case strings.HasPrefix(base, "."), strings.HasSuffix(base, "~"):
		return otherName
	case ending == "conf", ending == "nginx", ending == "nginxconf", ending == "vhost":
		return usualName
	case source.Hosts(base):
		return hostName
	case templateEndings[ending]:
		return templatedName
	case otherEndings[ending]:
		return otherName
	case usualDirectory(path.Base(path.Dir(name))):
		return usualName
	}
	return unusualName
}

// sniffed is how many bytes of a file with an unusual name are read to decide whether
// to parse it.
const sniffed = 256 << 10

// sniff reports whether a file has a line that opens a block of nginx. A YAML file that
// looks like a manifest is added to those of the walk.
func (w *workspace) sniff(all *walked, name string) bool {
	most := int64(sniffed)
	if isYAML(name) {
		most = maxManifest
	}
	src, err := w.files.ReadRegular(name, most)
	if err != nil {
		return false
	}
	if isYAML(name) && kube.Sniff(name, src) {
		all.manifests = append(all.manifests, name)
	}
	if len(src) > sniffed || !source.OpensBlock(src) {
		if source.IsNix(name) && bytes.Contains(src, []byte("services.nginx")) {
			w.passOver(name, onlyOptions)
		}
		return false
	}
	return true
}

// onlyOptions says why a file of NixOS is not checked.
const onlyOptions = "options of NixOS: only indented strings with blocks of nginx are read"

// isDump reports whether a file contains the output of nginx -T.
func isDump(f *parser.File) bool {
	_, ok := ReadDump(f.Src)
	return ok
}

// foreignText says why a named file is not nginx configuration, although parts of it
// may be, or returns "".
func foreignText(f *parser.File) string {
	switch {
	case f.Masked() != nil:
		return ""
	case source.IsNix(f.Name):
		return "has no indented string with blocks of nginx; options of NixOS are not read"
	case source.Hosts(f.Name) && !isYAML(f.Name):
		return "has no here-document with nginx configuration"
	case isYAML(f.Name), bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(f.Src, []byte("\ufeff"))), []byte("apiVersion:")):
		return "is YAML without nginx configuration in a block scalar (key: |)"
	}
	return ""
}

// holdsAny reports whether a named file can be considered nginx configuration: it is
// empty, or at least half of it consists of nginx directives.
func holdsAny(f *parser.File) bool {
	known := 0
	for _, d := range f.Root.Directives {
		switch {
		case assigns(d):
			return false
		case d.Is("if") && !strings.HasPrefix(d.Param(0), "("): // if [ … ]; then
		case d.Is("if") && d.Block != nil && !strings.HasSuffix(d.Param(d.ParamCount()-1), ")"): // rsyslog's if (…) then {
		case parser.ContextsOf(strings.TrimPrefix(d.Name(), "\ufeff")) != 0:
			known++
		}
	}
	return len(f.Root.Directives) == 0 && len(f.Errs) == 0 || 2*known > len(f.Root.Directives) || looksLikeNginx(f)
}

// assigns reports whether a directive consists of assignments, as in TOML or rsync:
// name = value without a semicolon at the end of the line. The first name may be that
// of a directive, as in use chroot = no.
func assigns(d *parser.Directive) bool {
	lines := make(map[int]bool)
	for _, word := range d.Params() {
		if span := word.Span(); word.Value() == "=" {
			lines[span.File.Position(span.Start).Line] = true
		}
	}
	return len(lines) > 1
}

// looksLikeNginx distinguishes nginx configuration from the many other files that end
// in .conf: it has a block that only nginx has, or it has no errors and only
// directives of nginx.
func looksLikeNginx(f *parser.File) bool {
	known := 0
	for _, d := range f.Root.Directives {
		name := strings.TrimPrefix(d.Name(), "\ufeff")
		if d.Block != nil {
			switch name {
			case "http", "events", "server", "location", "upstream", "map", "stream", "geo", "types", "split_clients":
				return true
			}
		}
		if parser.ContextsOf(name) != 0 {
			known++
		}
	}
	return known > 0 && known == len(f.Root.Directives) && len(f.Errs) == 0
}

// isNothingElse reports whether nginx reads a file without an error and knows all its
// top-level directives.
func isNothingElse(f *parser.File) bool {
	return len(f.Errs) == 0 && !slices.ContainsFunc(f.Root.Directives, func(d *parser.Directive) bool { return len(d.Infos()) == 0 })
}

// Holds reports whether a directory contains nginx configuration with a usual name
// directly or, with deep, at any depth within reason.
func Holds(fsys fs.FS, dir string, deep bool) bool {
	w := &workspace{files: parser.NewFiles(fsys)}
	looked := 0
	err := fs.WalkDir(w.files, dir, func(name string, d fs.DirEntry, err error) error {
		looked++
		switch {
		case looked > maxLookedAt:
			return fs.SkipAll
		case err != nil || d.IsDir() && name != dir && (!deep || slices.Contains(passedOver, d.Name())):
			return fs.SkipDir
		case d.Type().IsRegular() && kindOfName(name) == usualName:
			if f, err := w.files.Read(name); err == nil && looksLikeNginx(f) {
				return errHeld
			}
		}
		return nil
	})
	return errors.Is(err, errHeld)
}

var errHeld = errors.New("found")
