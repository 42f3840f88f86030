package gonginxcheck

import (
	gonginx "github.com/tufanbarisyildirim/gonginx/parser"
)

// Parse reads a text with gonginx and throws away what it read: for measuring.
func Parse(src string) error {
	_, err := gonginx.NewStringParser(src, gonginx.WithSkipValidDirectivesErr()).Parse()
	return err
}
