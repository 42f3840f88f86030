//go:build unix && !linux

package replace

// keepAttributes does nothing: only Linux's extended attributes are kept.
func keepAttributes(_, _ string) error { return nil }
