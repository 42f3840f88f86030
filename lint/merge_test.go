package lint

import (
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A finding that holds in several contexts names an include only if there is one.
func TestMention(t *testing.T) {
	f := rules.Finding{Message: "wrong", Places: 2}
	mention(nil, &f)
	if want := "wrong (in 2 locations that this line applies to)"; f.Message != want {
		t.Errorf("%q, want %q", f.Message, want)
	}
}
