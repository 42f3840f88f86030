package lint

// conditions of an if, those about Upgrade more often than others.
var conditions = []string{
	"$http_upgrade", "$http_upgrade", "$http_upgrade = websocket", `$http_upgrade = "websocket"`, "$http_upgrade ~* websocket", "$http_upgrade ~* ^websocket$",
	"$http_upgrade != websocket", "$http_upgrade = WebSocket", `$http_upgrade = ""`, `$http_upgrade != ""`, "$http_upgrade !~* web", "$http_upgrade !~ Web", "$m = upgrade", "$c",
	"$c = upgrade", "$request_method = POST", "$request_method !~ ^(GET|HEAD)$", "$http_connection ~* upgrade", "-f $request_filename", "!-e $request_filename",
	"$http_user_agent ~ Bot", "$late = Upgrade", "$late", "$geo = upgrade", "$http_sec_websocket_version", `$http_upgrade ~ "(web)(.*)"`, " $http_upgrade ", "$http_upgrade = $up",
	"$scheme = http", "$https", "$http_referer = ''", "$http_user_agent ~* (bot|curl)", "$http_user_agent !~ Mozilla", "$uri ~ ^/ws", "$request_uri !~ ^/ws", "$uri ~ ^/(ws|api)/.",
	"$http_x_forwarded_proto = http", "$remote_addr = 127.0.0.1", "$document_uri ~ ^/wsx",
}

// rewrites adds directives of the rewrite module.
func (l *level) rewrites() {
	switch n := l.IntN(10); {
	case n < 3:
		l.add("set $c %s", l.pick("''", "close", "upgrade"))
		l.ifBlock()
	case n < 5:
		l.add("set %s", l.pick("$c upgrade", "$c $http_connection", `$c "$m"`, "$c $m", "$m close", "$backend app", "${c}x upgrade", "$C upgrade", "$c $late"))
	case n < 7:
		l.rewrite()
	default:
		l.ifBlock()
	}
	if l.chance(30) {
		l.rewrites()
	}
	if l.chance(3) {
		l.add("break")
	}
	if l.chance(4) {
		l.add("set $c %s", l.pick("upgrade", "close"))
	}
}

func (l *level) rewrite() {
	l.add("rewrite %s", l.pick("^/api/(.*) /$1 break", "^ /ws last", "^/api(.*)$ /ws$1 last", "^/old(.*) /ws$1", "^/old/(.*) /$1 break", "^ https://example.test$request_uri permanent",
		"^/cable http://example.test/ws", "^/ws$ /cable redirect", "^/nowhere /ws last", "^(.*)$ $1 break", "^/(.*)$ /$1", "(?i)^/WS$ /cable last", "^/socket.io$ /socket.io/ permanent",
		"^/ws(.*)$ $1 break", "^/ws/(.*)$ $1 break", "^/ws https://example.test/ redirect"))
}

func (l *level) ifBlock() {
	in := l.generator.level("if")
	for range l.IntN(2) + 1 {
		switch n := l.IntN(10); {
		case n < 4:
			in.add("set $c %s", l.pick("upgrade", "Upgrade", "close", "''", "$http_connection", "${c}x"))
		case n < 7 && l.place == "location":
			if !in.seen["proxy_pass"] {
				in.seen["proxy_pass"] = true
				in.add("proxy_pass %s", l.pick("http://127.0.0.1:9001", "http://app", "http://127.0.0.1:9000"))
			}
		case n == 7:
			in.add("return %s", l.pick("403", "418", "426", "200 ok", "301 https://$host$request_uri", "444"))
		case n == 8:
			in.rewrite()
		case l.chance(50):
			in.add("break")
		}
	}
	p := block("if ("+l.pick(conditions...)+")", in.pieces...)
	p.flat = l.chance(50)
	l.put(p)
}
