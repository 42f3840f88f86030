package parser

import "strings"

// VariableAt returns the variable at an offset of an expression, without $ and
// braces, and its width, or 0 if there is none.
func VariableAt(expr string, i int) (name string, width int) {
	if expr[i] != '$' {
		return "", 0
	}
	rest := expr[i+1:]
	if strings.HasPrefix(rest, "{") {
		if end := strings.IndexByte(rest, '}'); end > 1 {
			return rest[1:end], end + 2
		}
		return "", 0
	}
	n := 0
	for n < len(rest) && isNameByte(rest[n]) {
		n++
	}
	if n == 0 {
		return "", 0
	}
	if '1' <= rest[0] && rest[0] <= '9' {
		n = 1 // a capture
	}
	return rest[:n], n + 1
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// VariablesIn returns the names of the variables in an expression.
func VariablesIn(expr string) []string {
	var names []string
	for i := strings.IndexByte(expr, '$'); i >= 0 && i < len(expr); {
		name, width := VariableAt(expr, i)
		if width == 0 {
			width = 1
		} else {
			names = append(names, strings.ToLower(name))
		}
		i += width
	}
	return names
}

// URIPart returns the part of a proxy_pass target that replaces the request's own
// path: from the first slash or question mark after the host (ngx_parse_url), or from
// a variable that contains one; for a Unix socket from the colon after its path. It
// is empty if there is none.
func URIPart(target string) string {
	_, rest, ok := strings.Cut(target, "://")
	if !ok {
		return ""
	}
	if path, ok := strings.CutPrefix(rest, "unix:"); ok {
		_, uri, _ := strings.Cut(path, ":")
		return uri
	}
	for i := range len(rest) {
		switch rest[i] {
		case '/', '?':
			return rest[i:]
		case '$':
			if name, _ := VariableAt(rest, i); startsPath[strings.ToLower(name)] {
				return rest[i:]
			}
		}
	}
	return ""
}

// startsPath are the variables whose values begin with a slash.
var startsPath = map[string]bool{"uri": true, "document_uri": true, "request_uri": true}
