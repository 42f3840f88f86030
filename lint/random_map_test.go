package lint

import "strings"

// shared adds what the servers of a tree share: upstreams and variables. Every
// variable that is used somewhere is defined here, each in many ways.
func (g *generator) shared(l *level) {
	l.put(block("upstream app", directive("server 127.0.0.1:9002 max_fails=0"), directive("keepalive 4")))
	pool := block("upstream Pool", directive("server 127.0.0.1:9000 max_fails=0"), directive("server 127.0.0.1:9001 max_fails=0"))
	if g.chance(30) {
		pool.pieces = append([]*piece{directive(g.pick("least_conn", "ip_hash", "hash $uri"))}, pool.pieces...)
	}
	l.put(pool)
	l.put(shellServer())
	maps := []*piece{
		g.mapOf("$http_upgrade", g.pick("$m", "$m", "$M", "$m"), g.usual()),
		g.mapOf("$http_upgrade", "$bad", [][2]string{{"default", "close"}}),
		g.mapOf("$http_upgrade", "$regex", [][2]string{{g.pick("~*websocket", "~websocket", "~^web", "'~*^WebSocket$'"), "upgrade"}, {"default", g.pick("close", "''", "$bad")}}),
		g.mapOf(g.pick("$m", "$http_upgrade", "$bad"), "$chain", [][2]string{{"upgrade", "upgrade"}, {"close", g.pick("close", "upgrade")}, {"websocket", "$m"}}),
		g.mapOf(`"`+g.pick("$http_upgrade:$http_connection", "$request_method/$http_upgrade", "${http_upgrade}x")+`"`, "$combo", [][2]string{{"websocket:upgrade", "upgrade"}, {"'GET/websocket'", "Upgrade"}, {"websocketx", "upgrade"}, {"default", "''"}}),
		g.mapOf("$http_host", "$hosts", [][2]string{{"hostnames", ""}, {g.pick("*.test", "example.test", ".test", "example.*"), "upgrade"}, {"default", "close"}}),
		g.mapOf(g.pick("websocket", "http_upgrade", "1"), "$fixed", g.usual()),
		g.mapOf("$http_upgrade", "$none", nil),
		g.mapOf("$http_upgrade", "$up", [][2]string{{"websocket", g.pick("websocket", "$http_upgrade")}, {"default", g.pick("''", "$http_upgrade")}}),
		g.mapOf("$http_upgrade", "$empty", [][2]string{{"default", "''"}}),
		g.mapOf("$http_upgrade", "$backend", [][2]string{{"default", g.pick("127.0.0.1:9000", "app")}, {"''", "127.0.0.1:9001"}}),
		g.mapOf("$c", "$late", [][2]string{{"upgrade", "Upgrade"}, {"default", "close"}}),
		block("geo $geo", directive("default upgrade")),
		block("geo $remote_addr $sw", directive("default "+g.pick("upgrade", "close")), directive("127.0.0.0/8 "+g.pick("upgrade", "close"))),
	}
	g.Shuffle(len(maps), func(i, j int) { maps[i], maps[j] = maps[j], maps[i] })
	for _, m := range maps {
		l.put(m)
	}
	if g.chance(10) { // the last one counts
		l.put(g.mapOf("$http_upgrade", "$m", g.usual()))
	}
}

// usual is a map from Upgrade to Connection, more or less as it should be.
func (g *generator) usual() [][2]string {
	all := [][][2]string{
		{{"default", "upgrade"}, {"''", "close"}},
		{{"default", "upgrade"}, {"''", "close"}},
		{{"''", "close"}, {"default", "upgrade"}},
		{{"default", "upgrade"}, {`""`, "''"}},
		{{"default", "Upgrade"}},
		{{"default", "upgrade"}, {"close", "''"}},
		{{"default", "close"}, {"websocket", "upgrade"}},
		{{"WebSocket", "upgrade"}, {"default", "keep-alive"}},
		{{"default", "$http_connection"}, {"websocket", "upgrade"}},
		{{"default", "$http_connection"}, {"''", "close"}},
		{{"default", "close"}, {"''", "upgrade"}},
		{{"~.+", "upgrade"}, {"default", "close"}},
		{{`\default`, "x"}, {"volatile", ""}, {"default", "upgrade"}},
		{{"volatile", ""}, {"default", `"keep-alive, ${http_connection}"`}},
		{{"~^(?<word>web)", "upgrade"}, {"websocket", "close"}, {"default", "''"}},
		{{"~(?=web)", "upgrade"}, {"default", "close"}},
		{{"~*(web)(socket)", "up$empty-grade"}, {"default", "upgrade"}},
	}
	return all[g.IntN(len(all))]
}

func (g *generator) mapOf(source, target string, entries [][2]string) *piece {
	m := block("map " + source + " " + target)
	for _, e := range entries {
		m.pieces = append(m.pieces, directive(strings.TrimSpace(e[0]+" "+e[1])))
	}
	m.flat = g.chance(40)
	return m
}
