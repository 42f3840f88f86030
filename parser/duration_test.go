package parser

import (
	"math"
	"testing"
	"time"
)

// What nginx's proxy_read_timeout accepts, measured on thirteen versions.
func TestParseTime(t *testing.T) {
	for _, c := range []struct {
		in   string
		want time.Duration // negative: refused
	}{
		{"60", time.Minute}, {"60s", time.Minute}, {"1m", time.Minute}, {"500ms", time.Second / 2}, {"0", 0}, {"0s", 0},
		{"1h 30m", 90 * time.Minute}, {"1h30m", 90 * time.Minute}, {"1m30", 90 * time.Second}, {"1m1", 61 * time.Second}, {"1h0", time.Hour},
		{"1s500ms", 1500 * time.Millisecond}, {"1d12h", 36 * time.Hour}, {"1w", 7 * 24 * time.Hour}, {"86400", 24 * time.Hour},
		{"2147483647", 2147483647 * time.Second}, {"9223372036854775", math.MaxInt64}, {"9223372036854775807ms", math.MaxInt64},
		{"1M", -1}, {"1y", -1}, {"1.5h", -1}, {"-1", -1}, {"10H", -1}, {"1W", -1}, {"1Y", -1}, {"1hour", -1}, {"off", -1}, {"", -1}, {"100y", -1},
		{"1h1h", -1}, {"1s1m", -1}, {"1y6M", -1}, {"500ms1s", -1}, {"9223372036854775808ms", -1}, {"9223372036854776", -1}, {"$x", -1}, {"1sec", -1}, {"1min", -1},
	} {
		got, err := ParseTime(c.in)
		if c.want < 0 && err == nil || c.want >= 0 && (err != nil || got != c.want) {
			t.Errorf("ParseTime(%q) = %v, %v; want %v", c.in, got, err, c.want)
		}
	}
}
