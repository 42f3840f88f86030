package fixer

import (
	"fmt"
	"strings"
)

// headerName writes a file's name as git does in the --- and +++ lines: in double
// quotes with C escapes if a byte would be unreadable or end the name early, and
// followed by a tab if it contains a space, because text after a tab is a date and
// not part of the name. patch(1) reads both.
func headerName(name string) string {
	quoted := quoteName(name)
	if strings.Contains(name, " ") {
		quoted += "\t"
	}
	return quoted
}

// quoteName follows git's quote_c_style (quote.c) with core.quotePath on, the
// default.
func quoteName(name string) string {
	var q strings.Builder
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			q.WriteByte('\\')
			q.WriteByte(c)
		case c >= '\a' && c <= '\r':
			q.WriteByte('\\')
			q.WriteByte("abtnvfr"[c-'\a'])
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&q, `\%03o`, c)
		default:
			q.WriteByte(c)
		}
	}
	// git does not quote a trailing space, and then patch(1) drops it.
	if q.Len() == len(name) && !strings.HasSuffix(name, " ") {
		return name
	}
	return `"` + q.String() + `"`
}
