package kube

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// notString matches what the YAML reader of Kubernetes (sigs.k8s.io/yaml, YAML 1.1) reads
// as a boolean or a number; shown with its version 1.6.0.
var notString = lazyregexp.New(`^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE` +
	`|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+|[-+]?0o?[0-7_]+|[-+]?0b[01_]+` +
	`|[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)

// NotString reports whether Kubernetes reads a scalar as a boolean or a number.
func NotString(v Value) bool {
	return v.Plain() && !strings.Contains(v.Span().Text(), "!!") && notString().MatchString(v.Text())
}
