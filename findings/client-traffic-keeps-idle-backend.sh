#!/usr/bin/env bash
# nginx 1.26.3: in an upgraded connection, proxy_read_timeout does not measure how long
# the backend is silent. Data from the client restarts it, although nginx's
# documentation says that the connection is closed when the proxied server does not
# transmit anything within this time. So nginx never notices a backend that hangs while
# the client sends heartbeats.
#
# seen: proxy_read_timeout 2s, both silent, after 5 seconds: closed
# seen: proxy_read_timeout 2s, the client alone sends, after 5 seconds: open
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
nginx_of trixie 1.26.3
go_program websocket github.com/gorilla/websocket@v1.5.3 <<'END'
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

// usage: program serve ADDRESS | program ask URL silent|sending
func main() {
	if os.Args[1] == "serve" { // it reads, and never says a word
		up := websocket.Upgrader{}
		http.ListenAndServe(os.Args[2], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c, err := up.Upgrade(w, r, nil)
			for err == nil {
				_, _, err = c.ReadMessage()
			}
		}))
		return
	}
	c, _, err := websocket.DefaultDialer.Dial(os.Args[2], nil)
	if err != nil {
		fmt.Println("no handshake:", err)
		return
	}
	closed := make(chan struct{})
	go func() { c.ReadMessage(); close(closed) }()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
		if os.Args[3] == "sending" {
			c.WriteMessage(websocket.TextMessage, []byte("hello"))
		}
		select {
		case <-closed:
			fmt.Println("closed")
			return
		case <-time.After(500 * time.Millisecond):
		}
	}
	fmt.Println("open")
}
END
free_port
front=$port back=$((port + 1))
configuration "
    server {
        listen 127.0.0.1:$front;
        location / {
            proxy_pass http://127.0.0.1:$back;
            proxy_http_version 1.1;
            proxy_set_header Upgrade \$http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_read_timeout 2s;
        }
    }"
start "$work/go-websocket/program" serve "127.0.0.1:$back"
listening "$back"
start_nginx "$front"
for client in silent sending; do
	what='both silent' wanted=closed
	if [ $client = sending ]; then what='the client alone sends' wanted=open; fi
	expect "proxy_read_timeout 2s, $what, after 5 seconds" "$("$work/go-websocket/program" ask "ws://127.0.0.1:$front/" $client)" $wanted
done
exit $failed
