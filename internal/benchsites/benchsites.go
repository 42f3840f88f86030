// Package benchsites writes configurations with many sites, like those of a hosting
// company, for benchmarks. One site in ten is broken.
package benchsites

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Write writes an nginx.conf with n sites, one file each, and their shared snippets
// into a directory. `nginx -t -p DIR -c nginx.conf` accepts it. It returns the total
// size in bytes.
func Write(dir string, n int) (int64, error) {
	w := writer{dir: dir}
	for _, sub := range []string{"sites-enabled", "snippets", "logs"} {
		w.err = errors.Join(w.err, os.MkdirAll(filepath.Join(dir, sub), 0o755))
	}
	w.file("nginx.conf", strings.ReplaceAll(main, "LOGS", filepath.Join(dir, "logs")))
	w.file("mime.types", "types { text/html html htm; text/css css; application/javascript js; image/png png; }\n")
	w.file("snippets/proxy.conf", proxy)
	w.file("snippets/websocket.conf", websocket)
	w.file("snippets/security.conf", security)
	for i := range n {
		w.file(fmt.Sprintf("sites-enabled/site%06d.conf", i), site(i))
	}
	return w.bytes, w.err
}

type writer struct {
	dir   string
	bytes int64
	err   error
}

func (w *writer) file(name, text string) {
	w.bytes += int64(len(text))
	w.err = errors.Join(w.err, os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o644))
}

const main = `worker_processes auto;
error_log LOGS/error.log warn;
pid LOGS/nginx.pid;
events { worker_connections 1024; }
http {
    include mime.types;
    default_type application/octet-stream;
    server_names_hash_max_size 1048576;
    server_names_hash_bucket_size 128;
    variables_hash_max_size 4096;
    log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                    '$status $body_bytes_sent "$http_referer" '
                    '"$http_user_agent" "$http_x_forwarded_for"';
    access_log off;
    sendfile on;
    keepalive_timeout 65;
    map $http_upgrade $connection_upgrade {
        default upgrade;
        ''      close;
    }
    include sites-enabled/*.conf;
}
`

const proxy = `proxy_http_version 1.1;
proxy_set_header Host $host;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_read_timeout 60s;
`

const websocket = `proxy_http_version 1.1;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $connection_upgrade;
proxy_set_header Host $host;
proxy_read_timeout 3600s;
proxy_send_timeout 3600s;
`

const security = `add_header X-Frame-Options "SAMEORIGIN" always;
add_header X-Content-Type-Options "nosniff" always;
add_header Referrer-Policy "strict-origin-when-cross-origin" always;
`

// paths and bodies are those of the WebSocket location, used in turn.
var (
	paths  = []string{"/ws", "/socket.io/", "/cable", "/hub/", `~ ^/(ws|wss|sockjs)/`}
	bodies = []string{
		"        include snippets/websocket.conf;\n",
		"        proxy_http_version 1.1;\n        proxy_set_header Upgrade $http_upgrade;\n        proxy_set_header Connection \"upgrade\";\n" +
			"        proxy_set_header Host $host;\n        proxy_read_timeout 86400;\n",
	}
)

func site(i int) string {
	body := bodies[i*5/4%len(bodies)]
	if i%10 == 0 { // broken: the headers of plain requests only
		body = "        include snippets/proxy.conf;\n"
	}
	return fmt.Sprintf(siteText, i, 3000+i%20000, 3001+i%20000, paths[i*7/3%len(paths)], body)
}

const siteText = `# site %[1]d: app%[1]d.example.com (managed by hand, see wiki)
upstream app%[1]d {
    server 127.0.0.1:%[2]d max_fails=3 fail_timeout=30s;
    server 127.0.0.1:%[3]d backup;
    keepalive 16;
}

server {
    listen 80;
    server_name app%[1]d.example.com www.app%[1]d.example.com;
    return 301 https://$host$request_uri;
}

server {
    listen 8443;
    server_name app%[1]d.example.com www.app%[1]d.example.com;

    root /var/www/app%[1]d/public;
    index index.html;
    client_max_body_size 32m;
    include snippets/security.conf;

    # static assets
    location ~* \.(?:css|js|png|jpe?g|gif|svg|woff2?)$ {
        expires 30d;
        add_header Cache-Control "public, max-age=2592000";
        access_log off;
        try_files $uri =404;
    }

    location / {
        try_files $uri $uri/ @app;
    }

    location @app {
        proxy_pass http://app%[1]d;
        include snippets/proxy.conf;
        proxy_redirect off;
        proxy_buffering on;
    }

    # websocket endpoint
    location %[4]s {
        proxy_pass http://app%[1]d;
%[5]s    }

    location = /healthz {
        return 200 'ok';
    }

    error_page 500 502 503 504 /50x.html;
    location = /50x.html {
        internal;
    }
}
`
