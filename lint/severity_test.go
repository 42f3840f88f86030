package lint

import (
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// What a rule says, what the location is meant for and what the settings say make
// the severity, with its reason.
func TestSeverity(t *testing.T) {
	info := rules.Info
	for _, c := range []struct {
		own     rules.Severity
		level   intent.Level // None: about no location
		bounded bool
		said    *rules.Severity
		want    rules.Severity
		reason  string
	}{
		{rules.Error, intent.None, false, nil, rules.Error, ""},
		{rules.Error, intent.Certain, true, nil, rules.Error, ""},
		{rules.Error, intent.Likely, true, nil, rules.Warning, "lowered from error: the location is only likely meant for WebSockets"},
		{rules.Error, intent.Likely, false, nil, rules.Error, ""},
		{rules.Info, intent.Likely, true, nil, rules.Info, ""},
		{rules.Error, intent.Possible, true, nil, rules.Info, "lowered from error: the location is only possibly meant for WebSockets"},
		{rules.Warning, intent.Possible, false, nil, rules.Info, "lowered from warning: the location is only possibly meant for WebSockets"},
		{rules.Info, intent.Possible, true, nil, rules.Info, ""},
		{rules.Error, intent.None, false, &info, rules.Info, "set by the settings"},
		{rules.Error, intent.Likely, true, &info, rules.Info, "set by the settings"},
	} {
		f := rules.Finding{Severity: c.own, Bounded: c.bounded}
		if c.level != intent.None {
			f.Intent = &intent.Score{Level: c.level}
		}
		if got, reason := severity(f, c.said); got != c.want || reason != c.reason {
			t.Errorf("%+v: %s, %q", c, got, reason)
		}
	}
	worse := rules.Error
	f := rules.Finding{Severity: rules.Warning, Intent: &intent.Score{Level: intent.Possible}}
	if got, _ := severity(f, &worse); got != rules.Info {
		t.Errorf("settings make advice an %s", got)
	}
}
