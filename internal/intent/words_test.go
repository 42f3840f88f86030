package intent

import (
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"", ""},
		{"ws", "ws"},
		{"/news/ws-chat_v2", "news ws chat v2"},
		{"chatHub", "chat hub"},
		{"WSHandler", "ws handler"},
		{"webpackHMR", "webpack hmr"},
		{"SignalR", "signal r"},
		{"n8n.example.com", "n8n example com"},
		{"MÜLLERWs", "müller ws"},
		{"/aws/newsletter", "aws newsletter"},
	} {
		if got := strings.Join(split(test.name), " "); got != test.want {
			t.Errorf("split(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestTerms(t *testing.T) {
	for _, test := range []struct {
		name, term string
		want       bool
	}{
		{"socket.io", "socketio", true},
		{"webSocket", "websocket", true},
		{"code-server", "codeserver", true},
		{"open-web-ui", "openwebui", true},
		{"w-s", "ws", false},
		{"websocketed", "websocket", false},
		{"uptime-kuma-prod", "uptimekuma", true},
	} {
		if got := slices.Contains(terms(test.name), test.term); got != test.want {
			t.Errorf("terms(%q) = %q; has %q: want %v", test.name, terms(test.name), test.term, test.want)
		}
	}
}

func TestWeigh(t *testing.T) {
	if term, n := weigh("path-strong", []string{"my", "vncwebsocket"}); term != "vncwebsocket" || n != 60 {
		t.Errorf("a word that ends in websocket weighs %d (%q), want 60", n, term)
	}
	if _, n := weigh("path-medium", []string{"events", "socket", "chat"}); n != 30 {
		t.Errorf("of several words the strongest counts: got %d, want 30", n)
	}
}

// Each kind is asked for by name in the code; one that is misspelt there or
// here would be silent.
func TestWordLists(t *testing.T) {
	kinds := []string{
		"comment", "name-sse", "path-auth", "path-extension", "path-medium", "path-service", "path-static",
		"path-strong", "path-target", "path-unix", "path-wellknown", "port", "port-app", "server", "upstream",
	}
	for _, kind := range kinds {
		if wordLists[kind] == nil {
			t.Errorf("words.tsv has no %s", kind)
		}
	}
	if len(wordLists) != len(kinds) {
		t.Errorf("words.tsv has %d kinds, the code knows %d", len(wordLists), len(kinds))
	}
	checkSorted(t, "words.tsv", wordsTable, 2)
	for _, r := range rows(wordsTable) {
		word := strings.TrimPrefix(r.text("word"), "*")
		if len(split(word)) > 1 || word != strings.ToLower(word) {
			t.Errorf("%s is no word that terms returns", word)
		}
		if r.number("points") == 0 {
			t.Errorf("%s has no points", word)
		}
	}
}

// checkSorted checks that the first fields of a table's lines go up, so that
// none is there twice.
func checkSorted(t *testing.T, name, table string, fields int) {
	t.Helper()
	before := []string(nil)
	for _, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n")[1:] {
		key := strings.Split(line, "\t")[:fields]
		if slices.Compare(before, key) >= 0 {
			t.Errorf("%s: %q must not stand after %q", name, key, before)
		}
		before = key
	}
}
