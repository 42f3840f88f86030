package lint

import (
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
)

// ask sends one request and waits for what comes of it: of a handshake, all
// that a browser asks for (RFC 6455, section 4.1), and that a byte comes back.
func (r *liveRun) ask(address, path string, kind model.Kind) (a liveAnswer) {
	r.record.reset()
	if target := (nginxtest.Target{Address: address}); kind == model.WebSocket {
		a.status, a.echoes, _ = target.Handshake(path)
	} else {
		a.status, _ = target.Get(path)
	}
	a.sent = r.record.requests()
	return a
}
