package lint

import (
	"fmt"
	"path"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A hint is something in the configuration that only relatives of nginx have.
type hint struct {
	span   parser.Span // File is nil if it is a file's name
	what   string
	set    parser.Dialects
	strong bool // no nginx can have it
	weak   bool // nginx refuses it, and a rule says so
}

// decideDialect looks for hints at relatives of nginx, where nothing else says what runs.
// If they leave only one relative, the configuration is checked for all its versions.
// Otherwise nothing is claimed that is wrong on one of them. A note says so once.
func (j *judge) decideDialect(w *workspace) {
	all := w.hints()
	if len(all) == 0 {
		return
	}
	var strong, maybe, firm parser.Dialects
	first := all[0]
	for _, h := range all {
		maybe |= h.set
		if !h.weak {
			firm |= h.set
		}
		switch {
		case h.strong && strong == 0:
			strong, first = h.set, h
		case h.strong:
			strong &= h.set
		}
	}
	if d, ok := strong.Only(); ok {
		j.versions, j.source = parser.AnyOf(d), first.what
		w.note(first.note(fmt.Sprintf("%s is only in %s, so all versions of it are checked for", first.what, d.Title()), d))
		return
	}
	j.versions.Maybe, j.versions.Weak = maybe, maybe&^firm
	w.note(first.note(fmt.Sprintf("%s hints at %s, so nothing is reported that would be wrong there", first.what, first.set.Titles()), first.set.First()))
}

// note returns the note about a hint, with the way to say what runs.
func (h *hint) note(said string, d parser.Dialect) Note {
	return Note{Span: h.span, Message: said + "; to check for one version, use --nginx-version, for example " + d.Example()}
}

// relatives are the dialects that differ from the nginx that they are based on in what is
// reported.
var relatives = parser.SetOf(parser.Angie, parser.Tengine, parser.Plus)

// hints returns what hints at relatives of nginx, in the order of the configurations.
func (w *workspace) hints() []hint {
	var all []hint
	for _, cfg := range w.configs {
		if d := parser.DialectOfMain(path.Base(cfg.Name)); d != parser.Nginx {
			all = append(all, hint{what: "a main file named " + path.Base(cfg.Name), set: parser.SetOf(d), strong: true})
		}
		for _, c := range cfg.Strange() {
			for _, d := range c.Directives {
				if h, ok := hintOf(d); ok {
					all = append(all, h)
				}
			}
		}
		if d := cfg.Combined(); d != nil {
			all = append(all, hint{span: d.NameWord().Span(), what: "a location with several names", set: parser.SetOf(parser.Angie), weak: true})
		}
	}
	return all
}

// hintOf returns what the name of a directive hints at.
func hintOf(d *parser.Directive) (h hint, ok bool) {
	if len(d.Infos()) > 0 {
		return h, false
	}
	h = hint{span: d.NameWord().Span(), what: "the directive " + d.Name(), strong: true}
	for _, info := range parser.RelativeInfos(d.Name()) {
		if info.In == parser.OpenResty { // a module that any of them may have
			return h, false
		}
		h.set |= parser.SetOf(info.In)
		h.strong = h.strong && !info.Module
	}
	h.set &= relatives
	return h, h.set != 0 && h.set != parser.SetOf(parser.Plus)
}
