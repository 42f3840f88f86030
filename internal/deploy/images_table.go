package deploy

import "github.com/nginx-ws-lint/nginx-ws-lint/parser"

// daemonOff keeps nginx in the foreground, without which a container ends.
const daemonOff = "daemon off;"

// knownImages are images that run nginx, the first match counts. The texts are not
// those of the images: they have the includes, maps and headers that matter to a
// configuration that is added, and no more.
var knownImages = []known{
	{
		names: "nginx nginxinc/nginx-unprivileged nginx/nginx-unprivileged nginx/nginx fholzer/nginx-brotli", alone: true, templates: true, globals: daemonOff,
		main: "/etc/nginx/nginx.conf",
		dirs: []string{"/etc/nginx/conf.d", "/etc/nginx/modules", "/usr/share/nginx/html", "/docker-entrypoint.d", "/var/log/nginx"},
		files: map[string]string{
			"/etc/nginx/nginx.conf":          stockMain("/etc/nginx/conf.d/*.conf"),
			"/etc/nginx/conf.d/default.conf": stockServer, "/etc/nginx/mime.types": "types { text/html html; }\n",
			"/etc/nginx/fastcgi_params": "", "/etc/nginx/scgi_params": "", "/etc/nginx/uwsgi_params": "",
		},
	},
	{
		names: "openresty/openresty neomantra/openresty", alone: true, globals: daemonOff,
		main: "/usr/local/openresty/nginx/conf/nginx.conf",
		dirs: []string{"/etc/nginx/conf.d", "/usr/local/openresty/nginx/html", "/usr/local/openresty/nginx/logs"},
		files: map[string]string{
			"/usr/local/openresty/nginx/conf/nginx.conf": stockMain("/etc/nginx/conf.d/*.conf"),
			"/etc/nginx/conf.d/default.conf":             stockServer, "/usr/local/openresty/nginx/conf/mime.types": "types { text/html html; }\n",
			"/usr/local/openresty/nginx/conf/fastcgi_params": "", "/usr/local/openresty/nginx/conf/scgi_params": "", "/usr/local/openresty/nginx/conf/uwsgi_params": "",
		},
	},
	{
		names: "docker.angie.software/angie angie", alone: true, globals: daemonOff, main: "/etc/angie/angie.conf",
		dirs: []string{"/etc/angie/http.d", "/etc/angie/stream.d"},
		files: map[string]string{
			"/etc/angie/angie.conf":          stockMain("/etc/angie/http.d/*.conf") + "stream {\n    include /etc/angie/stream.d/*.conf;\n}\n",
			"/etc/angie/http.d/default.conf": stockServer, "/etc/angie/mime.types": "types { text/html html; }\n",
			"/etc/angie/fastcgi_params": "", "/etc/angie/scgi_params": "", "/etc/angie/uwsgi_params": "",
		},
	},
	{
		names: "alibaba/tengine", since: parser.Number{3, 2}, alone: true, main: "/etc/tengine/tengine.conf",
		dirs: []string{"/etc/tengine/conf.d"},
		files: map[string]string{
			"/etc/tengine/tengine.conf":        stockMain("/etc/tengine/conf.d/*.conf"),
			"/etc/tengine/conf.d/default.conf": stockServer, "/etc/tengine/mime.types": "types { text/html html; }\n",
		},
	},
	{
		names: "bitnami/nginx bitnamilegacy/nginx", alone: true, main: "/opt/bitnami/nginx/conf/nginx.conf",
		dirs: []string{"/opt/bitnami/nginx/conf/server_blocks", "/opt/bitnami/nginx/conf/bitnami"},
		files: map[string]string{
			"/opt/bitnami/nginx/conf/nginx.conf": stockMain("/opt/bitnami/nginx/conf/server_blocks/*.conf"),
			"/opt/bitnami/nginx/conf/mime.types": "types { text/html html; }\n",
		},
	},
	{
		names: "nginxproxy/nginx-proxy jwilder/nginx-proxy nginx-proxy/nginx-proxy", main: "/etc/nginx/nginx.conf",
		dirs: []string{"/etc/nginx/conf.d", "/etc/nginx/vhost.d", "/etc/nginx/certs"},
		files: map[string]string{
			"/etc/nginx/nginx.conf":          stockMain("/etc/nginx/conf.d/*.conf"),
			"/etc/nginx/conf.d/default.conf": nginxProxyDefault, "/etc/nginx/mime.types": "types { text/html html; }\n",
		},
	},
	{
		names: "jc21/nginx-proxy-manager jc21/nginx-full nginxproxymanager/nginx-full", main: "/etc/nginx/nginx.conf",
		dirs:  []string{"/data/nginx", "/etc/nginx/conf.d"},
		files: map[string]string{"/etc/nginx/nginx.conf": proxyManagerMain},
	},
	{
		names: "linuxserver/swag", main: "/config/nginx/nginx.conf", late: true,
		dirs: []string{"/config/nginx/site-confs", "/config/nginx/proxy-confs"},
		files: map[string]string{
			"/config/nginx/nginx.conf": swagMain, "/config/nginx/site-confs/default.conf": swagDefault,
			"/config/nginx/proxy.conf": swagProxy, "/config/nginx/resolver.conf": "resolver 127.0.0.11 valid=30s;\n",
			"/config/nginx/ssl.conf": "",
		},
	},
}

// stockMain is the main file of nginx's own packages and images.
func stockMain(include string) string {
	return "worker_processes auto;\nevents {\n    worker_connections 1024;\n}\nhttp {\n    sendfile on;\n    keepalive_timeout 65;\n    include " + include + ";\n}\n"
}

// stockServer is the server that answers where nothing else is configured.
const stockServer = `server {
    listen 80;
    server_name localhost;
    location / {
        root /usr/share/nginx/html;
        index index.html index.htm;
    }
}
`

// nginxProxyDefault has what nginx-proxy sets at http level.
const nginxProxyDefault = `map $http_x_forwarded_proto $proxy_x_forwarded_proto {
    default $http_x_forwarded_proto;
    '' $scheme;
}
map $http_upgrade $proxy_connection {
    default upgrade;
    '' '';
}
proxy_http_version 1.1;
proxy_set_header Host $host;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $proxy_connection;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $proxy_x_forwarded_proto;
proxy_set_header Proxy "";
`

// proxyManagerMain is what Nginx Proxy Manager sets at http level.
const proxyManagerMain = `include /data/nginx/custom/root_top[.]conf;
events {
    include /data/nginx/custom/events[.]conf;
}
http {
    keepalive_timeout 90s;
    proxy_connect_timeout 90s;
    proxy_send_timeout 90s;
    proxy_read_timeout 90s;
    proxy_http_version 1.1;
    proxy_set_header X-Forwarded-Scheme $x_forwarded_scheme;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header Accept-Encoding "";
    map $host $forward_scheme {
        default http;
    }
    map $http_x_forwarded_proto $x_forwarded_proto {
        "http" "http";
        "https" "https";
        default $scheme;
    }
    map $http_x_forwarded_scheme $x_forwarded_scheme {
        "http" "http";
        "https" "https";
        default $scheme;
    }
    resolver 127.0.0.11 valid=10s;
    include /data/nginx/custom/http_top[.]conf;
    include /data/nginx/default_host/*.conf;
    include /data/nginx/proxy_host/*.conf;
    include /data/nginx/redirection_host/*.conf;
    include /data/nginx/dead_host/*.conf;
    include /data/nginx/temp/*.conf;
    include /data/nginx/custom/http[.]conf;
}
include /data/nginx/custom/root[.]conf;
`

// swagMain is what SWAG sets at http level.
const swagMain = `worker_processes auto;
events {
    worker_connections 1024;
}
http {
    client_max_body_size 0;
    include /config/nginx/resolver.conf;
    keepalive_timeout 65;
    map $http_upgrade $connection_upgrade {
        default upgrade;
        '' close;
    }
    include /config/nginx/site-confs/*.conf;
}
`

// swagDefault is the server of SWAG that includes the user's locations.
const swagDefault = `server {
    listen 443 ssl default_server;
    server_name _;
    include /config/nginx/ssl.conf;
    include /config/nginx/proxy-confs/*.subfolder.conf;
    location / {
        root /config/www;
    }
}
include /config/nginx/proxy-confs/*.subdomain.conf;
`

// swagProxy is what SWAG's proxied locations include.
const swagProxy = `proxy_http_version 1.1;
proxy_set_header Connection $connection_upgrade;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Host $host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Host $host;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Real-IP $remote_addr;
proxy_read_timeout 240;
`
