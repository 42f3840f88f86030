package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
)

// damagedHeaders are the lines that replace what the client sends. Copies such as
// Sec-WebSocket-Key $http_sec_websocket_key do no harm.
func (l *Location) damagedHeaders() (all []damage) {
	for _, d := range l.Request.Set.Directives {
		if !model.OnlyHandshakes(d.Param(0)) {
			continue
		}
		name := model.CanonicalHeader(d.Param(0))
		value := l.sentBy(d)
		add := func(s Severity, what string) { all = append(all, damage{d, s, what, []string{name}}) }
		if other := (model.Header{Name: name, Value: value}).Copies(); other != "" && (name == "Sec-Websocket-Key" || name == "Sec-Websocket-Version") {
			add(Error, fmt.Sprintf("%s is a copy of another header ($http_%s): the handshake fails, because it is empty or has the wrong value", d.Param(0), other))
			continue
		}
		if !value.Known || value.Text == "13" && name == "Sec-Websocket-Version" {
			continue
		}
		switch name {
		case "Sec-Websocket-Key", "Sec-Websocket-Version":
			if value.Text == "" {
				add(Error, d.Param(0)+" does not reach the application: it refuses the handshake with 400 or 426")
			} else if name == "Sec-Websocket-Key" {
				add(Error, "the application answers a Sec-WebSocket-Key that is not the client's, and the client rejects the response")
			} else {
				add(Error, fmt.Sprintf("the handshake asks for version %s of the protocol, but only 13 exists: many applications refuse it with 400", value.Text))
			}
		case "Sec-Websocket-Protocol":
			if value.Text == "" {
				add(Warning, "Sec-WebSocket-Protocol does not reach the application: a browser that asks for a subprotocol (MQTT, GraphQL, VNC) gets none and closes the connection")
			}
		}
	}
	return all
}

// hasText reports whether a value is certainly not empty on a handshake:
// $request_body is empty.
func (l *Location) hasText(expr string) bool {
	v := l.Tree.Evaluate(expr, model.WebSocket)
	return v.Known && v.Text != ""
}
