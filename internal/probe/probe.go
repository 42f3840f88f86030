// Package probe does handshakes with a WebSocket server as browsers do, and sends
// requests that distinguish the causes of a failure. The rows of a table (see Rows)
// judge the answers, together with the configuration if there is one: each row names
// a cause with its evidence.
//
// It sends nothing else: a limited number of requests to the two URLs, and it does
// not follow redirects. The answers are hostile: reading them is limited in size and
// time, and reports must escape them.
package probe

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// Limits on the options.
const (
	MaxTries = 20
	MaxHold  = time.Hour
)

// Options say which requests are sent, and how.
type Options struct {
	URL          *url.URL // ws or wss
	Direct       *url.URL // the application itself, or nil
	Fields       []ws.Field
	Origin       string        // that of a page on URL's host unless set; "none" for no Origin at all
	Subprotocols []string      // that the client requests
	Send         string        // a text message to send; we wait for an answer
	Timeout      time.Duration // for all requests; Hold is added
	Tries        int           // number of equal handshakes
	Hold         time.Duration // how long one connection is kept idle; 0: not at all

	Insecure bool
	Roots    *x509.CertPool                          // nil: the system's
	Resolve  map[string]string                       // host:port to an address, as curl's --resolve
	Proxy    func(target *url.URL) (*url.URL, error) // nil: none
}

// A Kind is a kind of request.
type Kind string

const (
	Handshake Kind = "handshake" // as Chrome does
	Plain     Kind = "plain"     // a GET of the same URL
	Slash     Kind = "slash"     // the handshake, with the path's trailing slash removed or added
	Firefox   Kind = "firefox"   // the handshake, with Connection: keep-alive, Upgrade
	NoOrigin  Kind = "no-origin" // the handshake, as programs other than browsers send it
	ALPN      Kind = "alpn"      // only TLS, with h2 offered as well
	Again     Kind = "again"     // the handshake, once more
	Session   Kind = "session"   // Engine.IO: a session by polling, then its upgrade
	Hold      Kind = "hold"      // the handshake, and then nothing
)

// An Answer is one request and its result.
type Answer struct {
	Kind   Kind
	Asked  string // in words
	URI    string
	Origin string // "" if none was sent

	Failure *Failure // why there is no answer; nil if there is one
	Status  int
	Proto   string // HTTP/1.1
	Header  http.Header
	Body    string          // of an answer other than 101: its beginning
	Raw     string          // the beginning of an answer that is not HTTP
	Problem string          // why browsers refuse a 101
	Alive   string          // how the connection showed that it carries data: "pong", "message", "echo"; "" if it did not
	End     *End            // how the connection ended; nil if we ended it
	Pings   []time.Duration // from the server, while held: when
	Held    time.Duration   // how long it was kept idle

	Address string // the address that we were connected to
	TLS     *TLS
	Connect time.Duration // until the connection, with TLS, was established
	First   time.Duration // from the request to the head of the answer
}

// A TLS is the negotiated TLS connection.
type TLS struct{ Version, ALPN, Subject, Issuer string }

// An End is how the other side ended a WebSocket.
type End struct {
	After  time.Duration // since the last data
	How    string        // "close", "fin", "reset", "silence", "garbage"
	Code   int           // of close
	Reason string        // of close
}

// OK reports whether a browser would accept the exchange.
func (a *Answer) OK() bool {
	return a != nil && a.Failure == nil && a.Status == 101 && a.Problem == "" && a.Alive != "" && a.End == nil
}

// Switched reports whether there is a 101 that a browser accepts, whatever happened
// afterwards.
func (a *Answer) Switched() bool {
	return a != nil && a.Failure == nil && a.Status == 101 && a.Problem == ""
}

// An Inquiry is all requests to one URL, in order.
type Inquiry struct {
	URL     *url.URL
	Answers []*Answer
}

// Of returns the first answer of a kind, or nil if there was no such request.
func (q *Inquiry) Of(k Kind) *Answer {
	if q == nil {
		return nil
	}
	for _, a := range q.Answers {
		if a.Kind == k {
			return a
		}
	}
	return nil
}

// demanded are the kinds that must succeed. The others only distinguish causes: a
// plain page does no harm, nor does a path that does not accept a slash.
var demanded = []Kind{Handshake, Firefox, Again, Session, Hold}

// Run sends the requests to both URLs at once. It returns an error if the context
// ended. If nothing was reached, that is a result.
func Run(ctx context.Context, opt Options) (through, direct *Inquiry, err error) {
	done := make(chan error, 1)
	go func() {
		var err error
		if opt.Direct != nil {
			direct, err = opt.inquire(ctx, opt.Direct)
		}
		done <- err
	}()
	through, err = opt.inquire(ctx, opt.URL)
	err = errors.Join(err, <-done)
	return through, direct, err
}
