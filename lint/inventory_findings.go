package lint

import (
	"slices"
	"sort"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A placedFindings has the errors and warnings of a result by position.
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

// in returns the findings in a location's block, without those in its nested
// locations.
func (p placedFindings) in(c *parser.Context) (found []rules.Finding) {
	whole := c.Opener.Span()
	all := p[whole.File]
	from := func(offset int) int {
		return sort.Search(len(all), func(i int) bool { return all[i].Span.Start >= offset })
	}
	at := from(whole.Start)
	for _, child := range c.Children { // sorted by position, except those of other files
		if span := child.Opener.Span(); child.Name == "location" && span.File == whole.File {
			found, at = append(found, all[at:max(at, from(span.Start))]...), max(at, from(span.End))
		}
	}
	return append(found, all[at:max(at, from(whole.End))]...)
}
