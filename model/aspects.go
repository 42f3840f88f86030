package model

import "strings"

// Aspects returns everything about a request that a change of the configuration could
// alter, by names that users know, to compare two requests.
func (q Request) Aspects() map[string]string {
	a := map[string]string{"answer": q.Answer, "HTTP version": q.HTTP, "method": q.Method.Text}
	if q.Pass == nil {
		return a
	}
	a["target"] = q.Pass.Name() + " " + q.Target.Text
	q.model.Spend(stepsPerLine * len(q.Headers))
	lines := make(map[string][]string)
	for _, h := range q.Headers {
		name := CanonicalHeader(h.Name)
		lines[name] = append(lines[name], h.Value.Text)
	}
	for name, values := range lines {
		a[name] = strings.Join(values, "\n")
	}
	for _, name := range comparedSettings {
		var values []string
		for _, d := range q.Level.Effective(name).Directives {
			values = append(values, d.Param(0))
		}
		if len(values) > 0 {
			a[name] += " " + strings.Join(values, " ")
		}
	}
	return a
}

// comparedSettings are the settings, besides headers, that a fix may affect.
var comparedSettings = []string{
	"proxy_read_timeout", "proxy_send_timeout", "proxy_connect_timeout", "proxy_buffering", "proxy_cache_bypass", "proxy_no_cache",
	"proxy_ssl_server_name", "proxy_pass_request_headers", "proxy_hide_header", "proxy_method", "proxy_set_body",
}

// CanonicalHeader brings a header's name into one form, because proxy_set_header
// ignores case.
func CanonicalHeader(name string) string {
	b := []byte(strings.ToLower(name))
	for i := range b {
		if (i == 0 || b[i-1] == '-') && 'a' <= b[i] && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}
