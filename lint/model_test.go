package lint

import (
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// models are those that tests have asked, by their configurations.
var models sync.Map

// modelOf returns the model of a configuration.
func modelOf(cfg *parser.Config) *model.Model {
	if m, ok := models.Load(cfg); ok {
		return m.(*model.Model)
	}
	m, _ := models.LoadOrStore(cfg, model.New(cfg, nil))
	return m.(*model.Model)
}

// routed returns the location that a path reaches in a server.
func routed(server *parser.Context, path string) *parser.Context {
	return modelOf(server.Config).Route(server, path)
}

// requested returns what becomes of a request for a path in a server.
func requested(server *parser.Context, path string, kind model.Kind, v parser.Version) model.Request {
	return modelOf(server.Config).Request(routed(server, path), kind, v)
}
