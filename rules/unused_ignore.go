package rules

// UnusedIgnore reports comments, and suppressions of the settings, that should
// silence a rule and do not: what they name is not found there, is no rule, or they
// give no reason. It is judged by package lint, which knows what all other rules
// found.
var UnusedIgnore = &Rule{
	Name:     "unused-ignore",
	Summary:  "a comment or setting suppresses a rule that reports nothing there",
	Group:    Correctness,
	Severity: Warning,
	Config:   func(*Pass) {},
}
