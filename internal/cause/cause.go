// Package cause holds what keeps WebSockets from working between a client and an
// application: by which layer, which rules find it in a configuration, and what
// to do about it. What was seen from outside (probe), or in nginx's logs, is
// evidence for one of them.
package cause

import "github.com/nginx-ws-lint/nginx-ws-lint/rules"

// A Layer is who is at fault, in the order in which a handshake meets them.
type Layer string

const (
	Client      Layer = "client"
	Network     Layer = "network"
	Cloudflare  Layer = "Cloudflare"
	AWS         Layer = "AWS load balancer"
	HAProxy     Layer = "HAProxy"
	Envoy       Layer = "Envoy"
	Proxy       Layer = "proxy" // one that is none of the others, or it cannot be told which
	Nginx       Layer = "nginx"
	Application Layer = "application"
)

// A Cause is one thing that is wrong.
type Cause struct {
	Name  string // says the mistake
	Layer Layer
	What  string        // a sentence without its full stop
	Rules []*rules.Rule // that find it in a configuration, the likeliest first
	Do    string        // one or two sentences
}

// Find returns the cause of a name, or nil.
func Find(name string) *Cause {
	for _, c := range All {
		if c.Name == name {
			return c
		}
	}
	return nil
}
