package config

import (
	"bytes"
	"encoding/json"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// SchemaURL is the address at which editors find the schema.
const SchemaURL = "https://raw.githubusercontent.com/nginx-ws-lint/nginx-ws-lint/main/docs/config.schema.json"

// A schema is a JSON Schema, or a part of one.
type schema map[string]any

var (
	pattern   = schema{"type": "string", "minLength": 1}
	location  = schema{"type": "string", "minLength": 1}
	ruleNames = schema{"$ref": "#/definitions/rules"}
	ruleName  = schema{"$ref": "#/definitions/rule"}
)

func oneOf(values []string) schema { return schema{"enum": values} }

// listOf is a list, or a single item.
func listOf(item schema) schema {
	return schema{"anyOf": []schema{item, {"type": "array", "items": item}}}
}

// object is a mapping with only these keys.
func object[T any](keys []key[T]) schema {
	properties, required := schema{}, []string{}
	for _, k := range keys {
		of := schema{"description": k.doc}
		for name, value := range k.schema {
			of[name] = value
		}
		properties[k.name] = of
		if k.required {
			required = append(required, k.name)
		}
	}
	s := schema{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// Schema returns a JSON Schema of the file (draft 7, which editors support).
func Schema() ([]byte, error) {
	s := object(keys)
	s["$schema"], s["$id"] = "http://json-schema.org/draft-07/schema#", SchemaURL
	s["title"], s["description"] = "Settings of nginx-ws-lint", "The file "+Name
	s["definitions"] = schema{"rule": oneOf(names()), "rules": oneOf(rules.Names())}
	s["type"] = []string{"object", "null"} // comments only
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(s)
	return b.Bytes(), err
}
