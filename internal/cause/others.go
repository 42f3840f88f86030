package cause

import "github.com/nginx-ws-lint/nginx-ws-lint/rules"

// Causes outside nginx.
var (
	BehindPage = &Cause{
		Name: "client-side", Layer: Client,
		What:  "the handshake succeeds: any remaining failure is in the page or the client",
		Rules: []*rules.Rule{rules.CSPWithoutWebSocket},
		Do:    "Check the browser's console. Possible reasons: a Content-Security-Policy without the wss:// URL in connect-src, ws:// on an https:// page, a path or port other than the one tested here, an extension, a corporate proxy.",
	}
	SchemeMistaken = &Cause{
		Name: "scheme-mistaken", Layer: Client,
		What: "the URL's scheme does not match the port: ws:// is plain, wss:// is TLS",
		Do:   "Use the other scheme, or the other port.",
	}
	SubprotocolRefused = &Cause{
		Name: "subprotocol", Layer: Application,
		What: "client and application do not agree on a subprotocol (Sec-WebSocket-Protocol)",
		Do:   "Request one that the application supports, such as --subprotocol mqtt. Browsers close the connection if none of the requested subprotocols is chosen.",
	}
	NameUnknown = &Cause{
		Name: "name-unknown", Layer: Network,
		What: "the name does not resolve",
		Do:   "Check the name and its DNS records. --resolve HOST:PORT:ADDRESS tests an address without DNS.",
	}
	PortClosed = &Cause{
		Name: "port-closed", Layer: Network,
		What: "nothing listens at that address and port",
		Do:   "Start the server or open the port. Check listen, published ports and the service's port.",
	}
	Unreachable = &Cause{
		Name: "unreachable", Layer: Network,
		What: "the address does not answer",
		Do:   "Check for a firewall or security group that drops packets, and check the address.",
	}
	ProxyRefuses = &Cause{
		Name: "client-proxy", Layer: Network,
		What: "the client's own proxy does not connect",
		Do:   "Allow CONNECT to that host and port in the proxy, or use --proxy none. Hosts in NO_PROXY are contacted directly.",
	}
	Certificate = &Cause{
		Name: "certificate", Layer: Network,
		What: "the server's certificate is not trusted, and browsers refuse wss:// without a prompt",
		Do:   "Serve the full chain of a valid certificate for that name. --cacert trusts your own authority, --insecure skips the check.",
	}
	TLSFails = &Cause{
		Name: "tls-fails", Layer: Network,
		What: "the TLS handshake fails",
		Do:   "Check that the server has a certificate for that name (SNI) and speaks TLS 1.2 or 1.3.",
	}
	HTTP2Only = &Cause{
		Name: "http-2-only", Layer: Proxy,
		What: "the server accepts only HTTP/2, but WebSockets need HTTP/1.1 here",
		Do:   "Offer http/1.1 in ALPN at the edge as well.",
	}
	NotHTTP = &Cause{
		Name: "not-http", Layer: Network,
		What: "the answer is not HTTP",
		Do:   "Check the port: another service listens there.",
	}
	NoAnswer = &Cause{
		Name: "no-answer", Layer: Proxy,
		What: "the connection is established, but no answer arrives",
		Do:   "Test the application itself with --direct. Something on the way holds the request back, or the application hangs.",
	}
	OriginRefused = &Cause{
		Name: "origin-refused", Layer: Application,
		What:  "the application does not allow the page's Origin",
		Rules: []*rules.Rule{rules.MissingHostHeader, rules.LostInheritedHeaders, rules.MissingForwardedProto, rules.RewrittenOrigin},
		Do:    "Add the origin to those that the application allows; --origin tests another one. If the application compares Origin with Host, every proxy must forward Host.",
	}
	ApplicationLogin = &Cause{
		Name: "application-login", Layer: Application,
		What: "a login is required, and the handshake has no valid credentials",
		Do:   "Pass the browser's Cookie or Authorization to the probe with --header. Browsers send cookies with a handshake, but scripts cannot set Authorization.",
	}
	ApplicationRefuses = &Cause{
		Name: "application-refuses", Layer: Application,
		What: "the application itself refuses the handshake",
		Do:   "Check the path, the query, the credentials and the subprotocol against the application's documentation and log.",
	}
	PathUnknown = &Cause{
		Name: "path-unknown", Layer: Application,
		What: "the application serves nothing at this path",
		Do:   "Check the path in the URL, and that proxy_pass reaches the right application. --direct tests the application itself.",
	}
	ApplicationCloses = &Cause{
		Name: "application-closes", Layer: Application,
		What: "the application closes the connection",
		Do:   "Its close code says why: 1008 and 4000 to 4999 concern permissions or the origin, 1011 is an internal error. Read its log.",
	}
	BlockedBySomething = &Cause{
		Name: "forbidden", Layer: Proxy,
		What: "something on the way refuses the handshake",
		Do:   "Look for a web application firewall or access rules. The response headers and body show whose they are.",
	}
	SilentlyDropped = &Cause{
		Name: "silently-dropped", Layer: Network,
		What: "the connection dies silently: a firewall, NAT or load balancer dropped it while it was idle (an AWS NLB does after 350 s)",
		Do:   "Send a ping from the application or the client every 25 to 30 s.",
	}
	ProxyCut = &Cause{
		Name: "proxy-cut", Layer: Proxy,
		What:  "something on the way closes the connection",
		Rules: []*rules.Rule{rules.ShortReadTimeout},
		Do:    "Send a ping from the application or the client every 25 to 30 s, so that no hop closes the connection. To find the hop, test each with --hold.",
	}
	GatewayError = &Cause{
		Name: "gateway-error", Layer: Proxy,
		What: "a gateway other than nginx cannot reach its upstream",
		Do:   "Its headers say what it is. Test its upstream with --direct.",
	}
)

// Layers before nginx, by name.
var (
	CloudflareOff = &Cause{
		Name: "cloudflare-websockets-off", Layer: Cloudflare,
		What: "WebSockets are turned off in the Cloudflare zone",
		Do:   "Turn WebSockets on under Network in the zone's dashboard. --cloudflare-zone ID queries the setting.",
	}
	CloudflareBlocks = &Cause{
		Name: "cloudflare-blocks", Layer: Cloudflare,
		What: "Cloudflare answers the handshake with a challenge or a block",
		Do:   "Skip the managed challenge, the bot rules and Access for that path: a handshake cannot solve a challenge. The event is under Security, by the Ray ID.",
	}
	CloudflareOrigin = &Cause{
		Name: "cloudflare-origin", Layer: Cloudflare,
		What: "Cloudflare cannot reach the origin",
		Do:   "521 means refused, 522 and 524 timed out, 525 and 526 TLS. Check the origin's port, firewall and certificate against the zone's SSL mode, and test the origin with --direct.",
	}
	CloudflareCut = &Cause{
		Name: "cloudflare-cut", Layer: Cloudflare,
		What: "Cloudflare closes connections that are idle for about 100 s",
		Do:   "Send a ping from the application or the client every 25 to 30 s. Only Enterprise plans can raise the limit.",
	}
	AWSTargetProtocol = &Cause{
		Name: "alb-target-protocol", Layer: AWS,
		What: "the load balancer's target group uses HTTP/2 or gRPC, which cannot carry WebSockets",
		Do:   "Use a target group with protocol HTTP and protocol version HTTP1.",
	}
	AWSTarget = &Cause{
		Name: "alb-target", Layer: AWS,
		What: "the load balancer gets no answer from its target",
		Do:   "Check the target group: protocol and port, health checks (which must not request the WebSocket's path), security groups. 504 is the idle timeout.",
	}
	AWSCut = &Cause{
		Name: "alb-cut", Layer: AWS,
		What: "the load balancer closes idle connections after its idle timeout, 60 s by default",
		Do:   "Raise idle_timeout.timeout_seconds (to 4000 at most), and send a ping from the application every 25 to 30 s.",
	}
	HAProxyNoServer = &Cause{
		Name: "haproxy-no-server", Layer: HAProxy,
		What: "HAProxy has no server that is up, or gets no answer from one",
		Do:   "Check the backend's servers and health checks: a check that requests the WebSocket's path fails. 502 means that the server closed the connection, 504 is timeout server.",
	}
	HAProxyHTTP2 = &Cause{
		Name: "haproxy-http2", Layer: HAProxy,
		What: "HAProxy speaks HTTP/2 to nginx, which carries no WebSocket over it",
		Do:   "Remove proto h2 (or alpn h2) from the server line of the backend: nginx accepts WebSockets over HTTP/1.1 only. The same holds for h2c:// in Caddy.",
	}
	HAProxyRefuses = &Cause{
		Name: "haproxy-refuses", Layer: HAProxy,
		What: "HAProxy refuses the request itself",
		Do:   "400 is a request that it considers malformed, 403 is http-request deny, 408 is timeout http-request. Its log names the rule.",
	}
	HAProxyCut = &Cause{
		Name: "haproxy-cut", Layer: HAProxy,
		What: "without timeout tunnel, HAProxy closes upgraded connections after timeout client or timeout server",
		Do:   "Set timeout tunnel 1h in the defaults or the backend, and send a ping from the application every 25 to 30 s.",
	}
	EnvoyUpgradesOff = &Cause{
		Name: "envoy-upgrades-off", Layer: Envoy,
		What: "Envoy refuses upgrades that its listener or route does not allow",
		Do:   "Add upgrade_configs with upgrade_type websocket to the HTTP connection manager or the route.",
	}
	EnvoyUpstream = &Cause{
		Name: "envoy-upstream", Layer: Envoy,
		What: "Envoy cannot reach its upstream",
		Do:   "Check the cluster's endpoints and health checks, and that it uses HTTP/1.1 to the application.",
	}
)

// All lists the causes, nginx's first.
var All = []*Cause{
	HeadersLost, HTTP10, HTTP2Upstream, HandshakeDropped, HeaderTwice, AnswerDamaged, NoTunnel, ForcedUpgrade, ConnectionCompared, HostLost,
	SlashRedirect, SchemeRedirect, LoginNeeded, SubrequestUpgraded, RefusedByNginx, WrongLocation, PathChanged, Cached,
	UpstreamDown, UpstreamUnresolved, UpstreamTLS, OneServerDown, UpstreamSilent, NginxError, ConnectionsExhausted, Limited,
	RequestTooLarge, HTTP2OnPlainPort, IdleCut, Reloaded, NoAffinity,
	BehindPage, SchemeMistaken, SubprotocolRefused, NameUnknown, PortClosed, Unreachable, ProxyRefuses, Certificate, TLSFails,
	HTTP2Only, NotHTTP, NoAnswer, OriginRefused, ApplicationLogin, ApplicationRefuses, PathUnknown, ApplicationCloses, BlockedBySomething, SilentlyDropped,
	ProxyCut, GatewayError,
	CloudflareOff, CloudflareBlocks, CloudflareOrigin, CloudflareCut, AWSTargetProtocol, AWSTarget, AWSCut,
	HAProxyNoServer, HAProxyHTTP2, HAProxyRefuses, HAProxyCut, EnvoyUpgradesOff, EnvoyUpstream,
}
