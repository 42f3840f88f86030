package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

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

// Sends reports whether two requests have the same aspects.
func (q Request) Sends(other Request) bool {
	if q.Answer != other.Answer || q.HTTP != other.HTTP || q.Method.Text != other.Method.Text || (q.Pass == nil) != (other.Pass == nil) {
		return false
	}
	if q.Pass == nil {
		return true
	}
	if q.Pass.Name() != other.Pass.Name() || q.Target.Text != other.Target.Text {
		return false
	}
	sameLine := func(a, b Header) bool { return a.Value.Text == b.Value.Text && strings.EqualFold(a.Name, b.Name) }
	if !slices.EqualFunc(q.Headers, other.Headers, sameLine) {
		return false
	}
	q.model.Spend(stepsPerLine * len(q.Headers))
	sameValue := func(a, b *parser.Directive) bool { return a == b || a.Param(0) == b.Param(0) }
	for _, name := range comparedSettings {
		if !slices.EqualFunc(q.Level.Effective(name).Directives, other.Level.Effective(name).Directives, sameValue) {
			return false
		}
	}
	return true
}

// OnAnyVersion reports whether the request is certainly the same on every version of
// nginx: no default that has changed has a part in it. Of relatives it says nothing.
func (q Request) OnAnyVersion() bool {
	if q.model.ListensHTTP2() || q.Location.Effective("http2").Last() != nil || q.garbled {
		return false
	}
	if q.Pass == nil {
		return true
	}
	hosts, connection := 0, false
	for _, d := range q.Set.Directives {
		connection = connection || strings.EqualFold(d.Param(0), "Connection")
	}
	for _, h := range q.Headers {
		if strings.EqualFold(h.Name, "Host") && h.Directive != nil {
			hosts++
		}
	}
	return hosts == 1 && connection && q.Version.Last() != nil && !strings.Contains(q.Pass.Param(0), "$")
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
