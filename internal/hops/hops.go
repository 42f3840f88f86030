// Package hops reads what other proxies and load balancers in front of nginx do to
// WebSockets, where a file of the tree shows it: HAProxy's configuration, Terraform,
// CloudFormation, annotations of Kubernetes.
package hops

import (
	"path"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Kind is what a hop does.
type Kind int

const (
	Idle      Kind = iota // it closes a connection that is idle for a time
	Life                  // it closes an idle connection, or some of its kind any connection, after a time
	Strip                 // it removes a header that a handshake needs
	Off                   // it has WebSockets turned off
	Misplaced             // it ignores a timeout where it is written
)

// A Hop is one proxy or load balancer, and one thing that it does.
type Hop struct {
	Kind Kind
	Name string // of the hop: HAProxy backend web, aws_lb.edge
	At   parser.Span

	Time time.Duration // of Idle and Life
	Why  string        // where the time comes from, or what is removed

	Ports   []string       // of its servers, or nil if they are unknown
	Sole    bool           // the file has no other hop of its kind
	Objects []*kube.Object // the Ingresses that it serves, or nil if they are unknown
}

// HAProxy reports whether the hop is of HAProxy.
func (h *Hop) HAProxy() bool { return strings.HasPrefix(h.Name, "HAProxy ") }

// maxSize is the size in bytes above which a file is not looked at.
const maxSize = 256 << 10

// MaxSize is the largest file that is read.
const MaxSize = maxSize

// Named reports whether a file may show a hop, according to its name.
func Named(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".tf":
		return true
	case ".cfg":
		return strings.Contains(base, "haproxy") || path.Base(path.Dir(name)) == "haproxy"
	}
	return false
}

// Read returns the hops that a file shows.
func Read(f *parser.File) []Hop {
	if path.Ext(f.Name) == ".tf" {
		return readTerraform(f)
	}
	return readHAProxy(f)
}
