package kube

import (
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

func read(t *testing.T, text string) *Manifest {
	t.Helper()
	m, err := Read(parser.Foreign("m.yaml", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPlaces reads values in all styles: each place holds the value as it is written, in
// lines with wide characters and CRLF too.
func TestPlaces(t *testing.T) {
	m := read(t, "apiVersion: v1\r\nkind: Ingress\r\nmetadata:\r\n  name: a\r\n  annotations:\r\n    plain: 3600 # seconds\r\n"+
		"    single: 'it''s'\r\n    double: \"a\\\"b\"\r\n    \"größe\": \"ü\" # €\r\n    block: |\r\n      one;\r\n\r\n      two; \r\n    last: x\r\nspec: {}\r\n")
	want := map[string]string{"plain": "3600", "single": "'it''s'", "double": `"a\"b"`, "größe": `"ü"`, "last": "x"}
	for _, e := range m.Objects[0].At("metadata", "annotations").Entries() {
		if text := e.Span().Text(); e.Key() != "block" && text != want[e.Key()] {
			t.Errorf("%s: %q, want %q", e.Key(), text, want[e.Key()])
		}
		if key := strings.Trim(e.KeySpan().Text(), `"`); key != e.Key() {
			t.Errorf("key %q, want %q", key, e.Key())
		}
	}
	block := m.Objects[0].At("metadata", "annotations", "block")
	if lines, ok := block.Lines(); !ok || lines.Text() != "    block: |\r\n      one;\r\n\r\n      two; \r\n" {
		t.Errorf("lines %q", lines.Text())
	}
	text := block.Nginx()
	if len(text.Root.Directives) != 2 || text.In(text.Root.Directives[1].Span()).Text() != "two;" {
		t.Errorf("nginx %q", text.Src)
	}
}

func TestObjects(t *testing.T) {
	m := read(t, "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, namespace: x}}\n---\n---\nkind: Service\nmetadata: {name: b}\n")
	if len(m.Objects) != 2 || m.Objects[0].Name != "a" || m.Objects[0].Group != "networking.k8s.io" || m.Objects[1].Kind != "Service" {
		t.Errorf("%+v", m.Objects)
	}
}

// TestUnreadable says with place what cannot be read, and is bounded.
func TestUnreadable(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"syntax":           {"kind: Ingress\nmetadata: [\n", "3:1: "},
		"duplicate key":    {"kind: Ingress\nmetadata:\n  name: a\n  name: b\n", "4:3: "},
		"tab":              {"kind: Ingress\nmetadata:\n\tname: a\n", "3:1: a tab"},
		"line ends":        {"kind: Ingress\rmetadata: {}\n", "1:14: a line separator"},
		"depth":            {"kind: Ingress\na: " + strings.Repeat("[", 100_000) + "\n", "2:"},
		"depth of blocks":  {"kind: Ingress\n" + strings.Repeat("- ", 100_000) + "a\n", "2:"},
		"unknown alias":    {"kind: Ingress\nmetadata: *nothing\n", "nothing"},
		"unclosed quote":   {"kind: Ingress\nmetadata:\n  name: \"a\n", "found unexpected end"},
		"a key twice, far": {"kind: Ingress\n" + strings.Repeat("x: {y: 1}\n---\n", 50) + "kind: Ingress\nkind: Service\n", "103:1: "},
		"bomb": {"kind: Ingress\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
			"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n", "excessive aliasing"},
	} {
		start := time.Now()
		if _, err := Read(parser.Foreign(name, []byte(test.text))); time.Since(start) > 5*time.Second {
			t.Errorf("%s takes %s", name, time.Since(start))
		} else if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// TestListInItself reads a List whose items are itself, to an end.
func TestListInItself(t *testing.T) {
	m, _ := Read(parser.Foreign("m.yaml", []byte("kind: List\nitems: &a\n"+strings.Repeat("- {kind: List, items: *a}\n", 1000)+"- {kind: Ingress, metadata: {name: a}}\n")))
	if len(m.Objects) != 1 {
		t.Errorf("%d objects", len(m.Objects))
	}
}

// TestOddTexts reads what is unusual and valid: a mark of the byte order, lines that end in
// CRLF, comments and blanks at odd places, anchors, a document without an end.
func TestOddTexts(t *testing.T) {
	for name, text := range map[string]string{
		"mark":     "\ufeffapiVersion: v1\nkind: Ingress\nmetadata: {name: a}\n",
		"crlf":     "apiVersion: v1\r\nkind: Ingress\r\nmetadata:\r\n  name: a\r\n",
		"anchors":  "apiVersion: v1\nkind: Ingress\nmetadata: &m\n  name: &n a\n  x: *n\n",
		"comments": "# c\n---\n# d\napiVersion: v1\n\n\nkind: Ingress # e\nmetadata:\n# f\n  name: a\n...\n# g\n",
		"no end":   "apiVersion: v1\nkind: Ingress\nmetadata:\n  name: a",
		"tags":     "apiVersion: v1\nkind: !!str Ingress\nmetadata: !x {name: a}\n",
	} {
		m, err := Read(parser.Foreign("m.yaml", []byte(text)))
		if err != nil || len(m.Objects) != 1 || m.Objects[0].Kind != "Ingress" || m.Objects[0].Name != "a" {
			t.Errorf("%s: %v %+v", name, err, m.Objects)
			continue
		}
		if at := m.Objects[0].At("metadata", "name").Span(); !strings.Contains(at.Text(), "a") {
			t.Errorf("%s: the name is at %q", name, at.Text())
		}
	}
}

// TestTemplate reads a template of Helm: what tags are part of is not known.
func TestTemplate(t *testing.T) {
	m := read(t, `{{- if .Values.ingress.enabled -}}
{{- $name := include "chart.fullname" . -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ $name }}
  annotations:
    {{- with .Values.ingress.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    nginx.ingress.kubernetes.io/proxy-read-timeout: "1h"
    nginx.ingress.kubernetes.io/proxy-send-timeout: {{ .Values.timeout | quote }}
    nginx.ingress.kubernetes.io/{{ .Values.name }}: "1h"
spec:
  rules:
    {{- range .Values.ingress.hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          {{- range .paths }}
          - path: {{ .path }}
            backend:
              service:
                name: {{ $name }}
          {{- end }}
          - path: /ws
    {{- end }}
{{- end }}
`)
	if len(m.Objects) != 1 || !m.Template() {
		t.Fatalf("%d objects", len(m.Objects))
	}
	all := m.Objects[0].Annotated()
	if len(all) != 1 || all[0].Span().Text() != `"1h"` {
		t.Errorf("%d annotations are known", len(all))
	}
	if paths := m.Objects[0].Paths(); len(paths) != 2 || paths[1] != "/ws" {
		t.Errorf("paths %q", paths)
	}
	if at := m.Objects[0].At("metadata", "name").Span(); !m.Touches(at) {
		t.Errorf("%q is a tag", at.Text())
	}
}

// TestTemplateInBlock reads objects next to a block scalar that begins with tags.
func TestTemplateInBlock(t *testing.T) {
	for _, tag := range []string{"    {{ $all := . }}", "{{- if .Values.on }}", "          {{ $all := . }}\n    {{ $b := 1 }}"} {
		m := read(t, "kind: ConfigMap\ndata:\n  nginx.tmpl: |\n"+tag+"\n    http {\n    }\n  last: x\n"+strings.Repeat("{{ end }}\n", strings.Count(tag, "if")))
		if got := m.Objects[0].At("data", "last").Text(); got != "x" {
			t.Errorf("%s: %q", tag, got)
		}
	}
}

func TestSniff(t *testing.T) {
	for text, want := range map[string]bool{
		"apiVersion: networking.k8s.io/v1\nkind: Ingress\n": true, "apiVersion: v1\nkind: \"Service\"\n": true,
		"apiVersion: v1\nkind: Pod\n": false, "kind: Ingress\n": false, "services:\n  web:\n    image: nginx\n": false,
	} {
		if got := Sniff("a.yaml", []byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestNotString has what sigs.k8s.io/yaml 1.6.0 reads as other than a string.
func TestNotString(t *testing.T) {
	for text, want := range map[string]bool{
		"on": true, "off": true, "yes": true, "n": true, "Y": true, "true": true, "3600": true, "1.5": true, "0x10": true, "1_000": true, "1e3": true, "0o7": true, "-1": true,
		"3600s": false, "2020-01-01": false, "1h": false, "\"3600\"": false, "'on'": false, "1.0.0": false, "round_robin": false, "~": false, "!!str 3600": false,
	} {
		v := read(t, "kind: Ingress\nvalue: "+text+"\n").Objects[0].At("value")
		if got := NotString(v); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// FuzzRead reads any text: every place lies in the file.
func FuzzRead(f *testing.F) {
	f.Add([]byte("apiVersion: v1\nkind: Ingress\nmetadata:\n  annotations:\n    nginx.ingress.kubernetes.io/configuration-snippet: |\n      a b;\n    x: 'y'\n"))
	f.Add([]byte("kind: List\nitems: [{kind: Ingress, metadata: {annotations: {nginx.org/websocket-services: \"a, b\"}}}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, _ := Read(parser.Foreign("m.yaml", text))
		for _, o := range m.Objects {
			for _, a := range o.Annotated() {
				for _, s := range []parser.Span{a.KeySpan(), a.Span()} {
					if s.Start < 0 || s.Start > s.End || s.End > len(text) {
						t.Fatalf("%+v in %d bytes", s, len(text))
					}
				}
				if n := a.Nginx(); n != nil {
					_ = n.In(n.Root.Span).Text()
				}
				_, _ = a.Lines()
			}
			o.Paths()
			o.Backends()
		}
	})
}
