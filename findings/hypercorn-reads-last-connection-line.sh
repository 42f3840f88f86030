#!/usr/bin/env bash
# hypercorn 0.13.2 behind nginx 1.26.3: of two Connection lines hypercorn reads only the
# last. RFC 9110 combines them into one list, and other servers answer 101 in either
# order. nginx sends both lines, in the order of the configuration. So handshakes depend
# on the order of two proxy_set_header lines, one of which may come from an include.
# Without the token a handshake becomes a plain request, answered with 200.
#
# seen: Connection: keep-alive, then Connection: upgrade: HTTP/1.1 101
# seen: Connection: upgrade, then Connection: keep-alive: HTTP/1.1 200
# shellcheck source=findings/common.sh
. "$(dirname "$0")/common.sh"
nginx_of trixie 1.26.3
debian "$work/python" python3-hypercorn=0.13.2-3 python3-wsproto=1.2.0-1 python3-h11 python3-h2 python3-hpack python3-hyperframe python3-priority python3-toml
cat >"$work/app.py" <<'END'
async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"plain"})
END
free_port
front=$port back=$((port + 1))
proxy="proxy_pass http://127.0.0.1:$back; proxy_http_version 1.1; proxy_set_header Upgrade \$http_upgrade;"
configuration "
    server {
        listen 127.0.0.1:$front;
        location /first { $proxy proxy_set_header Connection upgrade; proxy_set_header Connection keep-alive; }
        location /last { $proxy proxy_set_header Connection keep-alive; proxy_set_header Connection upgrade; }
    }"
PYTHONPATH=$work/python/usr/lib/python3/dist-packages:$work start /usr/bin/python3 -m hypercorn -b "127.0.0.1:$back" app:app
listening "$back"
start_nginx "$front"
seen=$(ask "$front" 'GET /last HTTP/1.1' "${handshake[@]:1}" 'Connection: Upgrade')
expect 'Connection: keep-alive, then Connection: upgrade' "${seen:0:12}" 'HTTP/1.1 101'
seen=$(ask "$front" 'GET /first HTTP/1.1' "${handshake[@]:1}" 'Connection: Upgrade')
expect 'Connection: upgrade, then Connection: keep-alive' "${seen:0:12}" 'HTTP/1.1 200'
exit $failed
