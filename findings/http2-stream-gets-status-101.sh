#!/usr/bin/env bash
# nginx 1.26.3: an Upgrade header has no meaning in HTTP/2, but nginx passes a request
# with one on to the backend, which upgrades. nginx then sends ":status 101" on the
# stream, a status that RFC 9113 forbids in HTTP/2, and resets the stream with
# INTERNAL_ERROR. For a moment the backend believes that it has a WebSocket. So in the
# access logs of both, such a request looks like a successful handshake.
#
# seen: what the client gets: :status 101, then RST_STREAM INTERNAL_ERROR
# seen: status in nginx's access log: GET /ws HTTP/2.0 101
# seen: requests that the backend upgraded: 1
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
nginx_of trixie 1.26.3
go_program client golang.org/x/net@v0.50.0 github.com/gorilla/websocket@v1.5.3 <<'END'
package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// usage: program serve ADDRESS | program ask ADDRESS
func main() {
	if os.Args[1] == "serve" {
		up := websocket.Upgrader{}
		http.ListenAndServe(os.Args[2], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c, err := up.Upgrade(w, r, nil); err == nil {
				fmt.Println("upgraded")
				c.ReadMessage()
			}
		}))
		return
	}
	conn, err := tls.Dial("tcp", os.Args[2], &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) // the certificate is our own
	if err != nil {
		fmt.Println(err)
		return
	}
	conn.Write([]byte(http2.ClientPreface))
	f := http2.NewFramer(conn, conn)
	f.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	f.WriteSettings()
	var block bytes.Buffer
	e := hpack.NewEncoder(&block)
	for _, h := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":path", "/ws"}, {":authority", "example.test"},
		{"upgrade", "websocket"}, {"sec-websocket-version", "13"}, {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}} {
		e.WriteField(hpack.HeaderField{Name: h[0], Value: h[1]})
	}
	f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndStream: true, EndHeaders: true})
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			fmt.Println(err)
			return
		}
		switch frame := frame.(type) {
		case *http2.MetaHeadersFrame:
			fmt.Printf(":status %s, then ", frame.PseudoValue("status"))
		case *http2.RSTStreamFrame:
			fmt.Println("RST_STREAM", frame.ErrCode)
			return
		}
	}
}
END
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
free_port
front=$port back=$((port + 1))
configuration "
    log_format requests '\$request \$status';
    server {
        listen 127.0.0.1:$front ssl;
        http2 on;
        access_log $work/access.log requests;
        ssl_certificate $work/cert.pem;
        ssl_certificate_key $work/key.pem;
        location / {
            proxy_pass http://127.0.0.1:$back;
            proxy_http_version 1.1;
            proxy_set_header Upgrade \$http_upgrade;
            proxy_set_header Connection upgrade;
        }
    }"
start "$work/go-client/program" serve "127.0.0.1:$back"
listening "$back"
start_nginx "$front"
expect 'what the client gets' "$("$work/go-client/program" ask "127.0.0.1:$front")" ':status 101, then RST_STREAM INTERNAL_ERROR'
for ((i = 0; i < 50; i++)); do if [ -s "$work/access.log" ]; then break; fi; sleep 0.1; done
expect "status in nginx's access log" "$(cat "$work/access.log")" 'GET /ws HTTP/2.0 101'
expect 'requests that the backend upgraded' "$(grep -c upgraded "$work/started.log")" 1
exit $failed
