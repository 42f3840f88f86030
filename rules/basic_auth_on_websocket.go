package rules

// BasicAuthOnWebSocket finds handshakes that need a password: a script cannot set
// one, and not every browser repeats the one it has.
var BasicAuthOnWebSocket = &Rule{
	Name:     "basic-auth-on-websocket",
	Summary:  "auth_basic requires a password with the handshake, and Safari does not send it",
	Group:    Auth,
	Severity: Info,
	Pedantic: true,
	Location: basicAuthOnWebSocket,
}

func basicAuthOnWebSocket(p *Pass, l *Location) {
	set := l.Effective("auth_basic")
	if d := set.Last(); d == nil || d.Param(0) == "off" || set.Unsure != nil {
		return
	}
	for _, d := range set.Directives {
		p.Report(Finding{
			Severity: Info, Span: d.Span(), Once: true,
			Message: "a handshake without credentials gets 401 and the browser shows no login prompt: Safari does not reuse the page's credentials, and scripts cannot set them" + l.belief(),
			Related: []Related{{l.Request.Pass.Span(), "the WebSocket location"}},
		}, l)
	}
}
