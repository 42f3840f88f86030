package cause

import "github.com/nginx-ws-lint/nginx-ws-lint/rules"

// What nginx does, or the application behind it to what nginx sends.
var (
	HeadersLost = &Cause{
		Name: "headers-lost", Layer: Nginx,
		What:  "the handshake reaches the application without Upgrade or Connection, as a plain request",
		Rules: []*rules.Rule{rules.MissingUpgradeHeaders, rules.LostInheritedHeaders, rules.DamagedHandshake, rules.ColonInHeaderName, rules.HopWithoutHeaders, rules.MissingUpgradeMap, rules.MissingProxyPass},
		Do:    "Have the location send Upgrade $http_upgrade and Connection $connection_upgrade over HTTP/1.1; remember that one proxy_set_header in a location cancels all that it inherited. So must every other proxy on the way.",
	}
	HTTP10 = &Cause{
		Name: "http-1.0-upstream", Layer: Nginx,
		What:  "nginx asks the application over HTTP/1.0, its default before 1.29.7",
		Rules: []*rules.Rule{rules.ProxyHTTPVersion, rules.MissingUpgradeHeaders},
		Do:    "Set proxy_http_version 1.1 in the location.",
	}
	HTTP2Upstream = &Cause{
		Name: "http-2-upstream", Layer: Nginx,
		What:  "nginx asks the application over HTTP/2, which carries no WebSocket there",
		Rules: []*rules.Rule{rules.ProxyHTTPVersion},
		Do:    "Set proxy_http_version 1.1 in the location.",
	}
	HandshakeDropped = &Cause{
		Name: "handshake-dropped", Layer: Nginx,
		What:  "plain requests pass, and the application drops the connection of a handshake: it lacks Upgrade, or comes over HTTP/2",
		Rules: []*rules.Rule{rules.ProxyHTTPVersion, rules.DamagedHandshake, rules.MissingUpgradeHeaders},
		Do:    "Have the location send Upgrade and Connection over HTTP/1.1; if it does, look into the application's own log.",
	}
	HeaderTwice = &Cause{
		Name: "header-twice", Layer: Nginx,
		What:  "a header of the handshake reaches the application twice, or with a wrong value",
		Rules: []*rules.Rule{rules.DuplicateHeader, rules.DamagedHandshake, rules.LiteralUpgradeHeader, rules.MissingUpgradeHeaders},
		Do:    "Send Upgrade, Connection and Host once each; an include that sets them and the location's own lines add up.",
	}
	AnswerDamaged = &Cause{
		Name: "answer-damaged", Layer: Nginx,
		What:  "the answer is 101, but without what a browser wants of it",
		Rules: []*rules.Rule{rules.DamagedHandshake},
		Do:    "Take out what removes or changes the headers of the answer, such as proxy_hide_header Upgrade or Sec-WebSocket-Accept; other proxies on the way may do so, too.",
	}
	NoTunnel = &Cause{
		Name: "no-tunnel", Layer: Nginx,
		What:  "the answer is 101, but nothing passes after it",
		Rules: []*rules.Rule{rules.DamagedHandshake, rules.ShortReadTimeout, rules.MissingProxyPass},
		Do:    "Use proxy_pass: fastcgi_pass and grpc_pass carry no upgraded connection, and proxy_read_timeout 0 cuts it at once. An antivirus or a company's proxy does the same to ws://; use wss://.",
	}
	ForcedUpgrade = &Cause{
		Name: "upgrade-forced", Layer: Nginx,
		What:  "nginx asks for an upgrade with plain requests, too",
		Rules: []*rules.Rule{rules.LiteralUpgradeHeader, rules.DamagedHandshake, rules.MissingUpgradeMap},
		Do:    "Send Upgrade $http_upgrade, not a literal, and Connection by a map.",
	}
	ConnectionCompared = &Cause{
		Name: "connection-compared", Layer: Nginx,
		What:  "something on the way compares the whole of Connection with Upgrade, and Firefox sends keep-alive, Upgrade",
		Rules: []*rules.Rule{rules.MissingUpgradeHeaders, rules.MissingUpgradeMap, rules.DamagedHandshake},
		Do:    "Decide by $http_upgrade in place of $http_connection.",
	}
	HostLost = &Cause{
		Name: "host-lost", Layer: Nginx,
		What:  "the application refuses the page's Origin, for the Host that it sees is not the page's",
		Rules: []*rules.Rule{rules.MissingHostHeader, rules.LostInheritedHeaders, rules.MissingForwardedProto, rules.RewrittenOrigin},
		Do:    "Send Host $host, or $http_host where the port is not the usual one, and X-Forwarded-Proto $scheme; else add the origin to those that the application allows.",
	}
	SlashRedirect = &Cause{
		Name: "slash-redirect", Layer: Nginx,
		What:  "the path is redirected to itself with a slash, or without, and no WebSocket follows a redirect",
		Rules: []*rules.Rule{rules.SlashRedirect, rules.MismatchedSlashes},
		Do:    "Have the client ask for the path that the redirect names, or have the location take both.",
	}
	SchemeRedirect = &Cause{
		Name: "scheme-redirect", Layer: Nginx,
		What:  "the server redirects to https or to another name, and no WebSocket follows a redirect",
		Rules: []*rules.Rule{rules.LocationBehindReturn, rules.HTTPOnlyLocation, rules.MissingForwardedProto},
		Do:    "Have the client use wss:// and the name that the redirect names. If it did, the application takes the request for http: send X-Forwarded-Proto $scheme.",
	}
	LoginNeeded = &Cause{
		Name: "login-needed", Layer: Nginx,
		What:  "nginx wants credentials, and the handshake brings none that count",
		Rules: []*rules.Rule{rules.BasicAuthOnWebSocket, rules.UpgradeInSubrequest, rules.RefusedHandshake},
		Do:    "Give the probe the browser's Cookie or Authorization with --header. Safari sends no password of auth_basic with a handshake: let the application ask, or a cookie.",
	}
	SubrequestUpgraded = &Cause{
		Name: "subrequest-upgraded", Layer: Nginx,
		What:  "auth_request or mirror passes Upgrade on, and nginx ends a request whose subrequest is upgraded",
		Rules: []*rules.Rule{rules.UpgradeInSubrequest},
		Do:    "Clear Upgrade and Connection in the location of the subrequest.",
	}
	RefusedByNginx = &Cause{
		Name: "refused-by-nginx", Layer: Nginx,
		What:  "nginx refuses the handshake itself",
		Rules: []*rules.Rule{rules.RefusedHandshake, rules.LocationBehindReturn, rules.MissingProxyPass, rules.ShadowedLocation},
		Do:    "Look for deny, limit_except, valid_referers, auth_request and return in the location and its server.",
	}
	WrongLocation = &Cause{
		Name: "wrong-location", Layer: Nginx,
		What:  "the handshake reaches a location or a server that serves files, not the one that proxies it",
		Rules: []*rules.Rule{rules.MissingProxyPass, rules.ShadowedLocation, rules.HTTPOnlyLocation, rules.LocationBehindReturn, rules.DuplicateLocation},
		Do:    "Give the path a location with proxy_pass in the server of that name and port; a regular expression beats a prefix, unless that has ^~.",
	}
	PathChanged = &Cause{
		Name: "path-changed", Layer: Nginx,
		What:  "the application gets another path than the client asked for",
		Rules: []*rules.Rule{rules.MismatchedSlashes, rules.StrippedEndpoint, rules.LostURI, rules.MisplacedURI, rules.ClobberedCaptures},
		Do:    "A URI in proxy_pass, even a mere slash, takes the place of the location's name: leave it out, or end both with a slash.",
	}
	Cached = &Cause{
		Name: "cached", Layer: Nginx,
		What:  "a cache answers the handshake with what a plain request got",
		Rules: []*rules.Rule{rules.CachedHandshake},
		Do:    "Set proxy_cache_bypass and proxy_no_cache to $http_upgrade in the location, or exclude the path from the CDN's cache.",
	}
	UpstreamDown = &Cause{
		Name: "upstream-down", Layer: Nginx,
		What:  "nginx reaches nothing where proxy_pass points",
		Rules: []*rules.Rule{rules.ContainerLocalhost, rules.DeadPort, rules.NameResolvedOnce, rules.WebSocketScheme},
		Do:    "Start the application, or point proxy_pass at where it listens; in a container localhost is the container, and localhost may mean ::1 first. nginx's error log says connect() failed.",
	}
	UpstreamUnresolved = &Cause{
		Name: "upstream-unresolved", Layer: Nginx,
		What:  "nginx cannot look up the name in proxy_pass, or remembers an address of old",
		Rules: []*rules.Rule{rules.MissingResolver, rules.NameResolvedOnce},
		Do:    "Set a resolver where proxy_pass has a variable (127.0.0.11 in Docker), or reload nginx after a container got a new address.",
	}
	UpstreamTLS = &Cause{
		Name: "upstream-tls", Layer: Nginx,
		What:  "nginx and what proxy_pass names do not agree on TLS",
		Rules: []*rules.Rule{rules.MissingSNI, rules.PlainHTTPToTLSPort},
		Do:    "Use https:// where the upstream speaks TLS and http:// where not; send its name with proxy_ssl_server_name on.",
	}
	OneServerDown = &Cause{
		Name: "one-server-fails", Layer: Nginx,
		What:  "some handshakes pass and some fail: not all servers of the upstream do what they should",
		Rules: []*rules.Rule{rules.ContainerLocalhost, rules.DeadPort, rules.NameResolvedOnce},
		Do:    "Ask each server by itself with --direct; with localhost, ::1 and 127.0.0.1 are two of them.",
	}
	UpstreamSilent = &Cause{
		Name: "upstream-silent", Layer: Application,
		What: "the application takes the connection and does not answer the handshake",
		Do:   "Look at the application: it is stuck, or not what listens at that port. A firewall that drops packets looks the same.",
	}
	NginxError = &Cause{
		Name: "nginx-error", Layer: Nginx,
		What:  "nginx fails to carry out its own configuration",
		Rules: []*rules.Rule{rules.ClobberedCaptures, rules.UpgradeInSubrequest, rules.MisplacedURI, rules.MissingResolver, rules.FewWorkerConnections},
		Do:    "Read the error log of that second: an invalid port or URL in a variable, a subrequest that failed, a cycle of redirects, or worker_connections are not enough.",
	}
	ConnectionsExhausted = &Cause{
		Name: "connections-exhausted", Layer: Nginx,
		What:  "the server closes connections without an answer",
		Rules: []*rules.Rule{rules.FewWorkerConnections, rules.UpgradeInSubrequest, rules.RefusedHandshake},
		Do:    "Each WebSocket takes two of worker_connections, and two files: raise both. return 444 looks the same, and so does auth_request that passes Upgrade on.",
	}
	Limited = &Cause{
		Name: "limited", Layer: Nginx,
		What:  "a limit of requests or connections refuses the handshake",
		Rules: []*rules.Rule{rules.LowConnectionLimit},
		Do:    "An open WebSocket counts for limit_conn as long as it lasts: raise the limit for its location.",
	}
	RequestTooLarge = &Cause{
		Name: "request-too-large", Layer: Nginx,
		What: "the head of the request is larger than the server takes",
		Do:   "Raise large_client_header_buffers, or send fewer cookies and no token in the query.",
	}
	HTTP2OnPlainPort = &Cause{
		Name: "http-2-plain-port", Layer: Nginx,
		What:  "the port speaks HTTP/2 without TLS and nothing else, as listen ... http2 does before nginx 1.25.1",
		Rules: []*rules.Rule{rules.HTTP2Listen},
		Do:    "Take http2 out of the listen directives that have no ssl.",
	}
	IdleCut = &Cause{
		Name: "idle-cut", Layer: Nginx,
		What:  "proxy_read_timeout cuts the connection when nothing passes",
		Rules: []*rules.Rule{rules.ShortReadTimeout, rules.InvalidTime},
		Do:    "Have the application, or the client, ping every 25 to 30 s: any byte in either direction starts the time anew. Else raise proxy_read_timeout in that location; proxy_send_timeout does nothing here.",
	}
	Reloaded = &Cause{
		Name: "reloaded", Layer: Nginx,
		What:  "the connection is closed as a server goes away: a reload, a new release, a restart of a CDN's server",
		Rules: []*rules.Rule{rules.MissingWorkerShutdownTimeout},
		Do:    "Have clients connect again, after a random pause; worker_shutdown_timeout says how long nginx waits before it closes them.",
	}
	NoAffinity = &Cause{
		Name: "no-affinity", Layer: Nginx,
		What:  "requests of one session reach different servers",
		Rules: []*rules.Rule{rules.MissingIPHash, rules.BalancingMethodOrder, rules.IPHashBehindProxy, rules.BackupAfterIPHash},
		Do:    "Keep a client on one server (ip_hash, hash, sticky cookie; an ALB's stickiness), or have the client use the websocket transport alone.",
	}
)
