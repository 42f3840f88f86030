#!/usr/bin/env bash
# websockify 0.10.0 (noVNC) behind nginx 1.26.3: one proxy_set_header line is enough.
# websockify checks only Upgrade. It answers 101 to HTTP/1.0 with "Connection: close",
# and nginx, which sent exactly that, opens the tunnel. So a location that sets neither
# proxy_http_version nor Connection works for it, and fails as soon as it is copied for
# another application.
#
# seen: the request line that reaches the backend: GET /ws HTTP/1.0
# seen: its Connection header: Connection: close
# seen: a handshake with websockify there: HTTP/1.1 101 Switching Protocols
# seen: the first frame that comes through: 82 02 6f 6b
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
nginx_of trixie 1.26.3
debian "$work/python" python3-websockify=0.10.0+dfsg1-4+b1
free_port
front=$port back=$((port + 1)) target=$((port + 2)) copy=$((port + 3))
location="location / { proxy_set_header Upgrade \$http_upgrade; proxy_pass http://127.0.0.1"
configuration "
    server { listen 127.0.0.1:$front; $location:$back; } }
    server { listen 127.0.0.1:$copy; $location:$((port + 4)); } }"
# The server behind websockify sends "ok"; a second server records what nginx sends.
cat >"$work/say.py" <<'END'
import socketserver, sys

class Say(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"ok")
        self.request.recv(1)

class Keep(socketserver.StreamRequestHandler):
    def handle(self):
        text = b""
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            text += line
        if text:
            open(sys.argv[3], "wb").write(text)
        self.wfile.write(b"HTTP/1.0 204 No Content\r\n\r\n")

socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[2])), {"say": Say, "keep": Keep}[sys.argv[1]]).serve_forever()
END
start /usr/bin/python3 "$work/say.py" say "$target"
start /usr/bin/python3 "$work/say.py" keep $((port + 4)) "$work/kept"
PYTHONPATH=$work/python/usr/lib/python3/dist-packages start /usr/bin/python3 -m websockify "127.0.0.1:$back" "127.0.0.1:$target"
for p in "$target" $((port + 4)) "$back"; do listening "$p"; done
start_nginx "$front"
ask "$copy" "${handshake[@]}" 'Connection: Upgrade' >/dev/null
expect 'the request line that reaches the backend' "$(head -1 "$work/kept" | tr -d '\r')" 'GET /ws HTTP/1.0'
expect 'its Connection header' "$(grep -i '^connection:' "$work/kept" | tr -d '\r')" 'Connection: close'
exec 4<>"/dev/tcp/127.0.0.1/$front"
printf '%s\r\n' "${handshake[@]}" 'Connection: Upgrade' '' >&4
read -r -t 10 status <&4
expect 'a handshake with websockify there' "${status%$'\r'}" 'HTTP/1.1 101 Switching Protocols'
while read -r -t 10 line <&4 && [ "$line" != $'\r' ]; do :; done
expect 'the first frame that comes through' "$(head -c 4 <&4 | od -An -tx1 | sed 's/^ //')" '82 02 6f 6b'
exit $failed
