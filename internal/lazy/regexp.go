// Package lazy puts work off until it is asked for: a commit hook that checks
// one small file should wait for no more than that file needs.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp returns what regexp.MustCompile does, compiled when it is first called.
func Regexp(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
