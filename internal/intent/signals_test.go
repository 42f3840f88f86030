package intent

import "testing"

func TestSignals(t *testing.T) {
	for _, test := range []struct {
		name, server string
		points       int
		reason       string // the first one
	}{
		{"nothing", `location /a { proxy_pass http://b; }`, 0, ""},
		{"strong word", `location /live-ws/ { proxy_pass http://b; }`, 60, "path /live-ws/ names WebSockets"},
		{"word that ends in websocket", `location /mywebsocket { proxy_pass http://b; }`, 60, "path /mywebsocket names WebSockets"},
		{"strong word in camel case", `location /appWS { proxy_pass http://b; }`, 60, "path /appWS names WebSockets"},
		{"named location", `location @websocket { proxy_pass http://b; }`, 60, "path @websocket names WebSockets"},
		{"regular expression", `location ~ ^/v2/(ws|wss)(/.*)?$ { proxy_pass http://b; }`, 60, "path ~ ^/v2/(ws|wss)(/.*)?$ names WebSockets"},
		{"medium word", `location /app/realtime { proxy_pass http://b; }`, 30, "path /app/realtime suggests WebSockets (realtime)"},
		{"known dedicated endpoint", `location /_next/webpack-hmr { proxy_pass http://b; }`, 100, "known endpoint of Next.js HMR"},
		{"known mixed endpoint", `location /graphql { proxy_pass http://b; }`, 22, "known endpoint of GraphQL subscriptions"},
		{"known hubs", `location /hubs/ { proxy_pass http://b; }`, 40, "several applications serve WebSockets at /hubs/"},
		{"known stream", `location /message-bus/ { proxy_pass http://b; }`, 0, "known stream, without Upgrade, of Discourse message_bus"},
		{"target", `location /x { proxy_pass http://b/ws/; }`, 40, "proxy_pass leads to /ws/"},
		{"upstream", `location /x { proxy_pass http://ws_backend; }`, 45, "upstream ws_backend names WebSockets"},
		{"upstream by variable", `set $u http://soketi:80; location /x { proxy_pass $u; }`, 40, "upstream soketi:80 names WebSockets"},
		{"name of the variable", `location /x { proxy_pass http://$websocket_backend; }`, 45, "upstream $websocket_backend names WebSockets"},
		{"server name", `server_name ws.example.com; location /x { proxy_pass http://b; }`, 45, "server name ws.example.com names WebSockets"},
		{"application on /", `location / { proxy_pass http://n8n; }`, 40, "known endpoint of n8n"},
		{"application by server name", `server_name grafana.example.com; location / { proxy_pass http://b; }`, 30, "known endpoint of Grafana"},
		{"application below its name", `location /ttyd/ { proxy_pass http://ttyd; }`, 45, "known endpoint of ttyd"},
		{"application below any prefix that is cut off", `location /auto/ { proxy_pass http://n8n/; }`, 40, "known endpoint of n8n"},
		{"application above its endpoint", `location /rest/ { proxy_pass http://n8n; }`, 40, "known endpoint of n8n"},
		{"application elsewhere", `location /assets/x { proxy_pass http://n8n; }`, 0, ""},
		{"port", `location /x { proxy_pass http://b:15674; }`, 40, "the port of b:15674 is common for WebSocket applications"},
		{"port of an application", `location / { proxy_pass http://b:8501; }`, 45, "the port of b:8501 is common for WebSocket applications"},
		{"port of many applications", `location / { proxy_pass http://b:8888; }`, 0, ""},
		{"port of an application, elsewhere", `location /x { proxy_pass http://b:8501; }`, 0, ""},
		{"own Upgrade", `location /x { proxy_pass http://b; proxy_set_header Upgrade $http_upgrade; }`, 100, "it sets Upgrade"},
		{"Upgrade of the server", `proxy_set_header Upgrade $http_upgrade; location /x { proxy_pass http://b; }`, 80, "it inherits Upgrade"},
		{"Upgrade of the server, not sent", `proxy_set_header Upgrade $http_upgrade; location /x { root /b; }`, 0, ""},
		{"Upgrade of the server, cancelled", `proxy_set_header Upgrade $http_upgrade; location /x { proxy_pass http://b; proxy_set_header A b; }`,
			24, "its own proxy_set_header lines cancel an inherited Upgrade"},
		{"Upgrade of the server, cancelled beside a word", `proxy_set_header Upgrade $http_upgrade; location /socket { proxy_pass http://b; proxy_set_header A b; }`,
			100, "its own proxy_set_header lines cancel an inherited Upgrade"},
		{"a header of the answer", `location /x { proxy_pass http://b; proxy_pass_header Upgrade; }`, 60, "its proxy_pass_header names Upgrade"},
		{"Upgrade of the answer", `location /x { proxy_pass http://b; add_header Upgrade $http_upgrade; }`, 60, "its add_header names Upgrade"},
		{"HTTP/2 of the answer", `location /x { proxy_pass http://b; add_header Upgrade h2,h2c; }`, 0, ""},
		{"Upgrade of the server, not wanted", `proxy_set_header Upgrade $http_upgrade; location /x { proxy_pass http://b; proxy_set_header Connection ''; }`, 0, ""},
		{"empty Upgrade", `location /x { proxy_pass http://b; proxy_set_header Upgrade ''; }`, 0, ""},
		{"Connection", `location /x { proxy_pass http://b; proxy_set_header Connection "Upgrade"; }`, 90, "it sets Connection"},
		{"Connection keep-alive", `location /x { proxy_pass http://b; proxy_set_header Connection keep-alive; }`, 0, ""},
		{"Connection without $", `location /x { proxy_pass http://b; proxy_set_header Connection connection_upgrade; }`, 90, "it sets Connection"},
		{"cache bypass", `location /x { proxy_pass http://b; proxy_cache_bypass $cookie_a $http_upgrade; }`, 45, "proxy_cache_bypass $http_upgrade"},
		{"long timeout beside a word", `location /socket { proxy_pass http://b; proxy_read_timeout 1d; }`, 85, "path /socket suggests WebSockets (socket)"},
		{"long timeout of the server", `proxy_read_timeout 1d; location /socket { proxy_pass http://b; }`, 60, "path /socket suggests WebSockets (socket)"},
		{"buffering beside a word", `location /x/terminal { proxy_pass http://b; proxy_buffering off; }`, 28, "path /x/terminal suggests WebSockets (terminal)"},
		{"comment inside", "location /x { # for socket.io\nproxy_pass http://b; }", 35, "comment mentions socket.io"},
		{"comment above", "# WebSockets\n# and more\nlocation /x { proxy_pass http://b; }", 35, "comment mentions WebSockets"},
		{"comment elsewhere", "# WebSockets\n\nlocation /x { proxy_pass http://b; }", 0, ""},
		{"comment that says no", "# no websocket here\nlocation /x { proxy_pass http://ws; }", 25, "upstream ws names WebSockets"},
		{"directive that is commented out", "location /x { proxy_pass http://b;\n# proxy_pass http://websocket;\n}", 0, ""},
		{"server-sent events beside a comment", "location ~ ^/x { # SSE/WebSocket\nproxy_pass http://b; proxy_buffering off; proxy_set_header Connection ''; }",
			3, "comment mentions WebSockets"},
		{"fastcgi", `location /ws { fastcgi_pass b; }`, 0, "path /ws names WebSockets"},
		{"grpc", `location /ws { grpc_pass b; }`, 0, "path /ws names WebSockets"},
		{"uwsgi", `location /ws { uwsgi_pass b; }`, 35, "path /ws names WebSockets"},
	} {
		t.Run(test.name, func(t *testing.T) {
			score, reason := one(t, test.server), ""
			if len(score.Reasons) > 0 {
				reason = score.Reasons[0]
			}
			if score.Points != test.points || reason != test.reason || score.Level != levelOf(test.points) {
				t.Errorf("%v %d %q, want %d %q", score.Level, score.Points, score.Reasons, test.points, test.reason)
			}
		})
	}
}
