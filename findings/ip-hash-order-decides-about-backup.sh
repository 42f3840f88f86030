#!/usr/bin/env bash
# nginx 1.26.3: whether ip_hash and a backup server can be combined depends on the order
# of the lines. After ip_hash a backup server is refused: "balancing method does not
# support parameter". Before it nginx -t accepts it, and the backup server really works:
# it takes over when the other servers are down.
#
# seen: ip_hash above the servers: balancing method does not support parameter "backup"
# seen: ip_hash below the servers: ok
# seen: a request while the first server is down: HTTP/1.1 204 No Content
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
nginx_of trixie 1.26.3
free_port
front=$port back=$((port + 1)) dead=$((port + 2))
site() {
	configuration "
	    upstream app { $1 }
	    server { listen 127.0.0.1:$front; location / { proxy_pass http://app; } }
	    server { listen 127.0.0.1:$back; return 204; }"
}
site "ip_hash; server 127.0.0.1:$dead; server 127.0.0.1:$back backup;"
expect 'ip_hash above the servers' "$(tested)" 'balancing method does not support parameter "backup"'
site "server 127.0.0.1:$dead; server 127.0.0.1:$back backup; ip_hash;"
expect 'ip_hash below the servers' "$(tested)" ok
start_nginx "$front"
expect 'a request while the first server is down' "$(ask "$front" 'GET / HTTP/1.1' 'Host: a' 'Connection: close')" 'HTTP/1.1 204 No Content'
exit $failed
