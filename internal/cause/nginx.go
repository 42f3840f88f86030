package cause

import "github.com/nginx-ws-lint/nginx-ws-lint/rules"

// Causes in nginx, or in the application's response to what nginx sends.
var (
	HeadersLost = &Cause{
		Name: "headers-lost", Layer: Nginx,
		What:  "the handshake reaches the application without Upgrade or Connection, as a plain request",
		Rules: []*rules.Rule{rules.MissingUpgradeHeaders, rules.LostInheritedHeaders, rules.DamagedHandshake, rules.ColonInHeaderName, rules.HopWithoutHeaders, rules.MissingUpgradeMap, rules.MissingProxyPass},
		Do:    "Send Upgrade $http_upgrade and Connection $connection_upgrade from the location, over HTTP/1.1. One proxy_set_header in a location cancels all inherited ones. Every other proxy on the way must send these headers, too.",
	}
	HTTP10 = &Cause{
		Name: "http-1.0-upstream", Layer: Nginx,
		What:  "nginx connects to the application over HTTP/1.0, its default before 1.29.7",
		Rules: []*rules.Rule{rules.ProxyHTTPVersion, rules.MissingUpgradeHeaders},
		Do:    "Set proxy_http_version 1.1 in the location.",
	}
	HTTP2Upstream = &Cause{
		Name: "http-2-upstream", Layer: Nginx,
		What:  "nginx connects to the application over HTTP/2, where it cannot proxy WebSockets",
		Rules: []*rules.Rule{rules.ProxyHTTPVersion},
		Do:    "Set proxy_http_version 1.1 in the location.",
	}
	HandshakeDropped = &Cause{
		Name: "handshake-dropped", Layer: Nginx,
		What:  "plain requests work, but the application drops the connection at a handshake, which lacks Upgrade or arrives over HTTP/2",
		Rules: []*rules.Rule{rules.ProxyHTTPVersion, rules.DamagedHandshake, rules.MissingUpgradeHeaders},
		Do:    "Send Upgrade and Connection from the location, over HTTP/1.1. If it already does, read the application's log.",
	}
	HeaderTwice = &Cause{
		Name: "header-twice", Layer: Nginx,
		What:  "a header of the handshake reaches the application twice, or with a wrong value",
		Rules: []*rules.Rule{rules.DuplicateHeader, rules.DamagedHandshake, rules.LiteralUpgradeHeader, rules.MissingUpgradeHeaders},
		Do:    "Send Upgrade, Connection and Host once each. The lines of an include and those of the location itself add up.",
	}
	AnswerDamaged = &Cause{
		Name: "answer-damaged", Layer: Nginx,
		What:  "the answer is 101, but it lacks headers that browsers require",
		Rules: []*rules.Rule{rules.DamagedHandshake},
		Do:    "Delete what removes or changes the response headers, such as proxy_hide_header Upgrade or Sec-WebSocket-Accept. Other proxies on the way may do the same.",
	}
	NoTunnel = &Cause{
		Name: "no-tunnel", Layer: Nginx,
		What:  "the answer is 101, but no data gets through afterwards",
		Rules: []*rules.Rule{rules.DamagedHandshake, rules.ShortReadTimeout, rules.MissingProxyPass},
		Do:    "Use proxy_pass: fastcgi_pass and grpc_pass cannot carry an upgraded connection. proxy_read_timeout 0 closes it at once. Antivirus software or a corporate proxy can do the same to ws://; use wss://.",
	}
	ForcedUpgrade = &Cause{
		Name: "upgrade-forced", Layer: Nginx,
		What:  "nginx requests an upgrade for plain requests, too",
		Rules: []*rules.Rule{rules.LiteralUpgradeHeader, rules.DamagedHandshake, rules.MissingUpgradeMap},
		Do:    "Send Upgrade $http_upgrade instead of a literal, and take Connection from a map.",
	}
	ConnectionCompared = &Cause{
		Name: "connection-compared", Layer: Nginx,
		What:  "something on the way expects Connection to be exactly Upgrade, but Firefox sends keep-alive, Upgrade",
		Rules: []*rules.Rule{rules.MissingUpgradeHeaders, rules.MissingUpgradeMap, rules.DamagedHandshake},
		Do:    "Test $http_upgrade instead of $http_connection.",
	}
	HostLost = &Cause{
		Name: "host-lost", Layer: Nginx,
		What:  "the application refuses the page's Origin because it sees a different Host",
		Rules: []*rules.Rule{rules.MissingHostHeader, rules.LostInheritedHeaders, rules.MissingForwardedProto, rules.RewrittenOrigin},
		Do:    "Send Host $host ($http_host with a non-standard port) and X-Forwarded-Proto $scheme, or add the origin to those that the application allows.",
	}
	SlashRedirect = &Cause{
		Name: "slash-redirect", Layer: Nginx,
		What:  "the path is redirected to itself with or without a trailing slash, and WebSockets do not follow redirects",
		Rules: []*rules.Rule{rules.SlashRedirect, rules.MismatchedSlashes},
		Do:    "Use the redirect's path in the client, or make the location match both paths.",
	}
	SchemeRedirect = &Cause{
		Name: "scheme-redirect", Layer: Nginx,
		What:  "the server redirects to https or to another host, and WebSockets do not follow redirects",
		Rules: []*rules.Rule{rules.LocationBehindReturn, rules.HTTPOnlyLocation, rules.MissingForwardedProto},
		Do:    "Use wss:// and the redirect's host in the client. If it already does, the application believes that the request came over http: send X-Forwarded-Proto $scheme.",
	}
	LoginNeeded = &Cause{
		Name: "login-needed", Layer: Nginx,
		What:  "nginx requires credentials, and the handshake has no valid ones",
		Rules: []*rules.Rule{rules.BasicAuthOnWebSocket, rules.UpgradeInSubrequest, rules.RefusedHandshake},
		Do:    "Pass the browser's Cookie or Authorization to the probe with --header. Safari sends no auth_basic password with a handshake: authenticate with a cookie or in the application.",
	}
	SubrequestUpgraded = &Cause{
		Name: "subrequest-upgraded", Layer: Nginx,
		What:  "auth_request or mirror forwards Upgrade, and nginx aborts a request whose subrequest is upgraded",
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
		What:  "the handshake reaches a location or server that serves files, not the one that proxies to the application",
		Rules: []*rules.Rule{rules.MissingProxyPass, rules.ShadowedLocation, rules.HTTPOnlyLocation, rules.LocationBehindReturn, rules.DuplicateLocation},
		Do:    "Add a location with proxy_pass for the path to the server with that name and port. A regular expression wins over a prefix, unless the prefix has ^~.",
	}
	PathChanged = &Cause{
		Name: "path-changed", Layer: Nginx,
		What:  "the application receives a different path from the one that the client requested",
		Rules: []*rules.Rule{rules.MismatchedSlashes, rules.StrippedEndpoint, rules.LostURI, rules.MisplacedURI, rules.ClobberedCaptures},
		Do:    "A URI in proxy_pass, even a single slash, replaces the location's path: leave it out, or end both with a slash.",
	}
	Cached = &Cause{
		Name: "cached", Layer: Nginx,
		What:  "a cache answers the handshake with the response to a plain request",
		Rules: []*rules.Rule{rules.CachedHandshake},
		Do:    "Set proxy_cache_bypass and proxy_no_cache to $http_upgrade in the location, or exclude the path from the CDN's cache.",
	}
	UpstreamDown = &Cause{
		Name: "upstream-down", Layer: Nginx,
		What:  "nginx cannot connect to the address in proxy_pass",
		Rules: []*rules.Rule{rules.ContainerLocalhost, rules.DeadPort, rules.NameResolvedOnce, rules.WebSocketScheme},
		Do:    "Start the application, or point proxy_pass at the address where it listens. In a container, localhost is the container itself, and localhost may resolve to ::1 first. nginx's error log says connect() failed.",
	}
	UpstreamUnresolved = &Cause{
		Name: "upstream-unresolved", Layer: Nginx,
		What:  "nginx cannot resolve the name in proxy_pass, or still uses an old address",
		Rules: []*rules.Rule{rules.MissingResolver, rules.NameResolvedOnce},
		Do:    "Set a resolver if proxy_pass has a variable (127.0.0.11 in Docker), or reload nginx when a container gets a new address.",
	}
	UpstreamTLS = &Cause{
		Name: "upstream-tls", Layer: Nginx,
		What:  "nginx and its upstream disagree about TLS",
		Rules: []*rules.Rule{rules.MissingSNI, rules.PlainHTTPToTLSPort},
		Do:    "Use https:// if the upstream speaks TLS, else http://. Send its name with proxy_ssl_server_name on.",
	}
	OneServerDown = &Cause{
		Name: "one-server-fails", Layer: Nginx,
		What:  "some handshakes succeed and some fail: not all servers of the upstream work correctly",
		Rules: []*rules.Rule{rules.ContainerLocalhost, rules.DeadPort, rules.NameResolvedOnce},
		Do:    "Test each server separately with --direct. With localhost, ::1 and 127.0.0.1 are two servers.",
	}
	UpstreamSilent = &Cause{
		Name: "upstream-silent", Layer: Application,
		What: "the application accepts the connection but does not answer the handshake",
		Do:   "Check the application: it hangs, or something else listens on that port. A firewall that drops packets looks the same.",
	}
	NginxError = &Cause{
		Name: "nginx-error", Layer: Nginx,
		What:  "nginx fails to process the request as configured",
		Rules: []*rules.Rule{rules.ClobberedCaptures, rules.UpgradeInSubrequest, rules.MisplacedURI, rules.MissingResolver, rules.FewWorkerConnections},
		Do:    "Read the error log for that second. It may show an invalid port or URL in a variable, a failed subrequest, a redirect cycle, or that worker_connections are not enough.",
	}
	ConnectionsExhausted = &Cause{
		Name: "connections-exhausted", Layer: Nginx,
		What:  "the server closes connections without an answer",
		Rules: []*rules.Rule{rules.FewWorkerConnections, rules.UpgradeInSubrequest, rules.RefusedHandshake},
		Do:    "Each WebSocket uses two worker_connections and two open files: raise both limits. return 444 looks the same, and so does an auth_request that forwards Upgrade.",
	}
	Limited = &Cause{
		Name: "limited", Layer: Nginx,
		What:  "a request or connection limit refuses the handshake",
		Rules: []*rules.Rule{rules.LowConnectionLimit},
		Do:    "An open WebSocket counts toward limit_conn until it closes: raise the limit for its location.",
	}
	RequestTooLarge = &Cause{
		Name: "request-too-large", Layer: Nginx,
		What:  "the request header is larger than the server accepts",
		Rules: []*rules.Rule{rules.SmallerHeaderBuffers},
		Do:    "Raise large_client_header_buffers, or send fewer cookies and no token in the query string.",
	}
	HTTP2OnPlainPort = &Cause{
		Name: "http-2-plain-port", Layer: Nginx,
		What:  "the port speaks only HTTP/2 without TLS, as with listen ... http2 before nginx 1.25.1",
		Rules: []*rules.Rule{rules.HTTP2Listen},
		Do:    "Remove http2 from the listen directives without ssl.",
	}
	IdleCut = &Cause{
		Name: "idle-cut", Layer: Nginx,
		What:  "proxy_read_timeout closes the connection when it is idle",
		Rules: []*rules.Rule{rules.ShortReadTimeout, rules.InvalidTime},
		Do:    "Send a ping from the application or the client every 25 to 30 s: any byte in either direction restarts the timer. Alternatively, raise proxy_read_timeout in that location; proxy_send_timeout has no effect here.",
	}
	Reloaded = &Cause{
		Name: "reloaded", Layer: Nginx,
		What:  "the connection is closed because a server shuts down: a reload, a new release, a restart in a CDN",
		Rules: []*rules.Rule{rules.MissingWorkerShutdownTimeout},
		Do:    "Let clients reconnect after a random delay. worker_shutdown_timeout is how long nginx waits before it closes their connections.",
	}
	NoAffinity = &Cause{
		Name: "no-affinity", Layer: Nginx,
		What:  "requests of one session reach different servers",
		Rules: []*rules.Rule{rules.MissingIPHash, rules.BalancingMethodOrder, rules.IPHashBehindProxy, rules.BackupAfterIPHash},
		Do:    "Keep each client on one server (ip_hash, hash, sticky cookie; an ALB's stickiness), or let the client use only the websocket transport.",
	}
)
