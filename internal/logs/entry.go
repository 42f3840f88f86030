package logs

import (
	"net/url"
	"strings"
	"time"
)

// An Entry is a line of a log.
type Entry struct {
	File string // as the user named it
	Line int
	Text string

	Error  bool      // of an error log; else of an access log
	Time   time.Time // in the time zone of the machine that wrote it; zero: not in the line
	Server string    // the server_name, of an error log
	Host   string    // that was requested
	Method string
	URI    string // with the query; "" if the line has no request

	Level   string // of an error log: info, error
	Message string // the text before the client

	Status  int
	Lasted  time.Duration // $request_time; negative: not in the line
	Upgrade string        // $http_upgrade, - for none; "" if it is not in the line
}

// errorTime is the format of times in nginx's error log.
const errorTime = "2006/01/02 15:04:05"

// readError reads a line of an error log:
//
//	2026/11/21 12:18:15 [info] 31471#31471: *1 MESSAGE, client: ADDRESS,
//	server: NAME, request: "GET /ws HTTP/1.1", upstream: "URL", host: "NAME"
//
// Angie from 1.12 on quotes the fields and calls the request request_line.
//
// A request is written there as it came, and may hold what looks like the fields
// behind it: nothing but what is shown and counted depends on them.
func readError(line string) (e Entry, ok bool) {
	if len(line) < len(errorTime)+len(" [info] ") {
		return e, false
	}
	t, err := time.Parse(errorTime, line[:len(errorTime)])
	if err != nil {
		return e, false
	}
	level, rest, ok := strings.Cut(line[len(errorTime):], "] ")
	if !ok || !strings.HasPrefix(level, " [") {
		return e, false
	}
	process, rest, ok := strings.Cut(rest, ": ")
	if !ok || strings.Trim(process, "0123456789#") != "" {
		return e, false
	}
	if number, after, ok := strings.Cut(rest, " "); ok && strings.HasPrefix(number, "*") {
		rest = after
	}
	e = Entry{Error: true, Time: t, Level: level[2:], Lasted: -1}
	e.Message, rest, _ = strings.Cut(rest, ", client: ")
	if _, after, ok := strings.Cut(rest, ", server: "); ok {
		e.Server, _, _ = strings.Cut(after, ", ")
		e.Server = strings.Trim(e.Server, `"`)
	}
	for _, field := range []string{`, request: "`, `, request_line: "`} {
		if _, after, ok := strings.Cut(rest, field); ok {
			request, _, _ := strings.Cut(after, `"`)
			e.request(request)
			break
		}
	}
	if i := strings.LastIndex(rest, `, host: "`); i >= 0 {
		e.Host, _, _ = strings.Cut(rest[i+len(`, host: "`):], `"`)
	}
	return e, true
}

// request reads a request line.
func (e *Entry) request(line string) {
	method, rest, ok := strings.Cut(line, " ")
	if !ok {
		return
	}
	e.Method = method
	e.URI, _, _ = strings.Cut(rest, " ")
}

// path returns the requested path without escapes.
func (e *Entry) path() string {
	path, _, _ := strings.Cut(e.URI, "?")
	if _, rest, ok := strings.Cut(path, "://"); ok && !strings.HasPrefix(path, "/") {
		_, rest, _ = strings.Cut(rest, "/")
		path = "/" + rest
	}
	if plain, err := url.PathUnescape(path); err == nil {
		return plain
	}
	return path
}

// splitHost splits a host into name and port, which can be "". An IPv6 address is in
// brackets.
func splitHost(s string) (host, port string) {
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, ']') {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// isHost reports whether a word can be a host. A time, or another prefix of a line,
// cannot.
func isHost(s string) bool {
	host, _ := splitHost(s)
	return !strings.Contains(s, " ") && (!strings.Contains(host, ":") || strings.HasPrefix(host, "["))
}

// asks reports whether the query has a parameter with a value. Socket.IO names its
// transport in this way.
func (e *Entry) asks(parameter string) bool {
	_, query, _ := strings.Cut(e.URI, "?")
	for p := range strings.SplitSeq(query, "&") {
		if p == parameter {
			return true
		}
	}
	return false
}
