package lint

import "github.com/nginx-ws-lint/nginx-ws-lint/parser"

// The ways in which people write the values that decide about a handshake, the
// right ones more often than the others.
var (
	upgradeValues = []string{
		"$http_upgrade", "$http_upgrade", "$http_upgrade", "$http_upgrade", "$http_upgrade", `"$http_upgrade"`, "'$http_upgrade'", "${http_upgrade}", "$HTTP_Upgrade",
		"websocket", `"websocket"`, "WebSocket", `"websocket, h2c"`, "$http_upgarde", `""`, "$m", "h2c", "$up", `" websocket"`, `"web${empty}socket"`, "$http_nope",
	}
	connectionValues = []string{
		"upgrade", `"upgrade"`, "'Upgrade'", "Upgrade", "UPGRADE", `"Upgrade, keep-alive"`, `"keep-alive, Upgrade"`, `"keep-alive,upgrade"`, `"upgrade,"`, "upgrade,close",
		`"upgrade\tkeep-alive"`, `"upgrade; x"`, "$m", "$m", "$m", "${m}", "$M", "$http_connection", "$chain", "$combo", "$regex", "$geo", "$c", "$bad", "close", `""`, "''", "keep-alive",
		`"$m"`, `"$m, keep-alive"`, `"keep-alive, $m"`, "$http_upgrade", "$hosts", "$fixed", "$none", `"up${empty}grade"`, "$sw",
	}
	headerNames = map[string][]string{
		"Upgrade":    {"Upgrade", "Upgrade", "Upgrade", "Upgrade", "upgrade", "UPGRADE", `"Upgrade"`},
		"Connection": {"Connection", "Connection", "Connection", "Connection", "connection", "'Connection'", "CONNECTION"},
	}
	otherHeaders = []string{
		"X-Real-IP $remote_addr", "X-Forwarded-For $proxy_add_x_forwarded_for", "X-Forwarded-Proto $scheme", "X-Empty ''", "X-M $m", "X-Mode '$http_upgrade/$m'",
		"Origin ''", "Accept-Encoding ''", "Sec-WebSocket-Version $http_sec_websocket_version", "Sec-WebSocket-Key $http_sec_websocket_key",
		"Sec-WebSocket-Extensions $http_sec_websocket_extensions", "Sec-WebSocket-Protocol $http_sec_websocket_protocol",
	}
	onceSettings = [][2]string{
		{"proxy_buffering", "off"}, {"proxy_send_timeout", "1h"}, {"proxy_redirect", "off"}, {"proxy_connect_timeout", "7d"}, {"tcp_nodelay", "on"},
		{"proxy_request_buffering", "off"}, {"proxy_socket_keepalive", "on"}, {"chunked_transfer_encoding", "off"}, {"proxy_ignore_client_abort", "on"},
		{"proxy_next_upstream", "error"}, {"proxy_buffer_size", "8k"}, {"gzip", "on"}, {"keepalive_timeout", "0"}, {"add_header", "Upgrade $http_upgrade"},
	}
	fatalSettings = [][2]string{
		{"proxy_method", "POST"}, {"proxy_method", "GET"}, {"proxy_pass_request_headers", "off"}, {"proxy_pass_request_headers", "on"},
		{"proxy_hide_header", "Upgrade"}, {"proxy_hide_header", "Sec-WebSocket-Accept"}, {"proxy_hide_header", "X-Powered-By"},
		{"proxy_set_header Sec-WebSocket-Key", `""`}, {"proxy_set_header Sec-WebSocket-Version", `""`}, {"proxy_read_timeout", "0"},
		{"proxy_set_header Sec-WebSocket-Version", "8"}, {"proxy_set_header Host", `""`}, {"proxy_set_header HOST", "$host"},
		{"proxy_set_header Content-Length", "5"}, {"proxy_set_header Content-Length", "$content_length"}, {"proxy_set_header Transfer-Encoding", "chunked"},
		{"proxy_set_header Expect", "100-continue"}, {"proxy_set_header TE", "trailers"},
		{"proxy_method", "$http_nope"}, {"proxy_set_header Sec-WebSocket-Key", "$http_nope"}, {"proxy_set_header Sec-WebSocket-Version", "$http_sec_websocket_key"},
		{"proxy_pass_header", "Upgrade"}, {"add_header", "Upgrade $http_upgrade always"}, {"add_header", "Sec-WebSocket-Accept $upstream_http_sec_websocket_accept always"},
	}
)

// http2Upstreams is the first version with proxy_http_version 2.
var http2Upstreams = parser.Version{Major: 1, Minor: 29, Patch: 4}

// settings adds some of the settings that decide about a handshake: a level
// that tries to be right, or a heap of anything.
func (l *level) settings() {
	if l.chance(45) {
		l.rightSettings()
		return
	}
	if l.chance(30) {
		l.once("proxy_http_version", l.httpVersion())
	}
	for _, name := range []string{"Upgrade", "Connection"} {
		if l.chance(45) {
			l.header(name)
			if l.chance(6) {
				l.header(name)
			}
		}
	}
	l.extras()
}

// rightSettings adds what a handshake needs, with perhaps one thing missing.
func (l *level) rightSettings() {
	if !l.chance(8) {
		l.once("proxy_http_version", "1.1")
	}
	if !l.chance(8) {
		l.add("proxy_set_header Upgrade $http_upgrade")
	}
	if !l.chance(8) {
		l.add("proxy_set_header Connection %s", l.pick("upgrade", `"Upgrade"`, "$m", "$chain", "$regex", "$c"))
	}
	if l.chance(15) {
		l.extras()
	}
}

func (l *level) extras() {
	if l.chance(35) {
		l.once("proxy_set_header Host", l.pick("$host", `"$http_host"`, "$host:$server_port", "example.test", "$proxy_host"))
	}
	for l.chance(25) {
		l.add("proxy_set_header %s", otherHeaders[l.IntN(len(otherHeaders))])
	}
	if l.chance(20) {
		l.once("proxy_read_timeout", l.pick("1h", "30s", "60", "1d", "3600s"))
	}
	if l.chance(12) {
		s := onceSettings[l.IntN(len(onceSettings))]
		l.once(s[0], s[1])
	}
	if l.chance(4) {
		s := fatalSettings[l.IntN(len(fatalSettings))]
		l.once(s[0], s[1])
	}
	if l.place != "snippet" && l.chance(20) {
		l.include()
	}
}

func (l *level) header(name string) {
	values := upgradeValues
	if name == "Connection" {
		values = connectionValues
	}
	l.add("proxy_set_header %s %s", l.pick(headerNames[name]...), l.pick(values...))
}

func (l *level) httpVersion() string {
	v := l.pick("1.1", "1.1", "1.1", `"1.1"`, "1.0", "1.0", "2")
	if v == "2" && l.version.Before(http2Upstreams) {
		return "1.1"
	}
	return v
}
