package lint

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// decideSeverity sets how bad a finding is, and why that is not what its rule says.
// It is as bad as in the worst of its contexts, of which others are the other ones.
// Nothing else changes a severity that a rule gave.
func (j *judge) decideSeverity(f *rules.Finding, others []rules.Finding) {
	said := j.ruling(f.Rule, f.Span.File).severity
	worst, reason := severity(*f, said)
	for _, other := range others {
		if s, why := severity(other, said); s > worst {
			worst, reason = s, why
		}
	}
	f.Severity, f.SeverityReason = worst, reason
}

// severity is that of a finding in one context, with the reason why it is not the
// rule's own. Said is what the settings say, or nil. Advice about a location that is
// only possibly meant for WebSockets stays advice whatever they say.
func severity(f rules.Finding, said *rules.Severity) (rules.Severity, string) {
	level := intent.Certain
	if f.Intent != nil {
		level = f.Intent.Level
	}
	assumed := assumption(f)
	switch {
	case level == intent.Possible:
		return lowered(f.Severity, rules.Info, level)
	case said != nil:
		return *said, "set by the settings"
	case level == intent.Likely && f.Bounded:
		return lowered(f.Severity, max(rules.Info, f.Severity-1), level)
	case assumed != "" && f.Severity == rules.Error:
		return rules.Warning, "lowered from error: " + assumed
	}
	return f.Severity, ""
}

// assumption says which file a finding about a location takes to be the one that a
// package installs, or "".
func assumption(f rules.Finding) string {
	if f.Intent == nil || f.Context == nil {
		return ""
	}
	inc := f.Context.Assumed()
	if inc == nil {
		return ""
	}
	return inc.Directive.Param(0) + " was not found; it is assumed to be Debian's"
}

// lowered is a severity that what a location is meant for lowers, with the reason.
func lowered(from, to rules.Severity, level intent.Level) (rules.Severity, string) {
	if from == to {
		return to, ""
	}
	return to, fmt.Sprintf("lowered from %s: the location is only %s meant for WebSockets", from, adverbs[level])
}

// adverbs say how sure it is that a location is meant for WebSockets.
var adverbs = map[intent.Level]string{intent.Possible: "possibly", intent.Likely: "likely"}
