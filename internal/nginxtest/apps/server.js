// Usage: node server.js NAME. It says on standard output where it listens, then
// each request that it gets, before it answers; it ends with its standard input.
'use strict';
const http = require('http');

const say = (what) => process.stdout.write(JSON.stringify(what) + '\n');

function record(req) {
  const headers = [];
  for (let i = 0; i < req.rawHeaders.length; i += 2) headers.push(req.rawHeaders.slice(i, i + 2));
  say({ method: req.method, uri: req.url, proto: 'HTTP/' + req.httpVersion, headers });
}

const apps = {
  // No handler for upgrades: Node then takes a handshake for a plain request.
  'node-http': () => http.createServer((req, res) => res.end('ok\n')),

  'node-ws': () => {
    const server = new (require('ws').WebSocketServer)({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
    return server._server; // the HTTP server that ws makes when it has a port of its own
  },

  // attach() would take one path only.
  'socket.io': () => {
    const io = new (require('socket.io').Server)({ serveClient: false });
    const engine = new (require('engine.io').Server)();
    io.bind(engine);
    io.on('connection', (socket) => socket.on('message', (data) => socket.emit('message', data)));
    return http.createServer()
      .on('request', (req, res) => engine.handleRequest(req, res))
      .on('upgrade', (req, socket, head) => engine.handleUpgrade(req, socket, head));
  },

  // As its guide has it: at /socket.io/ and nowhere else.
  'socket.io-attached': () => {
    const server = http.createServer((req, res) => res.writeHead(404).end());
    const io = new (require('socket.io').Server)(server, { serveClient: false });
    io.on('connection', (socket) => socket.on('message', (data) => socket.emit('message', data)));
    return server;
  },
};

const name = process.argv[2];
const server = apps[name]();
server.prependListener('request', record);
if (name !== 'node-http') server.prependListener('upgrade', record);
server.once('listening', () => say({ listen: '127.0.0.1:' + server.address().port }));
if (name !== 'node-ws') server.listen(0, '127.0.0.1');
process.stdin.on('end', () => process.exit()).resume();
