package lsp

import (
	"context"
	"encoding/json"
)

// requests are the handlers by method.
var requests map[string]func(*server, context.Context, json.RawMessage) (any, error)

func init() {
	requests = map[string]func(*server, context.Context, json.RawMessage) (any, error){
		"textDocument/diagnostic":     (*server).pull,
		"textDocument/codeAction":     (*server).codeActions,
		"codeAction/resolve":          (*server).resolve,
		"textDocument/hover":          (*server).hover,
		"textDocument/definition":     (*server).definition,
		"textDocument/references":     (*server).references,
		"textDocument/documentSymbol": (*server).outline,
		"textDocument/documentLink":   (*server).links,
		"textDocument/completion":     (*server).completion,
		"textDocument/codeLens":       (*server).lenses,
		"textDocument/inlayHint":      (*server).hints,
	}
}
