package lint

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A templateForm is how a language writes a condition and a value, both with a name.
type templateForm struct {
	ending, open, other, end, value string
}

var templateForms = []templateForm{
	{"j2", "{%% if %s %%}", "{%% else %%}", "{%% endif %%}", "{{ %s }}"},
	{"liquid", "{%% unless %s %%}", "{%% else %%}", "{%% endunless %%}", "{{ %s }}"},
	{"tmpl", "{{- if .%s }}", "{{- else }}", "{{- end }}", "{{ .%s }}"},
	{"erb", "<%% if @%s -%%>", "<%% else -%%>", "<%% end -%%>", "<%%= @%s %%>"},
	{"epp", "<%% if $%s { -%%>", "<%% } else { -%%>", "<%% } -%%>", "<%%= $%s %%>"},
	{"mustache", "{{#%s}}", "{{/%[1]s}}{{^%[1]s}}", "{{/%s}}", "{{{%s}}}"},
	{"template", "", "", "", "${%s}"},
	{"yaml", "{{- if .Values.%s }}", "{{- else }}", "{{- end }}", "{{ .Values.%s }}"},
}

// A templater writes a random configuration as a template: some pieces are in arms of
// conditions, some numbers and texts are values.
type templater struct {
	*rand.Rand
	strings.Builder
	templateForm
	names int
}

// name returns a name of a kind. There are three conditions, of which any combination is
// read, and more values.
func (w *templater) name(kind string) string {
	w.names++
	most := 12
	if kind == "on" {
		most = 3
	}
	if w.ending == "template" {
		kind = strings.ToUpper(kind)
	}
	return fmt.Sprintf("v%d_%s", w.names%most, kind)
}

// line writes a line of a tag.
func (w *templater) line(format, name string) {
	if strings.Contains(format, "%s") || strings.Contains(format, "%[1]s") {
		format = fmt.Sprintf(format, name)
	} else {
		format = strings.ReplaceAll(format, "%%", "%")
	}
	w.WriteString(format + "\n")
}

func (w *templater) pieces(pieces []*piece, depth int) {
	for i := 0; i < len(pieces); i++ {
		if depth == 0 || w.open == "" || w.IntN(8) > 0 {
			w.piece(pieces[i], depth)
			continue
		}
		name := w.name("on")
		w.line(w.open, name)
		w.piece(pieces[i], depth)
		if i+1 < len(pieces) && w.IntN(3) == 0 {
			i++
			w.line(w.other, name)
			w.piece(pieces[i], depth)
		}
		w.line(w.end, name)
	}
}

func (w *templater) piece(p *piece, depth int) {
	indent := strings.Repeat("    ", depth)
	w.WriteString(indent + w.text(p.text))
	if !p.block {
		w.WriteString(";\n")
		return
	}
	w.WriteString(" {\n")
	w.pieces(p.pieces, depth+1)
	w.WriteString(indent + "}\n")
}

var (
	lastNumber = regexp.MustCompile(`\b(?:[89]\d{3}|\d+)(s|m|h)?$`)
	lastText   = regexp.MustCompile(`^(proxy_set_header [\w-]+) [\w.$]+$`)
)

// text writes a directive with a value in the place of its last parameter, sometimes.
func (w *templater) text(text string) string {
	switch {
	case w.IntN(4) > 0 || strings.HasPrefix(text, "return"):
	case lastText.MatchString(text):
		return lastText.ReplaceAllString(text, "$1") + fmt.Sprintf(` "`+w.value+`"`, w.name("text"))
	case strings.HasPrefix(text, "proxy_pass http://127"), strings.HasPrefix(text, "proxy_read_timeout"), strings.HasPrefix(text, "listen"):
		if at := lastNumber.FindStringSubmatchIndex(text); at != nil {
			unit := ""
			if at[2] >= 0 {
				unit = text[at[2]:at[3]]
			}
			return text[:at[0]] + fmt.Sprintf(w.value, w.name("port")) + unit
		}
	}
	return text
}

// indented indents what is not a line of a tag.
func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "{{") {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// randomTemplates begins the names of the random templates.
const randomTemplates = "random-"

// randomTemplatesOf returns random configurations as templates of each language.
func randomTemplatesOf(t *testing.T) map[string][]byte {
	t.Helper()
	trees := 12
	if testing.Short() {
		trees = 2
	}
	all := make(map[string][]byte)
	for seed := 0; trees > 0; seed++ {
		s := randomSketch(seed, 18, parser.Version{}, 2)
		if len(s.files) > 1 {
			continue // a template is one file here
		}
		trees--
		for i, form := range templateForms {
			w := templater{Rand: rand.New(rand.NewPCG(uint64(seed), uint64(i))), templateForm: form}
			w.pieces(s.files["nginx.conf"], 0)
			text, name := w.String(), "nginx.conf."+form.ending
			if form.ending == "yaml" {
				text, name = "data:\n  nginx.conf: |\n"+indented(text), "configmap.yaml"
			}
			all[fmt.Sprintf("%s%d/%s", randomTemplates, seed, name)] = []byte(text)
		}
	}
	return all
}
