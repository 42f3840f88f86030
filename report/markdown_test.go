package report

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	source "github.com/yuin/goldmark/text"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// validMarkdown checks that GitHub's Markdown sees a table of four columns, notes
// and links to rules, and nothing that a configuration might have brought.
func validMarkdown(t testing.TB, doc []byte) {
	t.Helper()
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(source.NewReader(doc))
	err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Document, *ast.Heading, *ast.Paragraph, *ast.Text, *ast.TextBlock, *ast.List, *ast.ListItem, *east.Table, *east.TableCell:
		case *east.TableHeader, *east.TableRow:
			if n.ChildCount() != 4 {
				t.Errorf("a row of %d cells in %s", n.ChildCount(), doc)
			}
		case *ast.Link:
			if !strings.HasPrefix(string(n.Destination), strings.TrimSuffix(rules.SyntaxError.URL(), "main/rules/docs/syntax-error.md")) {
				t.Errorf("a link to %s in %s", n.Destination, doc)
			}
		default:
			t.Errorf("%s in %s", n.Kind(), doc)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Of very many findings the first are shown and the others counted.
func TestMarkdownLong(t *testing.T) {
	res := rich(t)
	for len(res.Findings) < maxRows+7 {
		res.Findings = append(res.Findings, res.Findings[0])
	}
	doc := written(t, "markdown", res, richOptions())
	validMarkdown(t, doc)
	if rows := strings.Count(string(doc), "\n| warning |") + strings.Count(string(doc), "\n| error |") + strings.Count(string(doc), "\n| info |"); rows != maxRows {
		t.Errorf("%d rows", rows)
	}
	if !strings.Contains(string(doc), "\n\n7 more are not shown.\n") {
		t.Errorf("it does not count the others: %s", doc[len(doc)-300:])
	}
}
