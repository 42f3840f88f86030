package rules

// UnrenderedTemplate finds templates of the official image that its entrypoint cannot
// render, because it may not write where they go. It is judged by package lint, which
// knows what a container mounts.
var UnrenderedTemplate = &Rule{
	Name:     "unrendered-template",
	Summary:  "the image's entrypoint cannot write what its templates become",
	Group:    Correctness,
	Severity: Warning,
	Config:   func(*Pass) {},
}
