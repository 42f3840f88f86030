package lsp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
)

// Garbage is answered or ignored, and the session goes on.
func TestGarbage(t *testing.T) {
	c := connect(t, testHost())
	if m := c.try("textDocument/hover", struct{}{}); m.Error == nil || m.Error.Code != notInitialized {
		t.Errorf("before initialize: %+v", m.Error)
	}
	dir := write(t, broken)
	c.initialize("", dir)
	c.raw("Content-Length: 5\r\n\r\n{nope")
	c.raw("Content-Length: 2\r\n\r\n[]")
	c.raw("Content-Type: x\r\nContent-Length: 4\r\n\r\nnull")
	c.raw("lines without a colon\r\n\r\nContent-Length: 2\r\n\r\n{}")
	c.raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", maxMessage+1, strings.Repeat("x", maxMessage+1)))
	c.notify("textDocument/didOpen", "not an object")
	c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": "file:///never/opened", "version": 1}, "contentChanges": []any{}})
	c.notify("textDocument/didClose", map[string]any{"textDocument": documentID{"file:///never/opened"}})
	c.notify("textDocument/didOpen", map[string]any{"textDocument": documentItem{"untitled:1", "nginx", 1, "x"}})
	c.notify("unknown/notification", nil)
	c.notify("$/cancelRequest", map[string]any{"id": 99})
	c.send(message{ID: json.RawMessage(`77`), Result: json.RawMessage(`1`)})
	if m := c.try("unknown/request", nil); m.Error == nil || m.Error.Code != methodNotFound {
		t.Errorf("unknown request: %+v", m.Error)
	}
	if m := c.try("textDocument/codeAction", 7); m.Error == nil || m.Error.Code != invalidParams {
		t.Errorf("bad parameters: %+v", m.Error)
	}
	if m := c.try("textDocument/codeAction", map[string]any{"textDocument": documentID{"file:///never/opened"}}); string(m.Result) != "[]" {
		t.Errorf("a document that is not open: %+v", m)
	}
	if m := c.try("initialize", struct{}{}); m.Error == nil {
		t.Error("initialized twice")
	}
	c.wait("an answer to the long message", func() bool { return strings.Contains(strings.Join(c.logs, "\n"), "skipped") })
	if err := c.end(); err != nil {
		t.Error(err)
	}
}

// Input that is no session ends it with an error.
func TestEnds(t *testing.T) {
	for name, input := range map[string]string{
		"nothing":        "",
		"cut off":        "Content-Length: 10\r\n\r\n{}",
		"huge":           "Content-Length: 99999999999\r\n\r\n{}",
		"not a number":   "Content-Length: x\r\n\r\n{}",
		"negative":       "Content-Length: -1\r\n\r\n{}",
		"no header":      strings.Repeat("x", 1<<20),
		"endless header": strings.Repeat("a: b\r\n", 1<<20),
	} {
		var out bytes.Buffer
		if err := Serve(strings.NewReader(input), &out, testHost()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A panic ends one request, is logged and does not end the server.
func TestPanic(t *testing.T) {
	requests["test/panic"] = func(*server, context.Context, json.RawMessage) (any, error) { panic("on purpose") }
	defer delete(requests, "test/panic")
	c := start(t, testHost(), "")
	if m := c.try("test/panic", nil); m.Error == nil || m.Error.Code != internalFailure {
		t.Errorf("%+v", m.Error)
	}
	c.wait("the log", func() bool { return strings.Contains(strings.Join(c.logs, "\n"), "on purpose") })
	if err := c.end(); err != nil {
		t.Error(err)
	}
}

// A cancelled request is answered, and waits for nothing.
func TestCancel(t *testing.T) {
	begun := make(chan struct{})
	requests["test/wait"] = func(_ *server, ctx context.Context, _ json.RawMessage) (any, error) {
		close(begun)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	defer delete(requests, "test/wait")
	c := start(t, testHost(), "")
	id, response := c.begin("test/wait", nil)
	<-begun
	c.notify("$/cancelRequest", map[string]any{"id": id})
	if m := <-response; m.Error == nil || m.Error.Code != requestCancelled {
		t.Errorf("%+v", m)
	}
	c.end()
}

// The diagnostics after many changes in a row are those of the last one.
func TestManyChanges(t *testing.T) {
	dir := write(t, broken)
	c := start(t, testHost(), "", dir)
	uri := c.open(filepath.Join(dir, "conf.d", "app.conf"))
	before := runtime.NumGoroutine()
	line := position{5, 0}
	const text = "        proxy_set_header Connection upgrade;\n"
	for i := range 1000 {
		if i%2 == 0 {
			c.change(uri, i+2, &span{line, line}, text)
		} else {
			c.change(uri, i+2, &span{line, position{6, 0}}, "")
		}
		if i%100 == 0 {
			c.begin("textDocument/codeAction", map[string]any{"textDocument": documentID{uri}, "range": span{}})
		}
	}
	if list := c.diagnostics(uri, 1001); codes(list) != "missing-upgrade-headers" {
		t.Errorf("%+v", list)
	}
	if after := runtime.NumGoroutine(); after > before+20 {
		t.Errorf("%d goroutines, before %d", after, before)
	}
	if err := c.end(); err != nil {
		t.Error(err)
	}
}

// Positions survive the way to an offset and back, in both encodings.
func TestPositions(t *testing.T) {
	src := []byte("a😀b\r\nä\n\nx\xffy\n😀")
	for _, utf8 := range []bool{false, true} {
		text := newText(src, utf8)
		for offset := 0; offset <= len(src); offset++ {
			p := text.position(offset)
			if back := text.offset(p); utf8 && back > offset || !utf8 && back > offset {
				t.Errorf("utf8 %v: %d -> %+v -> %d", utf8, offset, p, back)
			}
		}
	}
	wide := newText(src, false)
	if p := wide.position(5); p != (position{0, 3}) {
		t.Errorf("after the wide character: %+v", p)
	}
	for p, want := range map[position]int{{0, 2}: 1, {0, 3}: 5, {0, 99}: 6, {1, 1}: 10, {9, 0}: len(src), {-1, 0}: 0, {3, 2}: 14} {
		if got := wide.offset(p); got != want {
			t.Errorf("%+v: %d, want %d", p, got, want)
		}
	}
}

// FuzzRead reads any input as messages: reading ends, and what was written is read.
func FuzzRead(f *testing.F) {
	f.Add([]byte("Content-Length: 2\r\n\r\n{}"))
	f.Add([]byte("Content-Length: 99999999999999999999\r\n\r\n{}"))
	f.Add([]byte("\r\n\r\ncontent-length:3\n\nabc"))
	f.Fuzz(func(t *testing.T, input []byte) {
		r := bufio.NewReader(bytes.NewReader(input))
		read := 0
		for {
			content, err := readMessage(r)
			if err != nil {
				break
			}
			if read += len(content); read > len(input) {
				t.Fatal("more was read than there is")
			}
		}
		var out bytes.Buffer
		writeMessage(&out, input)
		if back, err := readMessage(bufio.NewReader(&out)); err != nil || !bytes.Equal(back, input) {
			t.Fatalf("%q, %v", back, err)
		}
	})
}

// FuzzChange applies a change of a document as a slow implementation does.
func FuzzChange(f *testing.F) {
	f.Add("a😀b\nc", 0, 1, 1, 0, "x")
	f.Fuzz(func(t *testing.T, src string, line, char, endLine, endChar int, more string) {
		src, more = strings.ToValidUTF8(src, "?"), strings.ToValidUTF8(more, "?")
		d := &document{src: []byte(src)}
		d.apply(contentChange{&span{position{line, char}, position{endLine, endChar}}, more}, false)
		from, to := slowOffset(src, line, char), slowOffset(src, endLine, endChar)
		if from > to {
			from, to = to, from
		}
		if want := src[:from] + more + src[to:]; string(d.src) != want {
			t.Fatalf("%q, want %q", d.src, want)
		}
	})
}

// slowOffset finds an offset by counting units.
func slowOffset(src string, line, char int) int {
	if line < 0 {
		return 0
	}
	start := 0
	for ; line > 0; line-- {
		i := strings.IndexByte(src[start:], '\n')
		if i < 0 {
			return len(src)
		}
		start += i + 1
	}
	text, _, more := strings.Cut(src[start:], "\n")
	if more {
		text = strings.TrimSuffix(text, "\r")
	}
	units := 0
	for i, r := range text {
		if units += len(utf16.Encode([]rune{r})); units > char {
			return start + i
		}
	}
	return start + len(text)
}
