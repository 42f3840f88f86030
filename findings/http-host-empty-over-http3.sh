#!/usr/bin/env bash
# nginx 1.26.3 and 1.30.6: over HTTP/3, $http_host is empty, while $host is set. HTTP/3
# clients send :authority instead of Host. nginx sets $host from it but does not create
# a Host header; over HTTP/2 it does. So the popular line "proxy_set_header Host
# $http_host" sends no Host to the backend for browsers that use HTTP/3. Another nginx,
# as backend, answers those requests with 400 and all others with 200.
#
# seen: nginx 1.26.3 over HTTP/2: 200 host=localhost http_host=localhost:PORT
# seen: nginx 1.26.3 over HTTP/2, Host $http_host to a backend: 200 backend
# seen: nginx 1.26.3 over HTTP/3: 200 host=localhost http_host=
# seen: nginx 1.26.3 over HTTP/3, Host $http_host to a backend: 400
# seen: the same four on nginx 1.30.6
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
go_program client github.com/quic-go/quic-go@v0.59.0 <<'END'
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/quic-go/quic-go/http3"
)

func main() {
	insecure := &tls.Config{InsecureSkipVerify: true} // the certificate is our own
	var transport http.RoundTripper = &http3.Transport{TLSClientConfig: insecure}
	if os.Args[1] == "2" {
		transport = &http.Transport{TLSClientConfig: insecure, ForceAttemptHTTP2: true}
	}
	res, err := (&http.Client{Transport: transport}).Get(os.Args[2])
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := io.ReadAll(res.Body)
	if res.ProtoMajor != int(os.Args[1][0]-'0') {
		fmt.Println(res.Proto)
	} else if fmt.Print(res.StatusCode); res.StatusCode == 200 {
		fmt.Printf(" %s", text)
	}
}
END
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
for version in trixie:1.26.3 sid:1.30.6; do
	nginx_of "${version%:*}" "${version#*:}"
	free_port
	configuration "
	    server {
	        listen 127.0.0.1:$port ssl;
	        listen 127.0.0.1:$port quic;
	        http2 on;
	        ssl_certificate $work/cert.pem;
	        ssl_certificate_key $work/key.pem;
	        location / { return 200 'host=\$host http_host=\$http_host'; }
	        location /to-backend {
	            proxy_pass http://127.0.0.1:$((port + 1));
	            proxy_http_version 1.1;
	            proxy_set_header Host \$http_host;
	        }
	    }
	    server { listen 127.0.0.1:$((port + 1)); return 200 backend; }"
	start_nginx "$port"
	for protocol in 2 3; do
		wanted='200 host=localhost http_host=' backend=400
		if [ $protocol = 2 ]; then wanted=${wanted}localhost:PORT backend='200 backend'; fi
		seen=$("$work/go-client/program" $protocol "https://localhost:$port/")
		expect "nginx ${version#*:} over HTTP/$protocol" "${seen/:$port/:PORT}" "$wanted"
		seen=$("$work/go-client/program" $protocol "https://localhost:$port/to-backend")
		expect "nginx ${version#*:} over HTTP/$protocol, Host \$http_host to a backend" "$seen" "$backend"
	done
done
exit $failed
