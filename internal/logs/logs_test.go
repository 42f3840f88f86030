package logs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

func read(t testing.TB, site *Site, format *Format, text string) *Log {
	t.Helper()
	l := New(site, format)
	if err := l.Read("log", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if err := l.Judge(); err != nil {
		t.Fatal(err)
	}
	return l
}

// kinds are what was seen, as kind:count.
func kinds(l *Log) string {
	var all []string
	for _, g := range l.Groups {
		for _, s := range g.Signs {
			all = append(all, fmt.Sprintf("%s:%d", s.Kind.Name, s.Count))
		}
	}
	return strings.Join(all, " ")
}

const combinedLine = `192.0.2.1 - - [21/Nov/2026:12:18:15 +0100] "%s" %s 0 "-" "Mozilla/5.0 (X11) \x22q\x22"`

// The usual formats are distinguished by their content.
func TestFormats(t *testing.T) {
	for _, m := range []struct {
		behind, host string
		lasted       time.Duration
	}{
		{"", "", -1},
		{` "203.0.113.9"`, "", -1},
		{` 60.001`, "", 60001 * time.Millisecond},
		{` 60.001 60.000 .`, "", 60001 * time.Millisecond},
		{` "-" 60.001`, "", 60001 * time.Millisecond},
		{` rt=60.001 uct="0.000"`, "", 60001 * time.Millisecond},
		{` "-" "chat.test" sn="chat.test" rt=60.001 ua="127.0.0.1:1" us="101"`, "chat.test", 60001 * time.Millisecond},
		{` 512 60.001 [default-app-80] [] 10.0.0.1:80 0 60.000 101 abc`, "", 60001 * time.Millisecond},
		{` something else`, "", -1},
		{` 60.0012`, "", -1},
		{` 60`, "", -1},
	} {
		line := fmt.Sprintf(combinedLine, "GET /ws?a=b HTTP/1.1", "101") + m.behind
		l := New(nil, nil)
		e, ok := l.entry(line)
		if !ok || e.Status != 101 || e.path() != "/ws" || e.Lasted != m.lasted || e.Host != m.host || e.Method != "GET" || !e.Time.Equal(time.Date(2026, 11, 21, 12, 18, 15, 0, time.UTC)) {
			t.Errorf("%q: %v %+v", m.behind, ok, e)
		}
	}
	for _, line := range []string{
		"", "hello", `192.0.2.1 - - [yesterday] "GET / HTTP/1.1" 200 0 "-" "-"`, `192.0.2.1 - - [21/Nov/2026:12:18:15 +0100] "GET / HTTP/1.1" two 0 "-" "-"`,
		"2026/11/21 12:18:15 [error]", "2026/11/21 12:18:15 [error] x: y", "2026/99/21 12:18:15 [error] 1#1: y",
	} {
		if e, ok := New(nil, nil).entry(line); ok {
			t.Errorf("%q is read: %+v", line, e)
		}
	}
}

// The host can come first, with the port that nginx listens on, which is not part of
// the client's address.
func TestFormatsWithHost(t *testing.T) {
	line := fmt.Sprintf(combinedLine, "GET /ws HTTP/1.1", "101")
	for before, host := range map[string]string{
		"chat.test ": "chat.test", "chat.test:8443 ": "chat.test:8443", "[2001:db8::1] ": "[2001:db8::1]", "[2001:db8::1]:81 ": "[2001:db8::1]:81",
		"nginx-1  | ": "", "2026-11-28T15:37:12.123Z ": "", "Nov 28 15:37:12 web1 nginx: ": "", "nginx-1  | chat.test:81 ": "chat.test:81",
	} {
		if e, ok := New(nil, nil).entry(before + line); !ok || e.Host != host || e.Status != 101 || e.path() != "/ws" {
			t.Errorf("%q: %v %+v", before, ok, e)
		}
	}
	for s, want := range map[string][2]string{"a": {"a", ""}, "a:1": {"a", "1"}, "[::1]": {"[::1]", ""}, "[::1]:8": {"[::1]", "8"}, "": {"", ""}} {
		if host, port := splitHost(s); host != want[0] || port != want[1] {
			t.Errorf("%q: %q %q", s, host, port)
		}
	}
}

// The fields of an error log.
func TestReadError(t *testing.T) {
	const request = ", client: 192.0.2.1, server: chat.test, request: \"GET http://x/ws%20a?b=/c HTTP/1.1\", subrequest: \"/auth\", upstream: \"http://127.0.0.1:1/\", host: \"chat.test:8443\", referrer: \"http://a/\""
	for line, want := range map[string]Entry{
		"[error] 7#9: *12 no live upstreams" + request:             {Level: "error", Message: "no live upstreams", Server: "chat.test", Host: "chat.test:8443", Method: "GET", URI: "http://x/ws%20a?b=/c"},
		"[alert] 7#9: 512 worker_connections are not enough":       {Level: "alert", Message: "512 worker_connections are not enough"},
		"[info] 7#9: *1 a, client: unix:, server: , request: \"\"": {Level: "info", Message: "a"},
		`[error] 7#9: *4 connect() failed (111: Connection refused) while connecting to upstream, client: "127.0.0.1", server: "chat.test", request_line: "GET /ws HTTP/1.1", upstream: "http://127.0.0.1:1/", host: "chat.test"`: {Level: "error", Message: "connect() failed (111: Connection refused) while connecting to upstream", Server: "chat.test", Host: "chat.test", Method: "GET", URI: "/ws"}, // Angie 1.12
		"[info] 7#9: *1 b, client: ::1, server: s, request: \"GET": {Level: "info", Message: "b", Server: "s"},
	} {
		want.Error, want.Lasted, want.Time = true, -1, time.Date(2026, 11, 21, 12, 18, 15, 0, time.UTC)
		if got, ok := readError("2026/11/21 12:18:15 " + line); !ok || got != want {
			t.Errorf("%s: %v\n%+v", line, ok, got)
		}
	}
	if path := (&Entry{URI: "http://x/ws%20a?b=/c"}).path(); path != "/ws a" {
		t.Errorf("the path is %q", path)
	}
}

// TestReadJSONError reads what Angie 1.12.1 wrote with format=json.
func TestReadJSONError(t *testing.T) {
	at := time.Date(2026, 11, 28, 16, 25, 50, 923_000_000, time.UTC)
	for line, want := range map[string]Entry{
		`{"time":"2026-11-28T16:25:50.923Z","level":"info","pid":2813,"tid":0,"connection":2,"message":"upstream timed out","error":{"code":110,"message":"Connection timed out"},"http":{"action":"proxying upgraded connection","client":"127.0.0.1","request":{"server":"_","request_line":"GET /to HTTP/1.1","upstream":"http://127.0.0.1:29101/to","host":"example.test"}},"tags":["http","upstream","peer"]}`: {
			Level: "info", Message: "upstream timed out (110: Connection timed out) while proxying upgraded connection", Server: "_", Host: "example.test", Method: "GET", URI: "/to"},
		`{"time":"2026-11-28T16:25:50.923Z","level":"notice","pid":2811,"tid":0,"message":"exiting"}`: {Level: "notice", Message: "exiting"},
	} {
		want.Error, want.Lasted, want.Time = true, -1, at
		if got, ok := readJSONError(line); !ok || got != want {
			t.Errorf("%s: %v\n%+v", line, ok, got)
		}
	}
	for _, line := range []string{"", "{}", `{"time":"now","level":"info","message":"a"}`, `{"time":"2026-11-28T16:25:50Z","status":101}`, `{"time":"2026-11-28T16:25:50Z"`} {
		if got, ok := readJSONError(line); ok {
			t.Errorf("%s is not of an error log: %+v", line, got)
		}
	}
}

// A format can be given as written in a configuration.
func TestParseFormat(t *testing.T) {
	const line = `{"t":"2026-11-21T12:18:15+01:00","u":"/ws","m":"GET","s":"426","up":"websocket"}`
	for _, text := range []string{
		`log_format json escape=json '{"t":"$time_iso8601","u":"$request_uri",' '"m":"$request_method","s":"$status","up":"$http_upgrade"}';`,
		`{"t":"$time_iso8601","u":"$request_uri","m":"${request_method}","s":"$status","up":"$http_upgrade"}`,
	} {
		f, err := ParseFormat(text)
		if err != nil {
			t.Fatal(err)
		}
		if l := read(t, nil, f, line); kinds(l) != "answer-426:1" {
			t.Errorf("%s: %q", text, kinds(l))
		}
	}
	for _, text := range []string{"", "combined", "$remote_addr", "log_format a '$status'; log_format b '$status';", "log_format a '$status"} {
		if _, err := ParseFormat(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	// If nothing separates two variables, neither is read.
	f, err := NewFormat("$status $request_time$msec")
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := f.read("101 60.0001.5"); !ok || e.Lasted != -1 && e.Lasted != 0 {
		t.Errorf("%v %+v", ok, e)
	}
}

// What is counted, and what is not.
func TestConcerns(t *testing.T) {
	timed := func(uri, status, lasted string, n int) string {
		return strings.Repeat(fmt.Sprintf(combinedLine, "GET "+uri+" HTTP/1.1", status)+" "+lasted+"\n", n)
	}
	for _, m := range []struct{ name, text, want string }{
		{"an answer of a page", timed("/", "404", "0.001", 9), ""},
		{"of a web service", timed("/ws/v1/items", "400", "0.001", 9), ""},
		{"of an endpoint", timed("/ws", "400", "0.001", 2), "answer-400:2"},
		{"polling", timed("/socket.io/?EIO=4&transport=polling", "502", "0.001", 2), ""},
		{"upgraded polling", timed("/socket.io/?EIO=4&transport=websocket", "502", "0.001", 2), "answer-502:2"},
		{"perhaps polling", timed("/socket.io/", "502", "0.001", 2), ""},
		{"another method", strings.ReplaceAll(timed("/ws", "400", "0.001", 2), "GET", "POST"), ""},
		{"an odd request", strings.ReplaceAll(timed("/ws", "400", "0.001", 2), "GET /ws HTTP/1.1", `\x16\x03`), ""},
		{"few that last", timed("/x", "101", "60.000", few-1), ""},
		{"that last a minute", timed("/x", "101", "60.000", few), "lasted-read-timeout:3"},
		{"a little less", timed("/x", "101", "59.999", few), ""},
		{"a little more", timed("/x", "101", "61.000", few), ""},
		{"Cloudflare's time", timed("/x", "101", "100.400", few), "lasted-100s:3"},
		{"an AWS NLB's time", timed("/x", "101", "350.000", few), "lasted-350s:3"},
		{"an hour", timed("/x", "101", "3600.900", few), "lasted-3600s:3"},
		{"an error of a page", "2026/11/21 12:18:15 [error] 1#1: *1 no live upstreams while connecting to upstream, client: 1.1.1.1, server: a, request: \"GET /page HTTP/1.1\", host: \"a\"\n", ""},
		{"of docker compose", "nginx-1  | 2026/11/21 12:18:15 [error] 1#1: *1 no live upstreams while connecting to upstream, client: 1.1.1.1, server: a, request: \"GET /ws HTTP/1.1\", host: \"a\"\n", "no-live-upstreams:1"},
	} {
		if got := kinds(read(t, nil, nil, m.text)); got != m.want {
			t.Errorf("%s: %q, want %q", m.name, got, m.want)
		}
	}
}

const siteText = `events {}
http {
    log_format mine '$status|$request_time|$http_upgrade|$host|$request';
    server {
        server_name one.test;
        location /feed {
            proxy_pass http://127.0.0.1:3000;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_read_timeout 10s;
        }
        location / { proxy_pass http://127.0.0.1:3001; }
    }
    server {
        server_name two.test;
        location /feed { proxy_pass http://127.0.0.1:3000; }
        # nginx-ws-lint: not-websocket
        location /ws { proxy_pass http://127.0.0.1:3000; }
    }
}
`

// A configuration shows the format, the timeout, what handles WebSockets, and where
// the mistake is.
func TestSite(t *testing.T) {
	site, err := NewSite(lint.Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(siteText)}}, Paths: []string{"nginx.conf"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []struct {
		line, want string
		at         int // line of the location
		finding    string
	}{
		{"101|10.000|websocket|one.test|GET /feed HTTP/1.1\n", "lasted-read-timeout:3", 6, "short-read-timeout"},
		{"101|10.000|websocket|two.test|GET /feed HTTP/1.1\n", "", 0, ""},
		{"426|0.000|websocket|two.test:8443|GET /feed HTTP/1.1\n", "answer-426:3", 17, "missing-upgrade-headers"},
		{"426|0.000|-|one.test|GET /feed HTTP/1.1\n", "", 0, ""},
		{"502|0.000|websocket|two.test|GET /ws HTTP/1.1\n", "", 0, ""},
		{"404|0.000|websocket|one.test|GET /elsewhere HTTP/1.1\n", "answer-404:3", 13, ""},
	} {
		l := read(t, site, nil, strings.Repeat(m.line, few))
		if kinds(l) != m.want {
			t.Errorf("%q: %q, want %q", m.line, kinds(l), m.want)
			continue
		}
		for _, g := range l.Groups {
			o := g.Place.Location.Opener.Span()
			if line := o.File.Position(o.Start).Line; line != m.at {
				t.Errorf("%q is placed in line %d, want %d", m.line, line, m.at)
			}
			if m.finding != "" && (len(g.Findings) == 0 || g.Findings[0].Rule.Name != m.finding) {
				t.Errorf("%q: %v", m.line, g.Findings)
			}
		}
	}
}

// Long lines, bytes that are not text and very many paths are read within limits.
func TestHostileLogs(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, combinedLine+"\n", fmt.Sprintf("GET /ws/room%d?token=hunter2&a=b HTTP/1.1", i), "502")
	}
	fmt.Fprintf(&b, "2026/11/21 12:18:15 [info] 1#1: *1 upstream timed out while proxying upgraded connection%s\n", strings.Repeat("\x1b\xff", 1<<20))
	l := read(t, nil, nil, b.String())
	if kinds(l) != "upgraded-timeout:1 answer-502:20000" || l.Lines != 20_001 {
		t.Errorf("%d lines, %q", l.Lines, kinds(l))
	}
	for _, g := range l.Groups {
		if len(g.Paths) > maxPaths || len(g.Signs[0].Example.Text) > maxExample+3 || strings.Contains(g.Signs[0].Example.Text, "hunter2") {
			t.Errorf("%d paths, %q", len(g.Paths), g.Signs[0].Example.Text)
		}
	}
}

// A log is read as it is where gzip made it smaller; half of one is trouble.
func TestGzip(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	fmt.Fprintf(w, combinedLine, "GET /ws HTTP/1.1", "426")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	l := New(nil, nil)
	if err := l.Read("log", bytes.NewReader(b.Bytes())); err != nil || l.Accesses != 1 {
		t.Errorf("%d lines, %v", l.Accesses, err)
	}
	if err := l.Read("log", bytes.NewReader(b.Bytes()[:b.Len()-9])); err == nil {
		t.Error("half of a file is no error")
	}
}

// FuzzLogs: whatever a log contains, each line is counted once, what is kept is
// limited, and the result is always the same.
func FuzzLogs(f *testing.F) {
	f.Add(fmt.Sprintf(combinedLine, "GET /ws HTTP/1.1", "426"), "$status $request")
	f.Add(`2026/11/21 12:18:15 [info] 1#1: *1 upstream timed out (110: x) while proxying upgraded connection, client: 1.1.1.1, server: a, request: "GET /ws HTTP/1.1", host: "a"`, "log_format a '$status$uri';")
	f.Add("101 GET http://a/%zz?transport=websocket", "$status $request")
	f.Fuzz(func(t *testing.T, text, format string) {
		form, err := ParseFormat(format)
		if err != nil {
			form = nil
		}
		l, again := New(nil, form), New(nil, form)
		for _, l := range []*Log{l, again} {
			if l.Read("log", strings.NewReader(text)) != nil {
				return
			}
			if err := l.Judge(); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for _, g := range l.Groups {
			n += g.Count
			if len(g.Signs) == 0 || len(g.Paths) > maxPaths || g.Last.Before(g.First) {
				t.Errorf("%+v", g)
			}
		}
		if n > l.Errors+l.Accesses || l.Errors+l.Accesses > l.Lines || kinds(l) != kinds(again) {
			t.Errorf("%d of %d lines: %s", n, l.Lines, kinds(l))
		}
	})
}
