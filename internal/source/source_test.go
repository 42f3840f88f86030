package source

import (
	"strings"
	"testing"
)

// shown is a rendering with holes as <expression>.
func shown(m *Mask) string {
	var b strings.Builder
	from := 0
	for _, h := range m.Holes {
		b.Write(m.Present(from, h.Start))
		b.WriteString("<" + h.Expression + ">")
		from = h.End
	}
	b.Write(m.Present(from, len(m.Text)))
	return b.String()
}

func only(name string) Choice { return Choice{truths: map[string]bool{name: true}} }

// TestRender: what the engines make of tags, as ../../docs/templates.md says.
func TestRender(t *testing.T) {
	for _, c := range []struct{ name, src, holds, want string }{
		{"a.j2", "a {{ x | default('}}') }};", "", "a <x | default('}}')>;"},
		{"a.j2", "{% if a %}\nx;\n{% elif b %}\ny;\n{% else %}\nz;\n{% endif %}\n", "b", "y;\n"},
		{"a.j2", "{% if not a %}\nx;\n{% endif %}\n", "", "x;\n"},
		{"a.jinja", "{% if a %}\nx;\n{% endif %}\n", "a", "\nx;\n\n"},
		{"a.j2", "# {# why #}\nx;", "", "# x;"},
		{"a.j2", "# {# why #} \nx;", "", "#  \nx;"},
		{"a.j2", "x{%- if a -%}  y  {%- endif %} z;", "a", "xy z;"},
		{"a.j2", "{% raw %}{{ x }}{% endraw %} {{ y }};", "", "{{ x }} <y>;"},
		{"a.j2", "{% macro m() %}x;{% endmacro %}y;{{ m() }}", "", "y;<m()>"},
		{"a.j2", "{% set x %}x;{% endset %}{% set y = 1 %}y;", "", "y;"},
		{"a.j2", "{% for x in xs %}{{ x }};{% endfor %}", "for x in xs", "<x>;"},
		{"a.j2", "#jinja2: trim_blocks: False, variable_start_string: '[%', variable_end_string: '%]'\n{% if a %}\n[% x %];{% endif %}", "a", "\n<[% x %]>;"},
		{"a.liquid", "{% case x %}{% when 1 %}a;{% when 2 %}b;{% endcase %}", "x = 2", "b;"},
		{"a.liquid", "{% unless x %}a;{% else %}b;{% endunless %}", "", "a;"},
		{"a.tmpl", "{{- if .A }} a; {{- else if .B }} b; {{- end }}", ".B", " b;"},
		{"a.tmpl", "{{/* {{ x }} */}}{{ $x := 1 }}a {{ \"}}\" }};", "", "a <\"}}\">;"},
		{"a.tmpl", "{{ define \"t\" }}x;{{ end }}{{ range .Xs }}{{ . }};{{ end }}", "range .Xs", "<.>;"},
		{"a.erb", "<%- if @a -%>\nx;\n<%- end -%>\n<%= @b %>;", "@a", "x;\n<@b>;"},
		{"a.erb", "<% unless @a %>x;<% end %><% @b.each do |c| %><%= c %>;<% end %>", "", "x;"},
		{"a.erb", "<% if @a then @b = 1 end %><% @c = 1 if @d %>x <%% y;<%# z %>", "", "x <% y;"},
		{"a.epp", "<%- | String $a | -%>\n<% if $b { %>x;<% } else { %>y;<% } %><%= $c %>;", "", "y;<c>;"},
		{"a.template", "listen ${PORT}; Host $host $NAME;", "", "listen <PORT>; Host $host <NAME>;"},
		{"a.tftpl", "a ${f(\"}\")} $${x} %{ if b }c;%{ endif }", "b", "a <f(\"}\")> ${x} c;"},
		{"a.hbs", "{{#if a}}x;{{else}}y;{{/if}}{{^b}}z;{{/b}}{{! c }}{{{d}}};", "", "y;z;<d>;"},
		{"a.in", "listen @PORT@; root __DIR__; user %%USER%%;", "", "listen <@PORT@>; root <__DIR__>; user <USER>;"},
	} {
		text := Read(c.name, []byte(c.src))
		if text == nil {
			t.Errorf("%s: %q is no template", c.name, c.src)
			continue
		}
		if got := shown(text.Render(only(c.holds))); got != c.want {
			t.Errorf("%s: %q\n got %q\nwant %q", c.name, c.src, got, c.want)
		}
	}
}

// TestReadHost: what a host contains, with everything around it masked.
func TestReadHost(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a.yaml", "a: 1\nb: |\n  server {\n  }\nc: 2\n", "  server {\n  }\n"},
		{"a.yaml", "- |\n server {\n\n }\n- x\n", " server {\n\n }\n"},
		{"a.yaml", "- copy:\n    content: |2-\n       server {\n      }\n    dest: x\n", "       server {\n      }\n"},
		{"a.yaml", "a: |\n  server {\n{{- if .X }}\n  listen 1;\n{{- end }}\n  }\nb: c\n", "  server {\n  listen 1;\n  }\n"},
		{"a.yaml", "a: >\n  server {\n  }\n", "  server {\n  }\n"},
		{"a.yaml", "a: >-\n  server {\n  # x\n  y;\n   z;\n  '#' a#b;\n  c; }\n", "  server {\n  # x\n\n   z;\n  '#' a#b;\n  c; }\n"},
		{"a.yaml", "a: >\n  server {\n    {{ if .X }}\n    {{ end }}\n  }\n", ""},
		{"a.nix", "x = ''\n  server {\n   a $host ''${b} $${c} ${d.\"}\"} ''' ;\n  }\n''; y = \"''\"; # ''\nz = ''q'';", "\n  server {\n   a $host ${b} $${c} <d.\"}\"> '' ;\n  }\n"},
		{"a.nix", "x = \"${''server {''}\";", ""},
		{"a.yaml", "a: |\n  text\n", ""},
		{"a.yaml", "nginx.ingress.kubernetes.io/configuration-snippet: |\n  location / { }\n", ""},
		{"a.yaml", "nginx.ingress.kubernetes.io/server-snippet: |\n  location / { }\n", "  location / { }\n"},
		{"Dockerfile", "RUN <<'E'\nserver {\n  x $a \\.;\n}\nE\nRUN x\n", "server {\n  x $a \\.;\n}\n"},
		{"Dockerfile", "COPY <<E /x\nserver {\n  x \\$a $b \\.;\n}\nE\n", "server {\n  x $a <b> .;\n}\n"},
		{"a.sh", "cat <<-E >x\n\tserver {\n\tx \\$a ${b} \\.;\n}\n\tE\n", "\tserver {\n\tx $a <b> \\.;\n}\n"},
		{"a.sh", "# cat <<E\nserver {\n}\nE\ncat <<<E\n", ""},
	} {
		text, got := ReadHost(c.name, []byte(c.src)), ""
		if text != nil {
			got = shown(text.Render(All))
		}
		if got != c.want {
			t.Errorf("%s: %q\n got %q\nwant %q", c.name, c.src, got, c.want)
		}
	}
}

// TestUnbalanced: each mistake is at its tag.
func TestUnbalanced(t *testing.T) {
	for src, want := range map[string]string{
		"a;\n{% if a %}b;":                       "{% if a %}: the region that this tag opens is never closed",
		"a;\n{% endif %}":                        "{% endif %}: this tag belongs to nothing: no region is open",
		"{% for a in b %}{% endif %}":            "{% endif %}: this tag does not close the region that is open",
		"{% if a %}{% endif %}x {{ y ;":          "{{ y ;: the tag that begins with {{ is never closed",
		"{% raw %} {% if %}":                     "{% raw %}: the raw block is never closed",
		"{% if a %}{% elif b %}x;{% endif %}ok;": "",
	} {
		text, got := Read("a.j2", []byte(src)), ""
		if len(text.Errs) > 0 {
			e := text.Errs[0]
			got = src[e.Start:e.End] + ": " + e.Message
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", src, got, want)
		}
	}
}

// TestChoices: with few conditions, any three are true and false in each combination,
// and an arm that needs many has a rendering.
func TestChoices(t *testing.T) {
	text := Read("a.j2", []byte("{% if a %}{% endif %}{% if b %}{% endif %}{% if c %}{% endif %}{% if d %}{% endif %}{% if e %}{% if not f %}{% if g %}x;{% endif %}{% endif %}{% endif %}"))
	choices := Choices([]*Text{text}, 64)
	for bits := range 8 {
		found := false
		for _, c := range choices {
			found = found || c.Holds("a") == (bits&1 > 0) && c.Holds("c") == (bits&2 > 0) && c.Holds("d") == (bits&4 > 0)
		}
		if !found {
			t.Errorf("no rendering for combination %03b", bits)
		}
	}
	found := false
	for _, c := range choices {
		found = found || c.Holds("e") && !c.Holds("f") && c.Holds("g")
	}
	if !found {
		t.Error("no rendering has x")
	}
}

// FuzzRead: a mask is as long as its text, and what it has outside holes is the text.
func FuzzRead(f *testing.F) {
	names := []string{"a.j2", "a.jinja", "a.tmpl", "a.erb", "a.epp", "a.tftpl", "a.hbs", "a.template", "a.in", "a.yaml", "a.sh", "a.nix", "Dockerfile"}
	for _, src := range []string{"{% if a %}{{ b }}{% endif %}", "{{- if .a -}} x {{ end }}", "<%- if a -%>\nb<% end %>", "#jinja2: block_start_string: '['\n", "${A}%{ if b }%{ endif }", "{{#a}}{{/a}}", "__A__@B@", "a: |\n server {\n }\nb: |\n {{ c }}\n http {\n}", "COPY <<E\nserver {\n $a\n}\nE\n", "{% raw %}{% endraw %}"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, name := range names {
			text := Read(name, []byte(src))
			if Hosts(name) {
				text = ReadHost(name, []byte(src))
			}
			if text == nil {
				continue
			}
			for _, c := range Choices([]*Text{text}, 8) {
				m := text.Render(c)
				if len(m.Text) != len(src) {
					t.Fatalf("%s: the mask has %d bytes of %d", name, len(m.Text), len(src))
				}
				at := 0
				for _, h := range append(m.Holes, Hole{len(src), len(src), ""}) {
					if h.Start < at || h.End < h.Start {
						t.Fatalf("%s: hole %d-%d after %d", name, h.Start, h.End, at)
					}
					for ; at < h.Start; at++ {
						if m.Text[at] != Nothing && m.Text[at] != src[at] {
							t.Fatalf("%s: byte %d is %q", name, at, m.Text[at])
						}
					}
					at = h.End
				}
			}
			for _, e := range text.Errs {
				if e.Start < 0 || e.End < e.Start || e.End > len(src) {
					t.Fatalf("%s: error at %d-%d", name, e.Start, e.End)
				}
			}
		}
	})
}
