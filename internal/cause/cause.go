// Package cause lists what can keep WebSockets from working between a client and an
// application: the layer at fault, the rules that find the mistake in a
// configuration, and the remedy. Observations from outside (probe) or in nginx's logs
// are evidence for one of the causes.
package cause

import "github.com/nginx-ws-lint/nginx-ws-lint/rules"

// A Layer is the part at fault, in the order in which a handshake passes them.
type Layer string

const (
	Client      Layer = "client"
	Network     Layer = "network"
	Cloudflare  Layer = "Cloudflare"
	AWS         Layer = "AWS load balancer"
	HAProxy     Layer = "HAProxy"
	Envoy       Layer = "Envoy"
	Proxy       Layer = "proxy" // none of the others, or unknown
	Nginx       Layer = "nginx"
	Application Layer = "application"
)

// A Cause is one thing that can be wrong.
type Cause struct {
	Name  string // names the mistake
	Layer Layer
	What  string        // a sentence without its full stop
	Rules []*rules.Rule // that find it in a configuration, the most likely first
	Do    string        // one or two sentences
}

// Find returns the cause with a name, or nil.
func Find(name string) *Cause {
	for _, c := range All {
		if c.Name == name {
			return c
		}
	}
	return nil
}
