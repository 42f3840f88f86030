package lsp

import (
	"context"
	"encoding/json"
)

// requests are the handlers by method.
var requests map[string]func(*server, context.Context, json.RawMessage) (any, error)

func init() {
	requests = map[string]func(*server, context.Context, json.RawMessage) (any, error){
		"textDocument/diagnostic": (*server).pull,
		"textDocument/codeAction": (*server).codeActions,
		"codeAction/resolve":      (*server).resolve,
	}
}
