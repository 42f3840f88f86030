package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// The hashes that GitHub's own tests want: codeql-action,
// src/fingerprints.test.ts.
func TestLineHashes(t *testing.T) {
	const last = "c129715d7a2bc9a3:1"
	greetings := []string{
		"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", last,
	}
	for src, want := range map[string][]string{
		"":                   {last},
		" a\nb\n  \t\tc\n d": {"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"},
		" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End": {
			"8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1", "bff680108adb0fcc:1", "c6805c5e1288b612:1", "b86d3392aea1be30:1", "e6ceba753e1a442:1",
		},
		" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n":             greetings,
		" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r":             greetings,
		" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n": greetings,
		" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n":         greetings,
		strings.Repeat("Lorem ipsum dolor sit amet.\n", 10): {
			"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6",
			"a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", last,
		},
	} {
		if got := lineHashes([]byte(src)); !slices.Equal(got, want) {
			t.Errorf("%q:\n%q, want\n%q", src, got, want)
		}
	}
}

// A finding's line moves; what GitHub and GitLab know it by does not.
func TestFingerprintsStay(t *testing.T) {
	before, after := rich(t).Findings, result(t, "# new\n\n"+broken, rich(t).Versions.Min).Findings
	old := result(t, broken, rich(t).Versions.Min).Findings
	for i := range old {
		if a, b := lint.Identify(old[i], "x").Hash(1), lint.Identify(after[i], "x").Hash(1); a != b {
			t.Errorf("%s: %s became %s", old[i].Rule.Name, a, b)
		}
		a, b := lineHashes(old[i].Span.File.Src)[byteRegion(old[i].Span).StartLine-1], lineHashes(after[i].Span.File.Src)[byteRegion(after[i].Span).StartLine-1]
		if a != b {
			t.Errorf("%s: %s became %s", old[i].Rule.Name, a, b)
		}
	}
	seen := map[lint.Fingerprint]int{}
	first := fingerprint(lint.Identify(before[0], "x"), seen)
	if second := fingerprint(lint.Identify(before[0], "x"), seen); first == second {
		t.Error("two of a kind have one fingerprint")
	}
}
