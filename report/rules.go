package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Rules lists the rules by group, within 80 columns.
func Rules(w io.Writer, all []*rules.Rule) error {
	var b strings.Builder
	for _, g := range rules.Groups {
		titled := false
		for _, r := range all {
			if r.Group != g {
				continue
			}
			if !titled {
				fmt.Fprintf(&b, "%s:\n", g)
				titled = true
			}
			severity := r.Severity.String()
			if r.Pedantic {
				severity += ", pedantic"
			}
			fmt.Fprintf(&b, "  %s (%s)\n", r.Name, severity)
			for _, line := range Wrap(r.Summary, 74) {
				fmt.Fprintf(&b, "      %s\n", line)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
