package source

import (
	"path"
	"regexp"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// A Language is a kind of template.
type Language int

const (
	Plain    Language = iota
	Jinja             // Jinja2 and Liquid: {{ }} {% %} {# #}
	Go                // Go's text/template, Helm, sigil: {{ }} {{- -}}
	Mustache          // Mustache, Handlebars, placeholders of panels: {{x}}
	ERB               // Ruby: <% %>
	EPP               // Puppet: <% %>
	Envsubst          // ${X} and $X
	HCL               // Terraform: ${ } and %{ }
	Panel             // placeholders: __X__ %%X%% @X@
)

// String returns the name that messages use.
func (l Language) String() string {
	return [...]string{"plain", "Jinja", "Go", "Mustache", "ERB", "EPP", "envsubst", "Terraform", "placeholders"}[l]
}

// ansible are the endings of the templates that are Ansible's in all likelihood: it
// removes the newline after a tag (trim_blocks).
const ansible = ".j2"

// byEnding are the languages that the ending of a name says. Content decides between
// languages that share an ending.
var byEnding = map[string][]Language{
	".j2": {Jinja}, ".jinja": {Jinja}, ".jinja2": {Jinja}, ".liquid": {Jinja}, ".tera": {Jinja},
	".erb": {ERB}, ".epp": {EPP}, ".tmpl": {Go, Jinja, Envsubst}, ".gotmpl": {Go}, ".gtpl": {Go}, ".ctmpl": {Go}, ".sigil": {Go},
	".mustache": {Mustache}, ".hbs": {Mustache}, ".tftpl": {HCL},
	".tpl": {Jinja, Go, ERB, HCL, Mustache, Envsubst, Panel}, ".template": {Jinja, Go, ERB, Mustache, Envsubst, Panel},
	".envsubst": {Envsubst}, ".in": {Panel}, ".dist": {Panel, Envsubst},
}

// marks show that a text is in a language.
var marks = [...]func() *regexp.Regexp{
	Jinja:    lazyregexp.New(`\{%[-+]?\s*[a-z]|\{#`),
	Go:       lazyregexp.New(`\{\{-?\s*(?:/\*|[$.]|(?:if|range|with|end|else|define|template|block|include|getv|exists|json|env|key)\b)`),
	Mustache: lazyregexp.New(`\{\{`),
	ERB:      lazyregexp.New(`<%`),
	EPP:      lazyregexp.New(`<%-?\s*\||<%[-=]?\s*(?:\}|\$\w|.*\{\s*-?%>)`),
	Envsubst: variable,
	HCL:      lazyregexp.New(`%\{|\$\{`),
	Panel:    placeholder,
}

// AnyBraces are the languages of texts that nginx cannot read because of their tags, in
// the order in which they are looked for.
var AnyBraces = []Language{Jinja, EPP, ERB, Go, Mustache, Panel}

// detect returns the language of a text: one of those given, or, if there are none, of
// those that the name allows.
func detect(name string, src []byte, among []Language) Language {
	if len(among) == 0 {
		languages, _ := named(name)
		among = append(append(among, languages...), AnyBraces...)
	}
	for _, l := range among {
		if marks[l]().Match(src) {
			return l
		}
	}
	return Plain
}

// named returns the languages that a name allows. The ending before that of nginx
// counts as well, as in server.tpl.conf.
func named(name string) ([]Language, bool) {
	base := strings.ToLower(path.Base(name))
	ending := path.Ext(base)
	if l, ok := byEnding[ending]; ok {
		return l, true
	}
	l, ok := byEnding[path.Ext(strings.TrimSuffix(base, ending))]
	return l, ok
}

// Named reports whether a name is that of a template.
func Named(name string) bool {
	_, ok := named(name)
	return ok
}
