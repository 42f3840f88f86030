// Package lazyregexp compiles regular expressions on first use. A commit hook that
// checks one small file then pays only for the expressions that this file needs.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New returns a function that compiles expr with regexp.MustCompile on the first
// call and returns the result on each call.
func New(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
