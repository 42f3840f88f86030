package intent

import "testing"

// Paths that a search for ws or socket would mistake for WebSockets, and other
// look-alikes. At most they are possible.
func TestPitfalls(t *testing.T) {
	for _, test := range []struct {
		server string
		most   Level
	}{
		{`location /wsdl { proxy_pass http://b; }`, None},
		{`location /ws/2 { proxy_pass http://b; }`, None},
		{`location /ws/v1/ { proxy_pass http://b; }`, None},
		{`location ~ ^/ws/v[0-9]+/artist { proxy_pass http://b; }`, None},
		{`location /ws/rest { proxy_pass http://b; }`, None},
		{`location /ws/soap { proxy_pass http://b; }`, None},
		{`location /x { proxy_pass http://b/ws/v1/; }`, None},
		{`location /ws.asmx { proxy_pass http://b; }`, None},
		{`location /news { proxy_pass http://b; }`, None},
		{`location /newsletter { proxy_pass http://tautulli:8181; }`, None},
		{`location /wsgi { proxy_pass http://b; }`, None},
		{`location /aws { proxy_pass http://b; }`, None},
		{`location /browser { proxy_pass http://b; }`, None},
		{`location =/unix-socket { proxy_pass http://docs.example.com/unix-socket/; }`, None},
		{`location /sockets-shop { proxy_pass http://b; }`, None},
		{`location /services/chats { proxy_pass http://ws-collaboration; }`, Possible},
		{`location /events { proxy_pass http://b; }`, None},
		{`location ~ /stream$ { proxy_pass http://sse_backend; proxy_buffering off; proxy_read_timeout 24h; }`, None},
		{`location /library/streams { proxy_pass http://plex:32400; }`, None},
		{`location ~* ^/Videos/(.*)/(?!live) { proxy_pass http://jellyfin; }`, None},
		{`location /streaming { proxy_pass http://b; }`, None},
		{`location /hub { proxy_pass http://b; }`, None},
		{`location /live { proxy_pass http://b; }`, None},
		{`location /livez { proxy_pass http://b; }`, None},
		{`location /channels { proxy_pass http://b; }`, None},
		{`location /push { proxy_pass http://b; }`, None},
		{`location /echo { proxy_pass http://b; }`, None},
		{`location /console { proxy_pass http://admin; }`, None},
		{`location /relay { proxy_pass http://relay; }`, None},
		{`location /cable-tv { proxy_pass http://b; }`, Possible},
		{`location /cable/packages { proxy_pass http://b; }`, Possible},
		{`location /socket.io/socket.io.js { proxy_pass http://b; }`, None},
		{`location = /auth { proxy_pass http://b:8888; }`, None},
		{`location /seafhttp { proxy_pass http://b:8082; proxy_read_timeout 36000s; proxy_buffering off; proxy_http_version 1.1; }`, None},
		{`location /Microsoft-Server-ActiveSync { proxy_pass http://b; proxy_read_timeout 3600s; }`, None},
		// what else speaks against it
		{`location ~* \.(js|css|png)$ { proxy_pass http://n8n:5678; }`, None},
		{`location /.well-known/mercure { proxy_pass http://b; }`, None},
		{`location /static/ws/ { proxy_pass http://b; }`, None},
		{`server_name ws.example.com; location /healthz { proxy_pass http://b; }`, None},
		{`location /robots.txt { proxy_pass http://ws; }`, None},
		{`location = /oauth2/auth { proxy_pass http://b; proxy_set_header Upgrade $http_upgrade; }`, Possible},
		{`location /app { proxy_pass http://b; }`, None},
		{`location /api { proxy_pass http://b; }`, None},
		{`location / { proxy_pass http://qbittorrent:8080; }`, None},
	} {
		if score := one(t, test.server); score.Level > test.most {
			t.Errorf("%s: %v (%d) %q, want %v at most", test.server, score.Level, score.Points, score.Reasons, test.most)
		}
	}
}

// The same words where they do mean WebSockets.
func TestNoPitfalls(t *testing.T) {
	for _, server := range []string{
		`location /api/v2/ws { proxy_pass http://b; }`,
		`location /auth/ws { proxy_pass http://b; }`,
		`location /ws/chat { proxy_pass http://b; }`,
		`location /socket.io { proxy_pass http://b/socket.io; }`,
		`location ~ ^/(?!static)ws { proxy_pass http://b; }`,
		`location ^~ /app/_blazor { proxy_pass http://blazor; }`,
		`location = /notifications/hub { proxy_pass http://b; }`,
		`location ~ /terminals/websocket/ { proxy_pass http://b; }`,
		`location /api2/json/nodes/pve/qemu/100/vncwebsocket { proxy_pass https://b:8006; }`,
		`server_name mqtt.example.com; location / { proxy_pass http://mosquitto:9001; }`,
	} {
		if score := one(t, server); score.Level < Likely {
			t.Errorf("%s: %v (%d) %q, want likely", server, score.Level, score.Points, score.Reasons)
		}
	}
}
