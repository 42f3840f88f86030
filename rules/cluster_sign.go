package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// webSocketName matches paths, services and snippets that name WebSockets.
var webSocketName = lazyregexp.New(`(?i)web-?sockets?|(?:^|[^a-z])(?:wss?|socket\.?io|sockjs|signalr|actioncable|cable)(?:[^a-z]|$)|\bupgrade\b`)

// stayingOpen is a timeout that nobody sets for plain requests.
const stayingOpen = 10 * time.Minute

// sign says why an Ingress is assumed to be meant for WebSockets, or "".
func (p *ClusterPass) sign(o *kube.Object) string {
	why, known := p.signs[o]
	if !known {
		why = findSign(o)
		p.signs[o] = why
	}
	return why
}

func findSign(o *kube.Object) string {
	names := webSocketName()
	for _, path := range o.Paths() {
		if names.MatchString(path) {
			return "path " + path + " names WebSockets"
		}
	}
	for _, service := range o.Backends() {
		if names.MatchString(service) {
			return "service " + service + " names WebSockets"
		}
	}
	for _, a := range o.Annotated() {
		if reason := signOf(a, names); reason != "" {
			return reason
		}
	}
	return ""
}

// endpointOf returns the application that is known by a path of a route, or nil.
func endpointOf(path kube.Value) *intent.Endpoint {
	if !path.Exists() || !path.Known() {
		return nil
	}
	text, _, _ := strings.Cut(path.Text(), "(") // ingress-nginx reads regular expressions: /socket.io(/|$)(.*)
	return intent.OfPath(text).Endpoint
}

// signOf says why an annotation is a sign of WebSockets, or "".
func signOf(a kube.Annotated, names *regexp.Regexp) string {
	switch {
	case a.Short == "proxy-read-timeout" && duration(a.Text()) >= stayingOpen:
		return fmt.Sprintf("proxy-read-timeout is %s", a.Text())
	case a.Short == locationSnippets[a.Controller] && names.MatchString(a.Text()):
		return a.Short + " sets headers for WebSockets"
	case names.MatchString(a.Short):
		return "annotation " + a.Short
	}
	return ""
}

// duration reads a timeout with or without a unit.
func duration(text string) time.Duration {
	if n, err := strconv.Atoi(text); err == nil {
		return time.Duration(n) * time.Second
	}
	d, err := parser.ParseTime(text)
	if err != nil {
		return 0
	}
	return d
}
