package fixer

import (
	"fmt"
	"strings"
)

// applyDiff applies a unified diff strictly: everything must be exactly where the
// diff says.
func applyDiff(old, diff string) (string, error) {
	text := lines([]byte(diff))
	if diff == "" {
		return old, nil
	} else if len(text) < 3 || !strings.HasPrefix(text[0], "--- ") || !strings.HasPrefix(text[1], "+++ ") {
		return "", fmt.Errorf("no header")
	}
	a := lines([]byte(old))
	var out strings.Builder
	at, written := 0, 0
	for i := 2; i < len(text); {
		a0, na, b0, nb, err := hunkRange(text[i])
		if err != nil || a0 < at || a0 > len(a) {
			return "", fmt.Errorf("bad hunk %q: %v", text[i], err)
		}
		out.WriteString(strings.Join(a[at:a0], ""))
		written += a0 - at
		if at = a0; written != b0 {
			return "", fmt.Errorf("%q: %d lines are before it", text[i], written)
		}
		for i++; na > 0 || nb > 0; i++ {
			mark, line := text[i][0], text[i][1:]
			if i+1 < len(text) && text[i+1] == "\\ No newline at end of file\n" {
				line = strings.TrimSuffix(line, "\n")
				text = append(text[:i+1:i+1], text[i+2:]...)
			}
			if mark != '+' {
				if at >= len(a) || a[at] != line {
					return "", fmt.Errorf("%q does not fit", line)
				}
				at, na = at+1, na-1
			}
			if mark != '-' {
				out.WriteString(line)
				written, nb = written+1, nb-1
			}
		}
	}
	return out.String() + strings.Join(a[at:], ""), nil
}

// hunkRange reads @@ -a,n +b,m @@; the starts it returns count from 0.
func hunkRange(line string) (a0, na, b0, nb int, err error) {
	word := strings.Fields(line)
	if len(word) != 4 || word[0] != "@@" || word[3] != "@@" {
		return 0, 0, 0, 0, fmt.Errorf("malformed")
	}
	read := func(s string, mark string, start, n *int) {
		*n = 1
		count, _ := fmt.Sscanf(s, mark+"%d,%d", start, n)
		if count == 0 || (count == 2) != strings.Contains(s, ",") || (count == 2 && *n == 1) {
			err = fmt.Errorf("malformed range %s", s)
		}
		if *n > 0 {
			*start--
		}
	}
	read(word[1], "-", &a0, &na)
	read(word[2], "+", &b0, &nb)
	return a0, na, b0, nb, err
}
