package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

func TestSelect(t *testing.T) {
	usual, err := rules.Select(nil, nil)
	if err != nil || len(usual) == 0 {
		t.Fatal(usual, err)
	}
	for _, r := range rules.All {
		if slices.Contains(usual, r) == (r.Pedantic && !r.ByDefault) {
			t.Errorf("%s: pedantic %v, and usual", r.Name, r.Pedantic)
		}
	}
	count := func(want int, names, ignored []string) {
		t.Helper()
		if got, err := rules.Select(names, ignored); err != nil || len(got) != want {
			t.Errorf("%v without %v: %d rules, %v", names, ignored, len(got), err)
		}
	}
	count(1, []string{"missing-ip-hash"}, nil)
	count(0, []string{"missing-ip-hash"}, []string{"balancing"})
	count(len(rules.All), []string{"all"}, nil)
	count(len(rules.All)-1, []string{"all"}, []string{"syntax-error"})
	for name, want := range map[string]string{"timeout": "did you mean", "correctnes": "did you mean correctness?", "zzz": "unknown rule"} {
		if _, err := rules.Select([]string{name}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
