package cause

import "github.com/nginx-ws-lint/nginx-ws-lint/rules"

// What others than nginx do.
var (
	BehindPage = &Cause{
		Name: "client-side", Layer: Client,
		What:  "the handshake passes: what still fails is in the page or the client",
		Rules: []*rules.Rule{rules.CSPWithoutWebSocket},
		Do:    "Look at the browser's console: a Content-Security-Policy without the wss:// URL in connect-src, ws:// on an https:// page, another path or port than the one asked for here, an extension, a company's proxy.",
	}
	SchemeMistaken = &Cause{
		Name: "scheme-mistaken", Layer: Client,
		What: "the URL's scheme is not what the port speaks: ws:// is plain, wss:// is TLS",
		Do:   "Use the other scheme, or the other port.",
	}
	SubprotocolRefused = &Cause{
		Name: "subprotocol", Layer: Application,
		What: "client and application do not agree on a subprotocol (Sec-WebSocket-Protocol)",
		Do:   "Ask for one that the application speaks, such as --subprotocol mqtt; browsers close the connection where none of those they asked for is chosen.",
	}
	NameUnknown = &Cause{
		Name: "name-unknown", Layer: Network,
		What: "the name does not resolve",
		Do:   "Check the name and its DNS records; --resolve HOST:PORT:ADDRESS asks an address all the same.",
	}
	PortClosed = &Cause{
		Name: "port-closed", Layer: Network,
		What: "nothing listens at that address and port",
		Do:   "Start the server, or open the port: check listen, published ports and the service's port.",
	}
	Unreachable = &Cause{
		Name: "unreachable", Layer: Network,
		What: "the address does not answer",
		Do:   "Look for a firewall or security group that drops packets, and for the right address.",
	}
	ProxyRefuses = &Cause{
		Name: "client-proxy", Layer: Network,
		What: "the proxy on the client's side does not make the connection",
		Do:   "Have the proxy allow CONNECT to that host and port, or use --proxy none; NO_PROXY names hosts that are asked directly.",
	}
	Certificate = &Cause{
		Name: "certificate", Layer: Network,
		What: "the server's certificate is not trusted, and browsers refuse wss:// without asking",
		Do:   "Serve the full chain of a certificate for that name that is in force; --cacert trusts your own authority, --insecure goes on without.",
	}
	TLSFails = &Cause{
		Name: "tls-fails", Layer: Network,
		What: "the TLS handshake fails",
		Do:   "Check that the server has a certificate for that name (SNI) and speaks TLS 1.2 or 1.3.",
	}
	HTTP2Only = &Cause{
		Name: "http-2-only", Layer: Proxy,
		What: "the server takes HTTP/2 and no HTTP/1.1, which WebSockets need here",
		Do:   "Let the edge offer http/1.1 by ALPN as well.",
	}
	NotHTTP = &Cause{
		Name: "not-http", Layer: Network,
		What: "what answers speaks no HTTP",
		Do:   "Check the port: another service listens there.",
	}
	NoAnswer = &Cause{
		Name: "no-answer", Layer: Proxy,
		What: "the connection is there, and no answer comes",
		Do:   "Ask the application itself with --direct. Something that holds requests back, or an application that is stuck, is on the way.",
	}
	OriginRefused = &Cause{
		Name: "origin-refused", Layer: Application,
		What:  "the application does not allow the page's Origin",
		Rules: []*rules.Rule{rules.MissingHostHeader, rules.LostInheritedHeaders, rules.MissingForwardedProto, rules.RewrittenOrigin},
		Do:    "Add the origin to those that the application allows; --origin asks with another. If it compares Origin with Host, every proxy has to pass Host on.",
	}
	ApplicationLogin = &Cause{
		Name: "application-login", Layer: Application,
		What: "who asks has to log in first, and the handshake brings no credentials that count",
		Do:   "Give the probe the browser's Cookie or Authorization with --header: browsers send cookies with a handshake, but no Authorization of a script's.",
	}
	ApplicationRefuses = &Cause{
		Name: "application-refuses", Layer: Application,
		What: "the application itself refuses the handshake",
		Do:   "Check the path, the query, the credentials and the subprotocol with the application's documentation and log.",
	}
	PathUnknown = &Cause{
		Name: "path-unknown", Layer: Application,
		What: "the application knows nothing at this path",
		Do:   "Check the path in the URL, and that proxy_pass reaches the application that is meant; --direct asks the application itself.",
	}
	ApplicationCloses = &Cause{
		Name: "application-closes", Layer: Application,
		What: "the application closes the connection",
		Do:   "Its close code says why: 1008 and 4000 to 4999 are about rights or origin, 1011 is an error of its own. Look into its log.",
	}
	BlockedBySomething = &Cause{
		Name: "forbidden", Layer: Proxy,
		What: "something on the way forbids the handshake",
		Do:   "Look for a web application firewall or access rules; the answer's headers and body say whose they are.",
	}
	SilentlyDropped = &Cause{
		Name: "silently-dropped", Layer: Network,
		What: "the connection dies without a word: a firewall, NAT or load balancer forgot it while it was idle (an AWS NLB after 350 s)",
		Do:   "Have the application or the client ping every 25 to 30 s.",
	}
	ProxyCut = &Cause{
		Name: "proxy-cut", Layer: Proxy,
		What:  "something on the way cuts the connection",
		Rules: []*rules.Rule{rules.ShortReadTimeout},
		Do:    "Have the application or the client ping every 25 to 30 s: that keeps every hop from cutting. To find the hop, ask each with --hold.",
	}
	GatewayError = &Cause{
		Name: "gateway-error", Layer: Proxy,
		What: "a gateway that is not nginx cannot reach what is behind it",
		Do:   "Its headers say who it is; ask what is behind it with --direct.",
	}
)

// Layers before nginx, by name.
var (
	CloudflareOff = &Cause{
		Name: "cloudflare-websockets-off", Layer: Cloudflare,
		What: "WebSockets are turned off in the Cloudflare zone",
		Do:   "Turn WebSockets on under Network in the zone's dashboard; --cloudflare-zone ID asks for the setting.",
	}
	CloudflareBlocks = &Cause{
		Name: "cloudflare-blocks", Layer: Cloudflare,
		What: "Cloudflare answers the handshake with a challenge or a block",
		Do:   "Skip the managed challenge, the bot rules and Access for that path: a handshake cannot solve a challenge. The event is under Security, by the Ray ID.",
	}
	CloudflareOrigin = &Cause{
		Name: "cloudflare-origin", Layer: Cloudflare,
		What: "Cloudflare does not get through to the origin",
		Do:   "521 is refused, 522 and 524 time out, 525 and 526 are TLS: check the origin's port, firewall and certificate against the zone's SSL mode, and ask the origin with --direct.",
	}
	CloudflareCut = &Cause{
		Name: "cloudflare-cut", Layer: Cloudflare,
		What: "Cloudflare cuts connections that are idle for about 100 s",
		Do:   "Have the application or the client ping every 25 to 30 s; the limit cannot be raised but on Enterprise plans.",
	}
	AWSTargetProtocol = &Cause{
		Name: "alb-target-protocol", Layer: AWS,
		What: "the load balancer's target group speaks HTTP/2 or gRPC, which carry no WebSocket",
		Do:   "Use a target group with protocol HTTP and protocol version HTTP1.",
	}
	AWSTarget = &Cause{
		Name: "alb-target", Layer: AWS,
		What: "the load balancer does not get an answer from its target",
		Do:   "Check the target group: protocol and port, health checks (which must not ask the WebSocket's path), security groups; 504 is the idle timeout.",
	}
	AWSCut = &Cause{
		Name: "alb-cut", Layer: AWS,
		What: "the load balancer cuts connections that are idle for its idle timeout, 60 s unless set",
		Do:   "Raise idle_timeout.timeout_seconds (to 4000 at most), and have the application ping every 25 to 30 s.",
	}
	HAProxyNoServer = &Cause{
		Name: "haproxy-no-server", Layer: HAProxy,
		What: "HAProxy has no server that is up, or gets no answer from it",
		Do:   "Check the backend's servers and health checks: a check that asks the WebSocket's path fails. 502 is a server that breaks off, 504 timeout server.",
	}
	HAProxyRefuses = &Cause{
		Name: "haproxy-refuses", Layer: HAProxy,
		What: "HAProxy refuses the request itself",
		Do:   "400 is a request that it takes for malformed, 403 http-request deny, 408 timeout http-request: its log names the rule.",
	}
	HAProxyCut = &Cause{
		Name: "haproxy-cut", Layer: HAProxy,
		What: "without timeout tunnel HAProxy cuts upgraded connections after timeout client or timeout server",
		Do:   "Set timeout tunnel 1h in the defaults or the backend, and have the application ping every 25 to 30 s.",
	}
	EnvoyUpgradesOff = &Cause{
		Name: "envoy-upgrades-off", Layer: Envoy,
		What: "Envoy refuses upgrades that its listener or route does not allow",
		Do:   "Add upgrade_configs with upgrade_type websocket to the HTTP connection manager or the route.",
	}
	EnvoyUpstream = &Cause{
		Name: "envoy-upstream", Layer: Envoy,
		What: "Envoy does not get through to what is behind it",
		Do:   "Check the cluster's endpoints, its health checks and that it speaks HTTP/1.1 to the application.",
	}
)

// All are the causes, nginx's first.
var All = []*Cause{
	HeadersLost, HTTP10, HTTP2Upstream, HandshakeDropped, HeaderTwice, AnswerDamaged, NoTunnel, ForcedUpgrade, ConnectionCompared, HostLost,
	SlashRedirect, SchemeRedirect, LoginNeeded, SubrequestUpgraded, RefusedByNginx, WrongLocation, PathChanged, Cached,
	UpstreamDown, UpstreamUnresolved, UpstreamTLS, OneServerDown, UpstreamSilent, NginxError, ConnectionsExhausted, Limited,
	RequestTooLarge, HTTP2OnPlainPort, IdleCut, Reloaded, NoAffinity,
	BehindPage, SchemeMistaken, SubprotocolRefused, NameUnknown, PortClosed, Unreachable, ProxyRefuses, Certificate, TLSFails,
	HTTP2Only, NotHTTP, NoAnswer, OriginRefused, ApplicationLogin, ApplicationRefuses, PathUnknown, ApplicationCloses, BlockedBySomething, SilentlyDropped,
	ProxyCut, GatewayError,
	CloudflareOff, CloudflareBlocks, CloudflareOrigin, CloudflareCut, AWSTargetProtocol, AWSTarget, AWSCut,
	HAProxyNoServer, HAProxyRefuses, HAProxyCut, EnvoyUpgradesOff, EnvoyUpstream,
}
