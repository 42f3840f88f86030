// Package probe shakes hands with a WebSocket server as browsers do, and asks
// what tells one cause of a failure from another. What was seen, together with
// the configuration where there is one, is judged by rows of a table (see Rows):
// each names a cause, with its evidence.
//
// It asks what it was told to and no more: a bounded number of requests to the
// two URLs, redirects not followed. What comes back is hostile: reading it is
// bounded in size and time, and whoever prints it makes it clean.
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

// Bounds of what can be asked for.
const (
	MaxTries = 20
	MaxHold  = time.Hour
)

// Options say what is asked, and how.
type Options struct {
	URL          *url.URL // ws or wss
	Direct       *url.URL // the application itself, or nil
	Fields       []ws.Field
	Origin       string        // that of a page of URL's host unless set; "none" for no Origin at all
	Subprotocols []string      // that the client asks for
	Send         string        // a text message to send; its answer is waited for
	Timeout      time.Duration // of all that is asked, to which Hold is added
	Tries        int           // how many handshakes of the same kind
	Hold         time.Duration // how long one of them is kept idle; 0: not at all

	Insecure bool
	Roots    *x509.CertPool                          // nil: the system's
	Resolve  map[string]string                       // host:port to an address, as curl's --resolve
	Proxy    func(target *url.URL) (*url.URL, error) // nil: none
}

// A Kind is what an exchange asks.
type Kind string

const (
	Handshake Kind = "handshake" // as Chrome does
	Plain     Kind = "plain"     // a GET of the same URL
	Slash     Kind = "slash"     // the handshake, with the path's last slash taken off or added
	Firefox   Kind = "firefox"   // the handshake, with Connection: keep-alive, Upgrade
	NoOrigin  Kind = "no-origin" // the handshake, as programs that are no browsers send it
	ALPN      Kind = "alpn"      // TLS alone, with h2 offered as well
	Again     Kind = "again"     // the handshake, once more
	Session   Kind = "session"   // Engine.IO: a session by polling, then its upgrade
	Hold      Kind = "hold"      // the handshake, and then nothing
)

// An Answer is one exchange: what was asked, and what came of it.
type Answer struct {
	Kind   Kind
	Asked  string // in words
	URI    string
	Origin string // "" where none was sent

	Failure *Failure // why there is no answer; nil where there is one
	Status  int
	Proto   string // HTTP/1.1
	Header  http.Header
	Body    string          // of an answer other than 101: its beginning
	Raw     string          // what came and is no HTTP: its beginning
	Problem string          // why browsers refuse a 101
	Alive   string          // how the connection showed that it carries data: "pong", "message", "echo"; "" if it did not
	End     *End            // how the connection ended; nil where we ended it
	Pings   []time.Duration // from the server, while held: when
	Held    time.Duration   // how long it was kept idle

	Address string // whom we were connected to
	TLS     *TLS
	Connect time.Duration // until the connection, with TLS, was there
	First   time.Duration // from the request until the head of the answer
}

// A TLS is what was agreed on.
type TLS struct{ Version, ALPN, Subject, Issuer string }

// An End is how the other side ended a WebSocket.
type End struct {
	After  time.Duration // from the last thing that passed
	How    string        // "close", "fin", "reset", "silence", "garbage"
	Code   int           // of close
	Reason string        // of close
}

// OK reports whether the exchange is one that a browser would be content with.
func (a *Answer) OK() bool {
	return a != nil && a.Failure == nil && a.Status == 101 && a.Problem == "" && a.Alive != "" && a.End == nil
}

// Switched reports whether there is a 101 that a browser takes, whatever became
// of it.
func (a *Answer) Switched() bool {
	return a != nil && a.Failure == nil && a.Status == 101 && a.Problem == ""
}

// An Inquiry is all that was asked at one URL, in order.
type Inquiry struct {
	URL     *url.URL
	Answers []*Answer
}

// Of returns the first answer of a kind, or nil where that was not asked.
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

// demanded are the kinds that have to be good for all to be good. The others are
// asked to tell causes apart: there is no harm in a plain page, or in a path
// that takes no slash.
var demanded = []Kind{Handshake, Firefox, Again, Session, Hold}

// Run asks at both URLs, at once. Its error is that the context ended; that
// nothing was reached is an answer.
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
