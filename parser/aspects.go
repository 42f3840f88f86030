package parser

import "strings"

// Aspects lists everything of a request that a change of configuration could
// alter, by a name that a user knows, for comparing one with another.
func (q Request) Aspects() map[string]string {
	a := map[string]string{"answer": q.Answer, "HTTP version": q.HTTP, "method": q.Method.Text}
	if q.Pass == nil {
		return a
	}
	a["target"] = q.Pass.Name() + " " + q.Target.Text
	for _, h := range q.Headers {
		name := CanonicalHeader(h.Name)
		if before, ok := a[name]; ok {
			a[name] = before + "\n" + h.Value.Text
		} else {
			a[name] = h.Value.Text
		}
	}
	for _, name := range comparedSettings {
		for _, d := range q.Level.Effective(name).Directives {
			a[name] += " " + d.Param(0)
		}
	}
	return a
}

// comparedSettings are the settings beside the headers that a fix may touch.
var comparedSettings = []string{
	"proxy_read_timeout", "proxy_send_timeout", "proxy_connect_timeout", "proxy_buffering", "proxy_cache_bypass", "proxy_no_cache",
	"proxy_ssl_server_name", "proxy_pass_request_headers", "proxy_hide_header", "proxy_method", "proxy_set_body",
}

// CanonicalHeader brings a header's name to one form: proxy_set_header minds no
// case.
func CanonicalHeader(name string) string {
	b := []byte(strings.ToLower(name))
	for i := range b {
		if (i == 0 || b[i-1] == '-') && 'a' <= b[i] && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}
