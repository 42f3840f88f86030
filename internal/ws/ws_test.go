package ws

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// The example of RFC 6455, section 1.3.
func TestAccept(t *testing.T) {
	if got := Accept("dGhlIHNhbXBsZSBub25jZQ=="); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Error(got)
	}
}

func TestRefused(t *testing.T) {
	const key = "dGhlIHNhbXBsZSBub25jZQ=="
	for name, m := range map[string]struct {
		change func(http.Header)
		taken  bool
	}{
		"right":         {func(http.Header) {}, true},
		"lower case":    {func(h http.Header) { h.Set("Upgrade", "WebSocket"); h.Set("Connection", "upgrade") }, true},
		"a list":        {func(h http.Header) { h.Set("Connection", "keep-alive, Upgrade") }, true},
		"two lines":     {func(h http.Header) { h["Connection"] = []string{"keep-alive", "Upgrade"} }, true},
		"no Upgrade":    {func(h http.Header) { h.Del("Upgrade") }, false},
		"no Connection": {func(h http.Header) { h.Del("Connection") }, false},
		"Connection":    {func(h http.Header) { h.Set("Connection", "close") }, false},
		"no key":        {func(h http.Header) { h.Del("Sec-WebSocket-Accept") }, false},
		"another key":   {func(h http.Header) { h.Set("Sec-WebSocket-Accept", Accept("x")) }, false},
	} {
		h := http.Header{}
		h.Set("Upgrade", "websocket")
		h.Set("Connection", "Upgrade")
		h.Set("Sec-WebSocket-Accept", Accept(key))
		m.change(h)
		if err := Refused(h, key); (err == nil) != m.taken {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadFrame(t *testing.T) {
	for name, m := range map[string]struct {
		bytes string
		want  bool
	}{
		"text":               {"\x81\x02hi", true},
		"a part":             {"\x01\x02hi", true},
		"126":                {"\x82\x7e\x00\x7e" + strings.Repeat("x", 126), true},
		"ping":               {"\x89\x00", true},
		"masked":             {"\x81\x82abcdhi", false},
		"a reserved bit":     {"\xc1\x00", false},
		"an unknown kind":    {"\x83\x00", false},
		"a ping in parts":    {"\x09\x00", false},
		"a long ping":        {"\x89\x7e\x00\x7e" + strings.Repeat("x", 126), false},
		"two megabytes":      {"\x82\x7f\x00\x00\x00\x00\x00\x20\x00\x00", false},
		"more than there is": {"\x81\x05hi", false},
		"nothing":            {"", false},
	} {
		if _, err := ReadFrame(strings.NewReader(m.bytes)); (err == nil) != m.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if code, reason := Closed([]byte("\x03\xe9bye")); code != 1001 || reason != "bye" {
		t.Error(code, reason)
	}
	if code, reason := Closed([]byte("\x03\xe9\xff")); code != 1001 || reason != "" {
		t.Error(code, reason)
	}
	if code, _ := Closed(nil); code != 1005 {
		t.Error(code)
	}
}

// A frame is never larger than the input.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("\x81\x02hi"))
	f.Add([]byte("\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x01x"))
	f.Add([]byte("\x89\x00\x88\x02\x03\xe9"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := bytes.NewReader(text)
		for {
			frame, err := ReadFrame(r)
			if err != nil {
				return
			}
			if len(frame.Payload) > len(text) {
				t.Fatalf("%d bytes of %d", len(frame.Payload), len(text))
			}
		}
	})
}
