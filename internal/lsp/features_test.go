package lsp

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// rich is a tree with something of everything that can be asked about. Places are
// marked with «»; the marks are not part of the files.
var rich = map[string]string{
	"nginx.conf": `events {}
http {
    log_format «F»main '$remote_addr';
    access_log /var/log/x «f»main;
    map $http_upgrade $connection_«V»upgrade {
        default upgrade;
        ''      close;
    }
    proxy_set_header Host $host;
    upstream «U»app { server 127.0.0.1:3000; }
    include «I»conf.d/app.conf;
}
`,
	"conf.d/app.conf": `server {
    listen 80;
    «L»location /ws/ {
        «P»proxy_pass http://«u»app;
        «H»proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_«v»upgrade;
        proxy_set_header Host $host;
        proxy_read_timeout 1h;
    }
    location / {
        try_files $uri «n»@fallback;
    }
    location «N»@fallback {
        proxy_pass http://app;
        «c»
    }
}
`,
}

// A tour is an open session with a rich tree.
type tour struct {
	*client
	uri map[string]string   // by file
	at  map[string]location // the marked places
}

func newTour(t *testing.T, capabilities string) *tour {
	files, at := make(map[string]string), make(map[string]location)
	for name, text := range rich {
		for {
			before, rest, more := strings.Cut(text, "«")
			if !more {
				break
			}
			mark, after, _ := strings.Cut(rest, "»")
			text = before + after
			at[mark] = location{URI: name, Range: newText([]byte(text), false).span(len(before), len(before))}
		}
		files[name] = text
	}
	dir := write(t, files)
	tr := &tour{start(t, testHost(), capabilities, dir), make(map[string]string), at}
	for name := range files {
		tr.uri[name] = tr.open(filepath.Join(dir, filepath.FromSlash(name)))
	}
	for mark, place := range at {
		place.URI = tr.uri[place.URI]
		at[mark] = place
	}
	return tr
}

// ask sends a request about a marked place.
func (tr *tour) ask(method, mark string, result any) string {
	tr.t.Helper()
	place := tr.at[mark]
	content := tr.request("textDocument/"+method, map[string]any{
		"textDocument": documentID{place.URI}, "position": place.Range.Start, "context": map[string]any{"includeDeclaration": true},
	})
	if err := json.Unmarshal(content, result); err != nil {
		tr.t.Fatal(err)
	}
	return string(content)
}

func TestHover(t *testing.T) {
	tr := newTour(t, "")
	for mark, want := range map[string][]string{
		"L": {"handshake  passes", "Connection: upgrade", "A plain request is sent as HTTP/1.1", "Connection: close", "timeout    1h"},
		"H": {"`proxy_http_version` accepts 1 parameter, in http, server, location", "from location (line 5)", "The default is 1.0 before nginx 1.29.7"},
		"P": {"`proxy_pass` accepts 1 parameter"},
		"v": {"`$connection_upgrade` is set in nginx.conf:5", "''      close;"},
		"u": {"upstream app { server 127.0.0.1:3000; }"},
	} {
		var h hover
		tr.ask("hover", mark, &h)
		for _, text := range want {
			if !strings.Contains(h.Contents.Value, text) {
				t.Errorf("%s: no %q in\n%s", mark, text, h.Contents.Value)
			}
		}
	}
	tr.end()
}

func TestNavigation(t *testing.T) {
	tr := newTour(t, "")
	for use, definition := range map[string]string{"v": "V", "u": "U", "n": "N", "f": "F"} {
		var places []location
		got := tr.ask("definition", use, &places)
		want := tr.at[definition]
		if len(places) != 1 || places[0].URI != want.URI || places[0].Range.Start.Line != want.Range.Start.Line {
			t.Errorf("definition of %s: %s, want %+v", use, got, want)
		}
		count := map[string]int{"v": 2, "u": 3, "n": 2, "f": 2}[use]
		if tr.ask("references", definition, &places); len(places) != count {
			t.Errorf("references of %s: %+v", definition, places)
		}
	}
	var places []location
	if tr.ask("definition", "I", &places); len(places) != 1 || places[0].URI != tr.uri["conf.d/app.conf"] {
		t.Errorf("the include leads to %+v", places)
	}
	var all []documentLink
	if got := tr.ask("documentLink", "I", &all); len(all) != 1 || all[0].Target != tr.uri["conf.d/app.conf"] {
		t.Errorf("links: %s", got)
	}
	var outline []documentSymbol
	if got := tr.ask("documentSymbol", "L", &outline); len(outline) != 1 || outline[0].Name != "server 80" || len(outline[0].Children) != 3 {
		t.Errorf("outline: %s", got)
	}
	tr.end()
}

func TestCompletion(t *testing.T) {
	tr := newTour(t, "")
	uri, line := tr.uri["conf.d/app.conf"], tr.at["c"].Range.Start.Line
	version := 1
	for typed, want := range map[string][]string{
		"":                      {"websocket", "proxy_read_timeout 1 parameter", "!upstream", "!server_name at"},
		"proxy_pass ":           {"http://app"},
		"proxy_set_header A $c": {"$connection_upgrade defined", "$content_type"},
		"set $x \"${c":          {"${connection_upgrade}"},
		"error_page 404 = @":    {"@fallback"},
		"# proxy":               {"!"},
	} {
		version++
		tr.change(uri, version, &span{position{line, 0}, position{line, 99}}, typed)
		var items []completionItem
		at := position{line, len(typed)}
		if err := json.Unmarshal(tr.request("textDocument/completion", map[string]any{"textDocument": documentID{uri}, "position": at}), &items); err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, i := range items {
			list = append(list, i.Label+" "+i.Detail)
		}
		got := "\n" + strings.Join(list, "\n")
		for _, w := range want {
			if name, not := strings.CutPrefix(w, "!"); strings.Contains(got, "\n"+name) == not && (name != "" || len(items) > 0) {
				t.Errorf("%q: %q in %d items, not wanted: %v", typed, w, len(items), not)
			}
		}
		if typed == "" && !strings.Contains(items[0].Insert, "Connection $connection_upgrade;") {
			t.Errorf("the lines for WebSockets: %q", items[0].Insert)
		}
	}
	tr.end()
}

// Code lenses are on and inlay hints are off, unless the settings say otherwise.
func TestLensesAndHints(t *testing.T) {
	tr := newTour(t, `{"workspace": {"configuration": false}}`)
	var lenses []codeLens
	if got := tr.ask("codeLens", "L", &lenses); len(lenses) == 0 || lenses[0].Command.Title != "WebSocket: passes" {
		t.Errorf("%s", got)
	}
	var hints []inlayHint
	if tr.ask("inlayHint", "L", &hints); len(hints) != 0 {
		t.Errorf("%+v", hints)
	}
	tr.notify("workspace/didChangeConfiguration", map[string]any{"settings": map[string]any{section: map[string]any{"inlayHints": true, "codeLens": false}}})
	if got := tr.ask("inlayHint", "L", &hints); len(hints) != 1 || hints[0].Label != "inherits Host from http" {
		t.Errorf("%s", got)
	}
	if tr.ask("codeLens", "L", &lenses); len(lenses) != 0 {
		t.Errorf("%+v", lenses)
	}
	tr.end()
}

// Settings of the editor are asked for, and what they select is checked.
func TestSettings(t *testing.T) {
	dir := write(t, broken)
	c := connect(t, testHost())
	c.answer = func(m message) any {
		if m.Method == "workspace/configuration" {
			return []any{map[string]any{"select": []string{"short-read-timeout"}}}
		}
		return nil
	}
	c.initialize(`{"workspace": {"configuration": true, "didChangeWatchedFiles": {"dynamicRegistration": true}}}`, dir)
	uri := c.open(filepath.Join(dir, "conf.d", "app.conf"))
	c.wait("no findings", func() bool { p, ok := c.published[uri]; return ok && len(p.Diagnostics) == 0 })
	c.wait("a registration", func() bool {
		for _, m := range c.asked {
			if m.Method == "client/registerCapability" && strings.Contains(string(m.Params), "didChangeWatchedFiles") {
				return true
			}
		}
		return false
	})
	c.end()
}

// A client that pulls gets the diagnostics of open documents when it asks.
func TestPull(t *testing.T) {
	dir := write(t, broken)
	c := start(t, testHost(), `{"workspace": {"diagnostics": {"refreshSupport": true}}, "textDocument": {"diagnostic": {}}}`, dir)
	app := filepath.Join(dir, "conf.d", "app.conf")
	c.wait("the file while it is not open", func() bool { return len(c.published[uriOf(app)].Diagnostics) == 1 })
	uri := c.open(app)
	var r documentReport
	pull := func(id string) {
		r = documentReport{}
		json.Unmarshal(c.request("textDocument/diagnostic", map[string]any{"textDocument": documentID{uri}, "previousResultId": id}), &r)
	}
	if pull(""); r.Kind != "full" || codes(*r.Items) != "missing-upgrade-headers" {
		t.Errorf("%+v", r)
	}
	if pull(r.ResultID); r.Kind != "unchanged" || r.Items != nil {
		t.Errorf("%+v", r)
	}
	c.wait("nothing is pushed twice", func() bool { return len(c.published[uri].Diagnostics) == 0 })
	c.end()
}
