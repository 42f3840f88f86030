package logs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Format reads lines of an access log according to a log_format.
type Format struct {
	first string // the text before the first variable
	parts []part
	lasts bool // it has $request_time
}

// A part is a variable and the text after it.
type part struct{ name, behind string }

// usual are the formats that are tried without configuration: those of nginx, its
// packages and its documentation, ingress-nginx and Nginx Proxy Manager. The first
// that fits a line is used, so those with more variables come first.
var usual = sync.OnceValue(func() []*Format {
	const combined = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"`
	var all []*Format
	for _, text := range []string{
		combined + ` $request_length $request_time [$proxy_upstream_name] $rest`,
		combined + ` "$http_x_forwarded_for" "$host" sn="$server_name" rt=$request_time $rest`,
		combined + ` "$http_x_forwarded_for" rt=$request_time $rest`,
		combined + ` "$http_x_forwarded_for" $request_time $rest`,
		combined + ` "$http_x_forwarded_for" $request_time`,
		combined + ` rt=$request_time $rest`,
		combined + ` rt=$request_time`,
		combined + ` $request_time $rest`,
		combined + ` $request_time`,
		combined + ` "$http_x_forwarded_for" $rest`,
		combined + ` "$http_x_forwarded_for"`,
		combined + ` $rest`,
		combined,
		`$host:$server_port ` + combined,
		`$host ` + combined,
		`[$time_local] $upstream_cache_status $upstream_status $status - $request_method $scheme $host "$request_uri" [$rest`,
	} {
		f, err := NewFormat(text)
		if err != nil {
			panic(err)
		}
		all = append(all, f)
	}
	return all
})

// ParseFormat reads a log_format directive as written in a configuration, or the text
// between its quotes.
func ParseFormat(s string) (*Format, error) {
	if s = strings.TrimSpace(s); strings.HasPrefix(s, "log_format") {
		if !strings.HasSuffix(s, ";") {
			s += ";"
		}
		f := parser.Parse("log_format", []byte(s))
		if len(f.Errs) > 0 {
			return nil, f.Errs[0]
		}
		if len(f.Root.Directives) != 1 || f.Root.Directives[0].Block != nil {
			return nil, errors.New("must be one log_format")
		}
		return formatOf(f.Root.Directives[0])
	}
	return NewFormat(s)
}

// formatOf returns the format of a log_format directive.
func formatOf(d *parser.Directive) (*Format, error) { return NewFormat(formatText(d)) }

// formatText returns the text of a log_format directive.
func formatText(d *parser.Directive) string {
	var b strings.Builder
	for i, w := range d.Params() {
		if i == 0 || i == 1 && strings.HasPrefix(w.Value(), "escape=") {
			continue
		}
		b.WriteString(w.Value())
	}
	return b.String()
}

// NewFormat reads the text of a log_format.
func NewFormat(s string) (*Format, error) {
	f := &Format{}
	behind, from, status := &f.first, 0, false // from is the start of the text after the last variable
	for i := 0; i < len(s); {
		name, width := parser.VariableAt(s, i)
		if width == 0 {
			i++
			continue
		}
		if *behind = s[from:i]; len(f.parts) > 0 && from == i { // there is nothing to separate them
			f.parts[len(f.parts)-1].name = ""
		} else {
			f.parts = append(f.parts, part{name: name})
		}
		behind = &f.parts[len(f.parts)-1].behind
		i += width
		from = i
	}
	*behind = s[from:]
	for _, p := range f.parts {
		f.lasts = f.lasts || p.name == "request_time"
		status = status || p.name == "status"
	}
	if !status {
		return nil, errors.New("the log_format must contain $status")
	}
	return f, nil
}

// read reads a line.
func (f *Format) read(line string) (e Entry, ok bool) {
	rest, ok := strings.CutPrefix(line, f.first)
	if !ok {
		return e, false
	}
	e.Lasted = -1
	for i, p := range f.parts {
		value := rest
		switch {
		case i == len(f.parts)-1:
			if value, ok = strings.CutSuffix(rest, p.behind); !ok {
				return e, false
			}
		default:
			if value, rest, ok = strings.Cut(rest, p.behind); !ok {
				return e, false
			}
		}
		if !e.set(p.name, value) {
			return e, false
		}
	}
	return e, true
}

// set stores the value of a variable. It reports whether the value is valid.
func (e *Entry) set(name, value string) (ok bool) {
	var err error
	switch name {
	case "status":
		if e.Status, err = strconv.Atoi(value); err != nil || len(value) != 3 {
			return false
		}
	case "time_local":
		e.Time, err = time.Parse("02/Jan/2006:15:04:05 -0700", value)
		e.Time = wall(e.Time)
	case "time_iso8601":
		e.Time, err = time.Parse(time.RFC3339, value)
		e.Time = wall(e.Time)
	case "request_time":
		e.Lasted, err = seconds(value)
	case "request":
		e.request(value)
	case "request_method":
		e.Method = value
	case "request_uri", "uri":
		if e.URI == "" || name == "request_uri" {
			e.URI = value
		}
	case "remote_addr": // the text before it is not part of it
		return !strings.Contains(value, " ")
	case "host":
		e.Host = value
		return isHost(value)
	case "http_host":
		e.Host = value
	case "server_port":
		if _, err = strconv.ParseUint(value, 10, 16); err == nil && e.Host != "" {
			host, _ := splitHost(e.Host)
			e.Host = host + ":" + value
		}
	case "server_name":
		e.Server = value
	case "http_upgrade":
		e.Upgrade = value
	}
	return err == nil
}

// wall removes the zone of a time, because an error log has none.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// seconds reads a time in nginx's format, with three decimals.
func seconds(s string) (time.Duration, error) {
	whole, part, ok := strings.Cut(s, ".")
	n, err := strconv.ParseUint(whole, 10, 32)
	m, err2 := strconv.ParseUint(part, 10, 32)
	if !ok || len(part) != 3 || errors.Join(err, err2) != nil {
		return 0, fmt.Errorf("%q is not a time", s)
	}
	return time.Duration(n)*time.Second + time.Duration(m)*time.Millisecond, nil
}
