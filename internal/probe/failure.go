package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// A Failure is the reason why there is no answer.
type Failure struct {
	Kind    FailureKind
	Message string
}

// A FailureKind is the step that failed.
type FailureKind string

const (
	NoName       FailureKind = "dns"         // the name does not resolve
	Refused      FailureKind = "refused"     // nothing listens
	Unreached    FailureKind = "unreachable" // no route, or no answer
	ProxyFailed  FailureKind = "proxy"       // the client's own proxy
	BadCert      FailureKind = "certificate"
	NotTLS       FailureKind = "not-tls" // the port speaks something else
	NoCommonALPN FailureKind = "alpn"    // the server accepts none of the offered protocols
	TLSFailed    FailureKind = "tls"
	Silent       FailureKind = "no-answer" // connected, but nothing arrived in time
	Closed       FailureKind = "closed"    // connected, but closed without an answer
	NotHTTP      FailureKind = "not-http"  // the answer is not HTTP/1
)

// failure classifies an error of connecting.
func failure(err error) *Failure {
	f := &Failure{Kind: Unreached, Message: err.Error()}
	var (
		dns   *net.DNSError
		proxy proxyError
		inTLS tlsError
	)
	switch {
	case errors.As(err, &proxy):
		f.Kind = ProxyFailed
	case errors.As(err, &inTLS):
		f.Kind = inTLS.kind()
	case errors.As(err, &dns):
		f.Kind = NoName
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, windowsRefused):
		f.Kind = Refused
	case timedOut(err):
		f.Message = "no connection in time"
	}
	return f
}

// Windows's numbers for ECONNREFUSED and ECONNRESET. No error has them elsewhere.
const (
	windowsRefused = syscall.Errno(10061)
	windowsReset   = syscall.Errno(10054)
)

func (e tlsError) kind() FailureKind {
	var (
		verify *tls.CertificateVerificationError
		record tls.RecordHeaderError
		name   x509.HostnameError
		alert  tls.AlertError
	)
	switch {
	case errors.As(e.error, &verify), errors.As(e.error, &name):
		return BadCert
	case errors.As(e.error, &record):
		return NotTLS
	case errors.As(e.error, &alert) && alert == noApplicationProtocol, strings.Contains(e.Error(), "no application protocol"):
		return NoCommonALPN
	}
	return TLSFailed
}

// noApplicationProtocol is RFC 7301's alert.
const noApplicationProtocol = tls.AlertError(120)

// answerFailure classifies an error of reading the answer. raw is the data received.
func answerFailure(err error, raw string) *Failure {
	switch {
	case raw != "":
		return &Failure{NotHTTP, err.Error()}
	case timedOut(err):
		return &Failure{Silent, "no answer in time"}
	}
	return &Failure{Closed, ended(err)}
}

// ended says how a connection was closed.
func ended(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "closed without an answer"
	}
	return err.Error()
}

func timedOut(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}
