package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
)

// misspelt reports whether a $http_ variable is a misspelling of $http_upgrade or
// $http_connection. No client sends such a header, so the variable is always empty,
// and nginx does not complain.
func misspelt(name string) bool {
	header, ok := strings.CutPrefix(name, "http_")
	if !ok {
		return false
	}
	for _, right := range []string{"upgrade", "connection"} {
		if header != right && spell.Distance(header, right) <= 2 {
			return true
		}
	}
	return false
}
