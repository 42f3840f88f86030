#!/usr/bin/env bash
# nginx 1.26.3: with proxy_cache in a WebSocket location, one plain GET of its URI
# breaks every handshake there until the response is stale. A handshake is a GET too.
# The cache key does not include its Upgrade header, so nginx answers it from the cache
# with 200, and the backend never sees it. Before that GET handshakes work.
#
# seen: a handshake while the cache is empty: HTTP/1.1 101 Switching Protocols
# seen: a plain GET: HTTP/1.1 200 OK
# seen: the same handshake after it: HTTP/1.1 200 OK
# seen: requests that the backend got: 2
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
nginx_of trixie 1.26.3
go_program backend github.com/gorilla/websocket@v1.5.3 <<'END'
package main

import (
	"fmt"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
)

func main() {
	up := websocket.Upgrader{}
	http.ListenAndServe(os.Args[1], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("request")
		if !websocket.IsWebSocketUpgrade(r) {
			w.Header().Set("Cache-Control", "max-age=60")
			return
		}
		if c, err := up.Upgrade(w, r, nil); err == nil {
			c.Close()
		}
	}))
}
END
free_port
front=$port back=$((port + 1))
configuration "
    proxy_cache_path $work/cache keys_zone=answers:1m;
    server {
        listen 127.0.0.1:$front;
        location / {
            proxy_pass http://127.0.0.1:$back;
            proxy_http_version 1.1;
            proxy_set_header Upgrade \$http_upgrade;
            proxy_set_header Connection \$http_connection;
            proxy_cache answers;
        }
    }"
start "$work/go-backend/program" "127.0.0.1:$back"
listening "$back"
start_nginx "$front"
expect 'a handshake while the cache is empty' "$(ask "$front" "${handshake[@]}" 'Connection: Upgrade')" 'HTTP/1.1 101 Switching Protocols'
expect 'a plain GET' "$(ask "$front" 'GET /ws HTTP/1.1' 'Host: example.test')" 'HTTP/1.1 200 OK'
expect 'the same handshake after it' "$(ask "$front" "${handshake[@]}" 'Connection: Upgrade')" 'HTTP/1.1 200 OK'
expect 'requests that the backend got' "$(grep -c request "$work/started.log")" 2
exit $failed
