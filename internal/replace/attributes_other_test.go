//go:build unix && !linux

package replace

import "testing"

func setAttribute(*testing.T, string) {}

func attributesOf(*testing.T, string) map[string][]byte { return nil }
