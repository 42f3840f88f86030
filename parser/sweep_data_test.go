package parser

// sweepPlaces are the places in which TestSweep puts directives, by the mark that
// stands for the place in sweepMain.
var sweepPlaces = []struct {
	set  ContextSet
	mark string
}{
	{InMain, "main"}, {InEvents, "events"}, {InHTTP, "http"}, {InServer, "server"}, {InLocation, "location"}, {InServerIf, "server-if"},
	{InLocationIf, "location-if"}, {InLimitExcept, "limit_except"}, {InUpstream, "upstream"}, {InStream, "stream"},
	{InStreamServer, "stream-server"}, {InStreamUpstream, "stream-upstream"},
}

// sweepMain is a configuration with each kind of place. The lines of
// sweptOnce are dropped where a directive takes their place.
const sweepMain = `load_module MODULE;
daemon off;
pid n.pid;
@main
events { @events }
http {
client_body_temp_path t1;
proxy_temp_path t2;
fastcgi_temp_path t3;
uwsgi_temp_path t4;
scgi_temp_path t5;
access_log off;
limit_conn_zone $binary_remote_addr zone=lc:1m;
limit_req_zone $binary_remote_addr zone=lr:1m rate=1r/s;
proxy_cache_path c1 keys_zone=pc:1m;
@http
upstream u { server 127.0.0.1:1; @upstream }
server {
listen 127.0.0.1:8099;
set $memcached_key a;
@server
if ($arg_a) { @server-if }
location /x {
@location
if ($arg_a) { @location-if }
limit_except HEAD { @limit_except deny all; }
}
}
}
stream {
limit_conn_zone $binary_remote_addr zone=slc:1m;
@stream
upstream u { server 127.0.0.1:1; @stream-upstream }
server {
listen 127.0.0.1:8098;
proxy_pass 127.0.0.1:1;
@stream-server
}
}
`

// sweepExceptions are what the table says nothing about, each with a reason.
var sweepExceptions = map[string]string{
	"load_module":                             "it needs a module",
	"ssl_dhparam":                             "it needs a file of parameters",
	"http":                                    "the configuration has one already",
	"stream":                                  "the configuration has one already",
	"events":                                  "the configuration has one already",
	"charset_map twice":                       "two tables of the same character sets, which nobody writes",
	"fastcgi_cache_path twice":                "nginx names the file in which the first one stands",
	"proxy_cache_path twice":                  "nginx names the file in which the first one stands",
	"scgi_cache_path twice":                   "nginx names the file in which the first one stands",
	"uwsgi_cache_path twice":                  "nginx names the file in which the first one stands",
	"valid_referers twice":                    "two lines may name different referers",
	"http2_max_concurrent_pushes twice":       "obsolete since 1.25.1, when nginx ceased to look at it",
	"ssl_certificate":                         "it needs as many lines with keys",
	"http2_push_preload twice":                "obsolete since 1.25.1, when nginx ceased to look at it",
	"sticky":                                  "Angie, NGINX Plus and a module have one of their own",
	"resolver in upstream":                    "Angie and NGINX Plus had it before 1.27.3",
	"resolver_timeout in upstream":            "Angie and NGINX Plus had it before 1.27.3",
	"resolver in stream-upstream":             "Angie and NGINX Plus had it before 1.27.3",
	"resolver_timeout in stream-upstream":     "Angie and NGINX Plus had it before 1.27.3",
	"server_name in stream-server":            "Tengine had it before 1.25.5",
	"server_names_hash_bucket_size in stream": "Tengine had it before 1.25.5",
	"server_names_hash_max_size in stream":    "Tengine had it before 1.25.5",
	"listen twice in stream-server":           "sockets of stream are not compared",
	"server twice in stream":                  "sockets of stream are not compared",
}

// sweptByPlace are parameters that depend on the place, by name and mark.
var sweptByPlace = map[string]string{
	"location server": "/y", "location location": "/x/y", "limit_conn stream": "slc 1", "limit_conn stream-server": "slc 1",
	"proxy_pass stream-server": "127.0.0.1:1", "proxy_next_upstream stream": "on", "proxy_next_upstream stream-server": "on",
	"server upstream": "127.0.0.2:1", "server stream-upstream": "127.0.0.2:1",
}

// sweptBodies are what stands in a block, by name or by name and mark.
var sweptBodies = map[string]string{
	"map": "default 1;", "geo": "default 1;", "split_clients": "* a;", "upstream": "server 127.0.0.1:1;",
	"server stream": "listen 127.0.0.1:8096; proxy_pass 127.0.0.1:1;",
}

// sweptOnce are the lines of sweepMain that must not be there twice, by place.
var sweptOnce = map[string]string{
	"daemon": "main", "pid": "main", "client_body_temp_path": "http", "proxy_temp_path": "http", "fastcgi_temp_path": "http", "uwsgi_temp_path": "http",
	"scgi_temp_path": "http", "proxy_pass": "stream-server",
}
