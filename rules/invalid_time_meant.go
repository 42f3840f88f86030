package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

var numberAndUnit = lazyregexp.New(`^([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)`)

// longUnits are the units as people write them. M is a minute or a month,
// nobody knows.
var longUnits = map[string]time.Duration{
	"ms": time.Millisecond, "msec": time.Millisecond, "s": time.Second, "S": time.Second, "sec": time.Second, "secs": time.Second, "second": time.Second, "seconds": time.Second,
	"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "H": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": day, "D": day, "day": day, "days": day, "w": 7 * day, "W": 7 * day, "week": 7 * day, "weeks": 7 * day, "y": 365 * day, "Y": 365 * day, "year": 365 * day, "years": 365 * day,
}

const day = 24 * time.Hour

// meantTime writes a time as nginx takes it, in the largest unit that does;
// "" where it is not plain what was meant.
func meantTime(value string) string {
	total := time.Duration(0)
	for value = strings.TrimSpace(value); value != ""; value = strings.TrimSpace(value) {
		m := numberAndUnit().FindStringSubmatch(value)
		if m == nil || longUnits[m[2]] == 0 || len(m[1]) > 6 {
			return ""
		}
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return ""
		}
		total += time.Duration(n * float64(longUnits[m[2]]))
		value = value[len(m[0]):]
	}
	for _, unit := range []struct {
		name string
		d    time.Duration
	}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}} {
		if total > 0 && total%unit.d == 0 {
			return fmt.Sprintf("%d%s", total/unit.d, unit.name)
		}
	}
	return ""
}
