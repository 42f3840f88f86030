package lint

import (
	"fmt"
	"strings"
)

// A growth is a kind of configuration that an attacker may send, of any size.
type growth struct {
	name string
	make func(n int) string
}

// many writes a text n times, each with its number.
func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
func manyF(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
	}
	return b.String()
}
func httpOf(s string) string { return "events {}\nhttp {\n" + s + "\n}\n" }
func serverOf(s string) string {
	return httpOf("server {\nlisten 80;\nserver_name a.example;\n" + s + "\n}")
}

// good are the lines of a location whose handshakes pass.
const good = "proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"

// growths are configurations that used, or could use, time or memory quadratic in
// their size, or worse.
var growths = []growth{
	{"directives on one line", func(n int) string { return httpOf(many(n, "gzip_types t%d; ")) }},
	{"same directive", func(n int) string { return httpOf(strings.Repeat("proxy_set_header A b;", n)) }},
	{"comments", func(n int) string { return "events {}\n" + strings.Repeat("# x\n", n) + "http {}\n" }},
	{"one long comment", func(n int) string { return "events {}\n#" + strings.Repeat("x", n) + "\nhttp {}\n" }},
	{"one long word", func(n int) string { return "events {}\nhttp { a " + strings.Repeat("x", n) + "; }\n" }},
	{"parts of a location name", func(n int) string {
		return serverOf("location /" + strings.Repeat("socket.io/ws/api/", n) + " { proxy_pass http://a; }")
	}},
	{"long expression", func(n int) string {
		return serverOf("location ~ '" + strings.Repeat("a.(b|c)", n) + "' { proxy_pass http://a; }")
	}},
	{"long server name and locations", func(n int) string {
		return serverOf("server_name " + strings.Repeat("socket-io-ws-", n) + "x; " + many(n, "location /%d { proxy_pass http://a; }\n"))
	}},
	{"sets and locations", func(n int) string {
		return serverOf(many(n, "set $v%d x;\n") + many(n, "location /%d/ws { proxy_pass http://$v%[1]d; }\n"))
	}},
	{"header lines at http level", func(n int) string {
		return httpOf(many(n, "proxy_set_header X-%d $host;\n") + "server {\n" + many(n, "location /%d/ws { proxy_pass http://a; }\n") + "}")
	}},
	{"missing semicolons, and findings in blocks beside them", func(n int) string {
		return httpOf(strings.Repeat("server_tokens off\ntcp_nodelay on;\n", n) + many(n, "server { listen %d; keepalive_timeout 1 2 3 4; }\n"))
	}},
	{"parameters", func(n int) string { return httpOf("server_name " + many(n, "n%d.example ") + ";") }},
	{"parameters in server", func(n int) string {
		return serverOf("server_name " + many(n, "n%d.example ") + "; location /ws { proxy_pass http://a; }")
	}},
	{"nested unknown", func(n int) string { return strings.Repeat("a{", n) }},
	{"nested closed", func(n int) string { return "events{}" + strings.Repeat("http{", n) + strings.Repeat("}", n) }},
	{"nested locations", func(n int) string {
		k := min(n, 90)
		return serverOf(strings.Repeat("location /ws { proxy_pass http://a; ", k) + strings.Repeat("}", k))
	}},
	{"closing braces", func(n int) string { return "events{}http{}" + strings.Repeat("}", n) }},
	{"opening braces only", func(n int) string { return "events{}http{}" + strings.Repeat("{}", n) }},
	{"semicolons", func(n int) string { return "events{}http{}" + strings.Repeat(";", n) }},
	{"unclosed quotes", func(n int) string { return "events{}http{}" + strings.Repeat("a \"x;\n", n) }},
	{"unclosed quotes one line", func(n int) string { return "events{}http{}" + strings.Repeat("a \"x\"y ", n) }},
	{"long quoted", func(n int) string { return "events{}http{}" + strings.Repeat("a 'x ;", n) }},
	{"lua blocks", func(n int) string { return "events{}http{" + strings.Repeat("init_by_lua_block { [==[ ", n) }},
	{"lua blocks comments", func(n int) string { return "events{}http{" + strings.Repeat("init_by_lua_block { --[==[ }", n) }},
	{"locations", func(n int) string {
		return serverOf(many(n, "location /%d/ws { proxy_pass http://127.0.0.1:3000; }\n"))
	}},
	{"locations one line", func(n int) string { return serverOf(many(n, "location /%d/ws { proxy_pass http://127.0.0.1:3000; } ")) }},
	{"same location", func(n int) string {
		return serverOf(strings.Repeat("location /ws { proxy_pass http://127.0.0.1:3000; }\n", n))
	}},
	{"good locations", func(n int) string {
		return serverOf(many(n, "location /%d/ws { proxy_pass http://127.0.0.1:3000; "+good+" }\n"))
	}},
	{"prefix locations", func(n int) string {
		return serverOf(manyF(n, func(i int) string {
			return fmt.Sprintf("location /ws/%s { proxy_pass http://a; }\n", strings.Repeat("a", i%1000))
		}))
	}},
	{"regex locations", func(n int) string { return serverOf(many(n, "location ~ ^/%d/ws/(.*)$ { proxy_pass http://a; }\n")) }},
	{"regex location bombs", func(n int) string {
		return serverOf(many(n, "location ~ '(a{1,30}){1,30}%d' { proxy_pass http://a; proxy_set_header Upgrade $http_upgrade; }\n"))
	}},
	{"regex location long", func(n int) string {
		return serverOf("location ~ '" + strings.Repeat("a{1000}", n) + "' { proxy_pass http://a; }\nlocation /ws { proxy_pass http://a; }")
	}},
	{"regex alternatives", func(n int) string {
		return serverOf("location ~ ^/(" + many(n, "ws%d|") + "x) { proxy_pass http://a; }\nlocation /ws { proxy_pass http://a; }")
	}},
	{"map bomb regexes", func(n int) string {
		return httpOf("map $http_upgrade $connection_upgrade { default close; " + many(n, "'~(a{1,30}){1,30}%d' upgrade;\n") + "}\nserver { location /ws { proxy_pass http://a; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; } }")
	}},
	{"map entries", func(n int) string {
		return httpOf("map $http_upgrade $connection_upgrade { default close; " + many(n, "k%d upgrade;\n") + "}\nserver { location /ws { proxy_pass http://a; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; } }")
	}},
	{"map entries and locations", func(n int) string {
		return httpOf("map $http_upgrade $connection_upgrade { default close; " + many(n, "~^k%d upgrade;\n") + "}\nserver { " + many(n, "location /%d/ws { proxy_pass http://a; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; }\n ") + "}")
	}},
	{"unknown map and locations", func(n int) string {
		return httpOf("map $http_x $connection_upgrade { default close; " + many(n, "~^k%d upgrade;\n") + "}\nserver { " + many(n, "location /%d/ws { proxy_pass http://a; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; }\n ") + "}")
	}},
	{"maps", func(n int) string {
		return httpOf(many(n, "map $http_upgrade $m%d { default upgrade; '' close; }\n") + "server { location /ws { proxy_pass http://a; } }")
	}},
	{"chain of set", func(n int) string {
		return serverOf("location /ws { set $a0 xx; " + manyF(n, func(i int) string { return fmt.Sprintf("set $a%d $a%d$a%d;\n", i+1, i, i) }) + fmt.Sprintf("proxy_pass http://a; proxy_set_header Upgrade $a%d; }", n))
	}},
	{"chain of set unknown", func(n int) string {
		return serverOf("location /ws { set $a0 $arg_x; " + manyF(n, func(i int) string { return fmt.Sprintf("set $a%d $a%d$a%d;\n", i+1, i, i) }) + fmt.Sprintf("proxy_pass http://a; proxy_set_header Upgrade $a%d; }", n))
	}},
	{"same variable appended", func(n int) string {
		return serverOf("location /ws { set $a $arg_x; " + strings.Repeat("set $a $a$a;", n) + "proxy_pass http://a; proxy_set_header Upgrade $a; }")
	}},
	{"growing variable", func(n int) string {
		return serverOf("location /ws { set $a x; " + strings.Repeat("set $a ${a}xxxxxxxx;", n) + "proxy_pass http://a; proxy_set_header Upgrade $a; }")
	}},
	{"chain of maps", func(n int) string {
		return httpOf(manyF(min(n, 60), func(i int) string {
			return fmt.Sprintf("map $m%d$m%d $m%d { default $m%d$m%d; }\n", i, i, i+1, i, i)
		}) + fmt.Sprintf("server { location /ws { proxy_pass http://a; proxy_set_header Upgrade $m%d; } }", min(n, 60)))
	}},
	{"chain of volatile maps", func(n int) string {
		return httpOf(manyF(min(n, 60), func(i int) string {
			return fmt.Sprintf("map $m%d$m%d$m%d $m%d { volatile; default $m%d$m%d$m%d$m%d; }\n", i, i, i, i+1, i, i, i, i)
		}) + fmt.Sprintf("server { location /ws { proxy_pass http://a; proxy_set_header Upgrade $m%d; } }", min(n, 60)))
	}},
	{"map of itself", func(n int) string {
		return httpOf("map $a$a $a { volatile; default " + strings.Repeat("$a", min(n, 40)) + "; }\nserver { location /ws { proxy_pass http://a; proxy_set_header Upgrade $a; } }")
	}},
	{"ifs in a location", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a; " + many(n, "if ($arg_a%d = x) { set $b%[1]d y; }\n") + "}")
	}},
	{"ifs setting one variable", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a; " + many(n, "if ($arg_a%d = x) { set $b $b$b; }\n") + " proxy_set_header Upgrade $b; }")
	}},
	{"ifs in server", func(n int) string {
		return serverOf(many(n, "if ($arg_a%d = x) { set $b%[1]d y; }\n") + "location /ws { proxy_pass http://a; }")
	}},
	{"ifs with proxy_pass", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a; " + many(n, "if ($arg_a%d = x) { proxy_pass http://a; }\n") + "}")
	}},
	{"ifs and locations", func(n int) string {
		return serverOf(many(n, "if ($arg_a%d = x) { set $b%[1]d y; }\n") + many(n, "location /%d/ws { proxy_pass http://a; }\n"))
	}},
	{"error_page jumps", func(n int) string {
		return serverOf(manyF(n, func(i int) string {
			return fmt.Sprintf("location /%d/ws { error_page 404 = /%d/ws; return 404; recursive_error_pages on; }\n", i, i+1)
		}))
	}},
	{"try_files jumps", func(n int) string {
		return serverOf(manyF(n, func(i int) string { return fmt.Sprintf("location /%d/ws { try_files $uri /%d/ws; }\n", i, i+1) }))
	}},
	{"rewrite jumps", func(n int) string {
		return serverOf(manyF(n, func(i int) string { return fmt.Sprintf("location /%d/ws { rewrite ^ /%d/ws last; }\n", i, i+1) }))
	}},
	{"named jumps", func(n int) string {
		return serverOf(manyF(n, func(i int) string {
			return fmt.Sprintf("location /%d/ws { try_files $uri @n%d; }\nlocation @n%d { proxy_pass http://a; }\n", i, i, i)
		}))
	}},
	{"regex jumps", func(n int) string {
		return serverOf(manyF(n, func(i int) string { return fmt.Sprintf("location ~ ^/%d/ws$ { try_files $uri /%d/ws; }\n", i, n) }))
	}},
	{"error_page codes", func(n int) string {
		return serverOf(many(n, "error_page 404 500 501 /x%d;\n") + "location /ws { return 404; } location /x { proxy_pass http://a; }")
	}},
	{"error_pages and locations", func(n int) string {
		return serverOf(many(n, "error_page 404 500 501 /x%d;\n") + many(n, "location /%d/ws { return 403; }\n"))
	}},
	{"servers same port", func(n int) string {
		return httpOf(many(n, "server { listen 80; server_name n%d; location /ws { proxy_pass http://a; } }\n"))
	}},
	{"servers same name", func(n int) string {
		return httpOf(strings.Repeat("server { listen 80; server_name n; location /ws { proxy_pass http://a; } }\n", n))
	}},
	{"servers own port", func(n int) string {
		return httpOf(many(n, "server { listen %d; server_name n; location /ws { proxy_pass http://127.0.0.1:%[1]d; } }\n"))
	}},
	{"listens", func(n int) string {
		return httpOf("server { " + many(n, "listen %d http2;\n") + "location /ws { proxy_pass http://a; } }")
	}},
	{"upgrade maps that nothing uses", func(n int) string {
		return httpOf(many(n, "map $http_upgrade $m%d { default upgrade; '' close; }\n") + "server { location / { proxy_pass http://a; } }")
	}},
	{"zones twice", func(n int) string {
		return httpOf(strings.Repeat(many(n, "limit_req_zone $remote_addr zone=z%d:1m rate=1r/s;\n"), 2))
	}},
	{"headers-more", func(n int) string {
		return serverOf(strings.Repeat("more_clear_headers Upgrade;\nmore_set_headers 'X: y';\n", n) + "location /ws { " + good + " proxy_pass http://a; }")
	}},
	{"upstreams", func(n int) string {
		return httpOf(many(n, "upstream u%d { server 127.0.0.1:1; }\n") + "server { " + many(n, "location /%d/ws { proxy_pass http://u%[1]d; }\n") + "}")
	}},
	{"upstream servers", func(n int) string {
		return httpOf("upstream u { " + many(n, "server 10.0.0.1:%d;\n") + "}\nserver { " + many(n, "location /%d/ws { proxy_pass http://u; }\n") + "}")
	}},
	{"headers in one location", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a; " + many(n, "proxy_set_header X-%d $host;\n") + "}")
	}},
	{"headers in server", func(n int) string {
		return serverOf(many(n, "proxy_set_header X-%d $host;\n") + many(n, "location /%d/ws { proxy_pass http://a; }\n"))
	}},
	{"headers inherited, one lost", func(n int) string {
		return serverOf(many(n, "proxy_set_header X-%d $host;\n") + "location /ws { proxy_pass http://a; proxy_set_header Upgrade $http_upgrade; }\n")
	}},
	{"duplicate headers", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a; " + strings.Repeat("proxy_set_header Upgrade $http_upgrade;\n", n) + "}")
	}},
	{"colon headers", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a; " + strings.Repeat("proxy_set_header Upgrade: $http_upgrade;", n) + "}")
	}},
	{"ignores", func(n int) string {
		return serverOf(many(n, "# nginx-ws-lint: ignore missing-upgrade-headers reason %d\nlocation /%[1]d/ws { proxy_pass http://a; }\n"))
	}},
	{"idle ignores", func(n int) string {
		return serverOf(strings.Repeat("# nginx-ws-lint: ignore missing-upgrade-headers reason\n", n) + many(n, "location /%d/ws { proxy_pass http://a; }\n"))
	}},
	{"ignore-file", func(n int) string {
		return serverOf(strings.Repeat("# nginx-ws-lint: ignore-file missing-host-header reason\n", n) + many(n, "location /%d/ws { proxy_pass http://a; }\n"))
	}},
	{"unknown annotations", func(n int) string {
		return serverOf(strings.Repeat("# nginx-ws-lint: ignroe x\n", n))
	}},
	{"ignored rules in one comment", func(n int) string {
		return serverOf("# nginx-ws-lint: ignore-file " + strings.Repeat("missing-host-header,", n) + "missing-host-header reason\n")
	}},
	{"limit_except", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a; " + strings.Repeat("limit_except GET { deny all; }\n", n) + "}")
	}},
	{"allow and deny", func(n int) string {
		return serverOf(many(n, "allow 10.0.0.%d;\n") + many(n, "location /%d/ws { proxy_pass http://a; }\n"))
	}},
	{"rewrites", func(n int) string {
		return serverOf("location /ws { " + many(n, "rewrite ^/(x%d.*)$ /$1 break;\n") + "proxy_pass http://a; }")
	}},
	{"rewrites in server", func(n int) string {
		return serverOf(many(n, "rewrite ^/(x%d.*)$ /$1 last;\n") + many(n, "location /%d/ws { proxy_pass http://a; }\n"))
	}},
	{"unread includes", func(n int) string {
		return serverOf(many(n, "include nothing%d.conf;\n") + many(n, "location /%d/ws { proxy_pass http://a; }\n"))
	}},
	{"glob includes", func(n int) string { return serverOf(many(n, "include conf.d/*%d*.conf;\n")) }},
	{"misspelt names", func(n int) string { return serverOf(many(n, "proxy_set_haeder%d x;\n")) }},
	{"misspelt long names", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a; " + strings.Repeat("p", n) + " x; }\n")
	}},
	{"invalid times", func(n int) string {
		return serverOf(many(n, "location /%d/ws { proxy_pass http://a; proxy_read_timeout "+strings.Repeat("9", 20)+"x; }\n"))
	}},
	{"refused directives", func(n int) string { return serverOf(many(n, "upstream x%d;\n")) }},
	{"duplicate scalars", func(n int) string { return serverOf(strings.Repeat("proxy_http_version 1.1;", n)) }},
	{"auth_request", func(n int) string {
		return serverOf(many(n, "location /%d/ws { auth_request /auth%[1]d; proxy_pass http://a; }\nlocation /auth%[1]d { proxy_pass http://a; proxy_set_header Upgrade $http_upgrade; proxy_http_version 1.1; proxy_set_header Connection upgrade; }\n"))
	}},
	{"add_header csp", func(n int) string {
		return serverOf(strings.Repeat("add_header Content-Security-Policy \"connect-src 'self'\";\n", n) + many(n, "location /%d/ws { proxy_pass http://a; }\n"))
	}},
	{"csp sources", func(n int) string {
		return serverOf("add_header Content-Security-Policy \"connect-src " + strings.Repeat("'self' ", n) + "\";\n location /ws { proxy_pass http://a; }\n")
	}},
	{"diff of equal lines", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a;\nproxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;\n}\n" + many(n, "location /socket.io%d {\nproxy_pass http://a;\n}\n"))
	}},
	{"diff of equal blocks", func(n int) string {
		return serverOf("location /ws { proxy_pass http://a;\nproxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;\n}\n" + strings.Repeat("location ~ /socket.io {\nproxy_pass http://a;\n}\n", n))
	}},
}
