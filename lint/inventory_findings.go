package lint

import (
	"slices"
	"sort"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A placedFindings has the errors and warnings of a result by where they stand.
type placedFindings map[*parser.File][]rules.Finding

func placeFindings(findings []rules.Finding) placedFindings {
	byFile := make(placedFindings)
	for _, f := range findings {
		if f.Severity > rules.Info {
			byFile[f.Span.File] = append(byFile[f.Span.File], f)
		}
	}
	for _, all := range byFile {
		slices.SortStableFunc(all, func(a, b rules.Finding) int { return a.Span.Start - b.Span.Start })
	}
	return byFile
}

// in returns the findings that stand in a location's block and in none of its own
// locations.
func (p placedFindings) in(c *parser.Context) (found []rules.Finding) {
	whole := c.Opener.Span()
	all := p[whole.File]
	for i := sort.Search(len(all), func(i int) bool { return all[i].Span.Start >= whole.Start }); i < len(all) && all[i].Span.Start < whole.End; i++ {
		at := all[i].Span.Start
		inner := slices.ContainsFunc(c.Children, func(child *parser.Context) bool {
			span := child.Opener.Span()
			return child.Name == "location" && span.File == whole.File && span.Start <= at && at < span.End
		})
		if !inner {
			found = append(found, all[i])
		}
	}
	return found
}
