package parser

import (
	"errors"
	"math"
	"time"
)

// DefaultReadTimeout is proxy_read_timeout's default.
const DefaultReadTimeout = 60 * time.Second

var errTime = errors.New("invalid value")

// timeUnits are the units of a time in milliseconds, largest first. Only directives
// that count in seconds accept a year (y) and a month (M).
var timeUnits = []struct {
	name string
	ms   int64
}{
	{"w", 7 * 24 * 3600 * 1000}, {"d", 24 * 3600 * 1000}, {"h", 3600 * 1000}, {"m", 60 * 1000}, {"s", 1000}, {"ms", 1},
}

// ParseTime reads a time as nginx does for directives that count milliseconds
// (ngx_parse_time with is_sec 0): numbers with units from large to small, with
// optional white space between them, and optionally a number without a unit at the
// end, in seconds. For a time of more than 292 years it returns the longest Duration.
func ParseTime(s string) (time.Duration, error) {
	total, next, any := int64(0), 0, false
	for i := 0; i < len(s); {
		if s[i] == ' ' {
			i++
			continue
		}
		n, digits := int64(0), 0
		for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
			digit := int64(s[i] - '0')
			if n > (math.MaxInt64-digit)/10 {
				return 0, errTime
			}
			n, digits = n*10+digit, digits+1
		}
		if digits == 0 {
			return 0, errTime
		}
		unit, width := timeUnit(s[i:])
		i += width
		if unit < next {
			return 0, errTime
		}
		if width == 0 && i < len(s) && s[i] != ' ' {
			return 0, errTime
		}
		next = unit + 1
		ms := timeUnits[unit].ms
		if n > (math.MaxInt64-total)/ms {
			return 0, errTime
		}
		total += n * ms
		any = true
	}
	if !any {
		return 0, errTime
	}
	if total > math.MaxInt64/int64(time.Millisecond) {
		return math.MaxInt64, nil
	}
	return time.Duration(total) * time.Millisecond, nil
}

// timeUnit returns the unit that a text begins with and its width. Without a unit it
// is seconds.
func timeUnit(s string) (index, width int) {
	for i := len(timeUnits) - 1; i >= 0; i-- {
		if name := timeUnits[i].name; len(s) >= len(name) && s[:len(name)] == name {
			return i, len(name)
		}
	}
	return 4, 0
}
