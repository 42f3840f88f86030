package logs

import "fmt"

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}

// Empty is the reason for a file without lines.
const Empty = "is empty"

// An Unknown file is one in which nothing was recognised.
type Unknown struct{ File, Why string }
