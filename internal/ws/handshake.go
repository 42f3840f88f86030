// Package ws is the client's side of RFC 6455: the request and the required answer of
// a handshake, and frames. The probe and the tests share it.
package ws

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// NewKey returns a fresh Sec-WebSocket-Key.
func NewKey() string {
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // it never fails
	return base64.StdEncoding.EncodeToString(nonce[:])
}

// Accept returns the required Sec-WebSocket-Accept for a key (RFC 6455, section
// 4.2.2).
func Accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Refused says why browsers refuse a 101 with these headers as the answer to a
// handshake with a key (RFC 6455, section 4.1), or returns nil.
func Refused(h http.Header, key string) error {
	switch {
	case h.Get("Sec-WebSocket-Accept") != Accept(key):
		return fmt.Errorf("101 with Sec-WebSocket-Accept %q, want %q", h.Get("Sec-WebSocket-Accept"), Accept(key))
	case !strings.EqualFold(h.Get("Upgrade"), "websocket"):
		return fmt.Errorf("101 with Upgrade %q", h.Get("Upgrade"))
	case !HasToken(h["Connection"], "upgrade"):
		return fmt.Errorf("101 with Connection %q", h.Get("Connection"))
	}
	return nil
}

// HasToken reports whether a header's lines list a token, ignoring case.
func HasToken(lines []string, token string) bool {
	for _, t := range strings.Split(strings.Join(lines, ","), ",") {
		if strings.EqualFold(strings.Trim(t, " \t"), token) {
			return true
		}
	}
	return false
}

// A Field is a header line, as written.
type Field struct{ Name, Value string }

// WriteRequest writes the head of a GET. Host comes first, as in browsers.
func WriteRequest(w io.Writer, uri, proto, host string, fields []Field) error {
	var b strings.Builder
	fmt.Fprintf(&b, "GET %s %s\r\nHost: %s\r\n", uri, proto, host)
	for _, f := range fields {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	b.WriteString("\r\n")
	_, err := io.WriteString(w, b.String())
	return err
}
