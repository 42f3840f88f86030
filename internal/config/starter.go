package config

import _ "embed"

// Starter is a file that says nothing yet, and shows all that it may say.
//
//go:embed starter.yaml
var Starter string
