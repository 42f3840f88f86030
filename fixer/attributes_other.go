//go:build unix && !linux

package fixer

// keepAttributes does nothing: only Linux's extended attributes are kept.
func keepAttributes(_, _ string) error { return nil }
