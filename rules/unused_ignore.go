package rules

// UnusedIgnore reports comments that should silence a rule and do not: what they
// name is not found there, is no rule, or they give no reason. It is judged by
// package lint, which knows what all other rules found.
var UnusedIgnore = &Rule{
	Name:     "unused-ignore",
	Summary:  "a comment that ignores a rule without effect",
	Group:    Correctness,
	Severity: Warning,
	Check:    func(*Pass) {},
}
