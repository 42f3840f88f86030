package parser

import (
	"bytes"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, s := range readingCases {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file := Parse("fuzz", src)
		checkPartition(t, file)
		if !bytes.Contains(src, []byte("_by_lua_block")) {
			checkAgainstReference(t, "fuzz", src)
		}
	})
}
