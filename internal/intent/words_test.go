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
		if got := tell([]string{test.term}, terms(test.name)); got != test.want {
			t.Errorf("terms(%q) has %q: %v, want %v", test.name, test.term, got, test.want)
		}
	}
}

// What is read without a copy is what split finds.
func FuzzTerms(f *testing.F) {
	for _, name := range []string{"", "/news/ws-chat_v2", "WSHandler", "aB", "ABc", "MÜLLERWs", "a.B.c", "uptime-kuma-prod", "x\xffWs"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		words, ends := spelled(name, nil, nil)
		var got []string
		start := 0
		for _, end := range ends {
			got, start = append(got, string(words[start:end])), end
		}
		if want := split(name); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	})
}

func TestWeigh(t *testing.T) {
	if text, n := pathStrong.weigh(terms("my/vncwebsocket")); text != "vncwebsocket" || n != 60 {
		t.Errorf("a word that ends in websocket weighs %d (%q), want 60", n, text)
	}
	if _, n := pathMedium.weigh(terms("events socket chat")); n != 30 {
		t.Errorf("of several words the strongest counts: got %d, want 30", n)
	}
	if n := pathExtension.weight("css"); n >= 0 {
		t.Errorf("css weighs %d", n)
	}
}

// Each kind is asked for by its number in the code; one that is misspelt in the
// table would be silent.
func TestWordLists(t *testing.T) {
	missing := slices.Clone(kindNames[:])
	for _, r := range rows(wordsTable) {
		if !slices.Contains(kindNames[:], r.text("kind")) {
			t.Errorf("the code knows no kind %s", r.text("kind"))
		}
		missing = slices.DeleteFunc(missing, func(name string) bool { return name == r.text("kind") })
	}
	if len(missing) > 0 {
		t.Errorf("words.tsv has no %q", missing)
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

// checkSorted checks that the first fields of a table's lines are sorted, without
// duplicates.
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
