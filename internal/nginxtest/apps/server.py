"""Usage: python3 server.py NAME. It says on standard output where it listens, then
each request that it gets, before it answers; it ends with its standard input."""

import asyncio
import json
import os
import socket
import sys
import threading


def say(what):
    print(json.dumps(what), flush=True)


def text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else value


def record(method, uri, proto, headers):
    pairs = [[text(name), text(value)] for name, value in headers]
    say({"method": method, "uri": uri, "proto": proto, "headers": pairs})


def listen():
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(128)
    s.setblocking(False)
    say({"listen": "127.0.0.1:%d" % s.getsockname()[1]})
    return s


async def asgi(scope, receive, send):
    query = text(scope["query_string"])
    uri = text(scope.get("raw_path") or scope["path"]).partition("?")[0]
    uri += "?" + query if query else ""
    record(scope.get("method", "GET"), uri, "HTTP/" + scope["http_version"], scope["headers"])
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")]})
        await send({"type": "http.response.body", "body": b"ok\n"})
        return
    while True:
        event = await receive()
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif event["type"] == "websocket.receive":
            kept = {key: event[key] for key in ("text", "bytes") if event.get(key) is not None}
            await send({"type": "websocket.send", **kept})
        else:
            return


def uvicorn():
    import uvicorn

    # What installs of uvicorn[standard] without httptools run.
    config = uvicorn.Config(asgi, http="h11", ws="websockets", lifespan="off", log_level="warning")
    uvicorn.Server(config).run(sockets=[listen()])


async def python_websockets():
    import websockets

    def process_request(first, second):
        # Before websockets 14 the path and the headers, now a connection and a request.
        if isinstance(first, str):
            record("GET", first, "HTTP/1.1", second.raw_items())
        else:
            record("GET", second.path, "HTTP/1.1", second.headers.raw_items())

    async def process_request_old(path, headers):
        process_request(path, headers)

    async def echo(connection, *_):
        async for message in connection:
            await connection.send(message)

    old = int(websockets.version.version.split(".")[0]) < 14
    process = process_request_old if old else process_request
    async with websockets.serve(echo, sock=listen(), process_request=process):
        await asyncio.Future()


async def tornado():
    import tornado.httpserver
    import tornado.web
    import tornado.websocket

    class Echo(tornado.websocket.WebSocketHandler):
        def prepare(self):
            r = self.request
            record(r.method, r.uri, r.version, r.headers.get_all())

        def on_message(self, message):
            self.write_message(message, binary=isinstance(message, bytes))

    server = tornado.httpserver.HTTPServer(tornado.web.Application([(".*", Echo)]))
    server.add_sockets([listen()])
    await asyncio.Future()


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_stdin, daemon=True).start()
name = sys.argv[1]
if name == "uvicorn":
    uvicorn()
else:
    asyncio.run({"python-websockets": python_websockets, "tornado": tornado}[name]())
