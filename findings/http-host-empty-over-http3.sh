#!/usr/bin/env bash
# nginx 1.26.3 and 1.30.6: over HTTP/3, $http_host is empty, while $host is set. Clients of
# HTTP/3 send :authority in place of Host, and nginx takes $host from it but makes no
# header line of it. Over HTTP/2 it does: $http_host is set there. So the popular line
# "proxy_set_header Host $http_host" sends no Host at all to the backend for the
# browsers that came over HTTP/3, and the right one for all others.
#
# seen: nginx 1.26.3 over HTTP/2: host=localhost http_host=localhost:PORT
# seen: nginx 1.26.3 over HTTP/3: host=localhost http_host=
# seen: nginx 1.30.6 over HTTP/2: host=localhost http_host=localhost:PORT
# seen: nginx 1.30.6 over HTTP/3: host=localhost http_host=
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
	if text, _ := io.ReadAll(res.Body); res.ProtoMajor == int(os.Args[1][0]-'0') {
		fmt.Print(string(text))
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
	        return 200 'host=\$host http_host=\$http_host';
	    }"
	start_nginx "$port"
	for protocol in 2 3; do
		wanted='host=localhost http_host='
		if [ $protocol = 2 ]; then wanted=${wanted}localhost:PORT; fi
		seen=$("$work/go-client/program" $protocol "https://localhost:$port/")
		expect "nginx ${version#*:} over HTTP/$protocol" "${seen/:$port/:PORT}" "$wanted"
	done
done
exit $failed
