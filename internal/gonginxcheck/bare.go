package gonginxcheck

import (
	gonginx "github.com/tufanbarisyildirim/gonginx/parser"
)

// Parse parses a text with gonginx and discards the result, for benchmarks.
func Parse(src string) error {
	_, err := gonginx.NewStringParser(src, gonginx.WithSkipValidDirectivesErr()).Parse()
	return err
}
