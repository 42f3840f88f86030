package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/released"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A key is a key of a mapping, and the way to read it into a T.
type key[T any] struct {
	name     string
	doc      string // a sentence or two, for editors
	schema   schema
	required bool
	read     func(*reader, *T, *yaml.Node) error
}

// The values of keys that have a few choices.
var (
	contexts   = []string{"http", "server", "location"}
	severities = map[string]rules.Severity{"error": rules.Error, "warning": rules.Warning, "info": rules.Info}
	levels     = []string{"error", "warning", "info"}
)

// keys are the keys of a file. Tests compare the schema, the docs page and the
// starter file with them.
var keys = append([]key[Config]{
	{
		name: "nginx_version", doc: "The version to check for: of nginx, such as 1.26.3, or of a relative, such as angie-1.12.1, tengine-3.1.0, openresty-1.27.1.2, freenginx-1.27.1 or plus-r36. The default is the version in a Dockerfile or Compose file, else all versions of nginx from 1.18.",
		schema: schema{"type": "string", "pattern": `^([A-Za-z]+[-/ ])*[Rr]?\d+(\.\d+)*(-p\d+)?$`},
		read: func(_ *reader, c *Config, n *yaml.Node) error {
			return word(n, func(s string) (err error) { c.NginxVersion, err = released.Parse(s); return err })
		},
	},
	{
		name: "prefix", doc: "The absolute directories where the tree is installed in production, if not a standard one such as /etc/nginx.",
		schema: listOf(schema{"type": "string", "pattern": "^/"}),
		read: func(_ *reader, c *Config, n *yaml.Node) error {
			return words(n, &c.Prefix, func(s string) error {
				if !strings.HasPrefix(s, "/") {
					return fmt.Errorf("%q is not an absolute path", s)
				}
				return nil
			})
		},
	},
	{
		name: "context", doc: "The context in which fragments are read: http, server or location, by patterns of their names. The last matching pattern applies.",
		schema: schema{"type": "object", "additionalProperties": oneOf(contexts)},
		read:   readContexts,
	},
	{
		name: "exclude", doc: "Patterns of files and directories that are neither checked nor changed. Files that include them still see their content.",
		schema: listOf(pattern),
		read:   func(_ *reader, c *Config, n *yaml.Node) error { return words(n, &c.Exclude, checkPattern) },
	},
	{
		name: "fail_on", doc: "Findings of at least this severity make the command exit with status 1.",
		schema: oneOf(FailLevels),
		read: func(_ *reader, c *Config, n *yaml.Node) error {
			return word(n, func(s string) error { c.FailOn = s; return choice(s, FailLevels) })
		},
	},
	{
		name: "min_read_timeout", doc: "The least proxy_read_timeout that WebSocket locations should have, written as in nginx: 90s, 5m, 1h.",
		schema: schema{"type": []string{"string", "integer"}},
		read: func(_ *reader, c *Config, n *yaml.Node) error {
			return word(n, func(s string) error {
				d, err := parser.ParseTime(s)
				if err != nil {
					return fmt.Errorf("%q is not a time; write it as in nginx, such as 90s, 5m or 1h", s)
				}
				c.MinReadTimeout = int(d / time.Second)
				return nil
			})
		},
	},
	{
		name: "baseline", doc: "The baseline that --write-baseline writes: a file of old findings that are not reported again. The path is relative to this file's directory, and below it.",
		schema: schema{"type": "string", "pattern": `^[^/]`},
		read: func(_ *reader, c *Config, n *yaml.Node) error {
			return word(n, func(s string) error {
				if c.Baseline = s; !filepath.IsLocal(filepath.FromSlash(s)) {
					return fmt.Errorf("%q is not below the directory of the settings; --baseline accepts any file", s)
				}
				return nil
			})
		},
	},
	{
		name: "verify", doc: "A shell command, such as nginx -t, that --fix runs on the files that it wrote. If it fails, every file is restored. It is run only if no other user can have written the settings, and in CI only from a file that --config names.",
		schema: schema{"type": "string", "minLength": 1},
		read: func(_ *reader, c *Config, n *yaml.Node) error {
			return word(n, func(s string) error { c.Verify = s; return nil })
		},
	},
	{
		name: "overrides", doc: "Settings for some files only. If several match a file, the last one that has a setting decides it.",
		schema: schema{"type": "array", "items": object(overrideKeys)},
		read: func(r *reader, c *Config, n *yaml.Node) error {
			return each(n, func(item *yaml.Node) error {
				var o lint.Override
				err := fields(r, &o, item, overrideKeys)
				c.Overrides = append(c.Overrides, o)
				return err
			})
		},
	},
}, forAll(scopeKeys)...)

// overrideKeys are the keys of an item of overrides.
var overrideKeys = append([]key[lint.Override]{{
	name: "files", doc: "Patterns of the files that these settings apply to, as in .gitignore, relative to this file's directory: *.conf matches at any depth, legacy/** below legacy.",
	schema: listOf(pattern), required: true,
	read: func(_ *reader, o *lint.Override, n *yaml.Node) error { return words(n, &o.Files, checkPattern) },
}}, scopeKeys...)

// scopeKeys are the keys that are valid for all files and in overrides.
var scopeKeys = []key[lint.Override]{
	{
		name: "select", doc: "The rules and groups of rules to run; no others run. Pedantic rules run only if they are selected.",
		schema: listOf(ruleNames),
		read:   func(_ *reader, o *lint.Override, n *yaml.Node) error { return words(n, &o.Select, rules.Known) },
	},
	{
		name: "ignore", doc: "The rules and groups of rules that are not run. A rule with a reason does run, but its findings are suppressed; if it finds nothing, that is a finding.",
		schema: schema{"anyOf": []schema{ruleNames, {"type": "array", "items": schema{"anyOf": []schema{ruleNames, object(suppressionKeys)}}}}},
		read:   readIgnore,
	},
	{
		name: "severity", doc: "The severity of a rule's findings. Advice about a location that is only possibly meant for WebSockets remains advice.",
		schema: schema{"type": "object", "propertyNames": ruleName, "additionalProperties": oneOf(levels)},
		read:   readSeverity,
	},
	{
		name: "websocket", doc: "Locations that are meant for WebSockets, written as in the configuration: /live, ~ \\.ws$, @name. A comment in the configuration takes precedence.",
		schema: listOf(location),
		read:   func(r *reader, o *lint.Override, n *yaml.Node) error { return readLocations(r, o, n, true) },
	},
	{
		name: "not_websocket", doc: "Locations that are not meant for WebSockets, even if they look like it.",
		schema: listOf(location),
		read:   func(r *reader, o *lint.Override, n *yaml.Node) error { return readLocations(r, o, n, false) },
	},
}

// suppressionKeys are the keys of an item of ignore.
var suppressionKeys = []key[lint.Suppression]{
	{
		name: "rule", doc: "The rule or group of rules whose findings are suppressed.", schema: schema{"anyOf": []schema{ruleNames}}, required: true,
		read: func(r *reader, s *lint.Suppression, n *yaml.Node) error {
			s.Span = r.span(n)
			return word(n, func(name string) error { s.Rule = name; return rules.Known(name) })
		},
	},
	{
		name: "reason", doc: "Why.", schema: schema{"type": "string", "minLength": 1}, required: true,
		read: func(_ *reader, s *lint.Suppression, n *yaml.Node) error {
			return word(n, func(text string) error { s.Reason = strings.TrimSpace(text); return nil })
		},
	},
}

// forAll turns keys of an override into keys of the file.
func forAll(of []key[lint.Override]) []key[Config] {
	var all []key[Config]
	for _, k := range of {
		read := func(r *reader, c *Config, n *yaml.Node) error { return k.read(r, &c.All, n) }
		all = append(all, key[Config]{k.name, k.doc, k.schema, k.required, read})
	}
	return all
}

func checkPattern(s string) error {
	_, err := glob.Parse(s)
	if err != nil {
		err = fmt.Errorf("%q: %w", s, err)
	}
	return err
}

func names() []string {
	var all []string
	for _, r := range rules.All {
		all = append(all, r.Name)
	}
	return all
}

func readContexts(_ *reader, c *Config, n *yaml.Node) error {
	return pairs(n, func(key, value *yaml.Node) error {
		if err := checkPattern(key.Value); err != nil {
			return at(key, err)
		}
		c.Contexts = append(c.Contexts, lint.ContextOf{Files: key.Value})
		return word(value, func(s string) error {
			c.Contexts[len(c.Contexts)-1].Context = s
			return choice(s, contexts)
		})
	})
}

func readSeverity(_ *reader, o *lint.Override, n *yaml.Node) error {
	o.Severity = make(map[string]rules.Severity)
	return pairs(n, func(key, value *yaml.Node) error {
		if _, err := rules.Find(key.Value); err != nil {
			return at(key, err)
		}
		return word(value, func(s string) error {
			o.Severity[key.Value] = severities[s]
			return choice(s, levels)
		})
	})
}

func readIgnore(r *reader, o *lint.Override, n *yaml.Node) error {
	return each(n, func(item *yaml.Node) error {
		if item.Kind == yaml.Scalar {
			return word(item, func(name string) error {
				o.Ignore = append(o.Ignore, name)
				return rules.Known(name)
			})
		}
		var s lint.Suppression
		err := fields(r, &s, item, suppressionKeys)
		o.Suppress = append(o.Suppress, s)
		return err
	})
}

func readLocations(r *reader, o *lint.Override, n *yaml.Node, webSocket bool) error {
	known := make(map[string]bool, len(o.Locations))
	for _, l := range o.Locations {
		known[l.Location] = true
	}
	return each(n, func(item *yaml.Node) error {
		return word(item, func(s string) error {
			s = strings.TrimPrefix(strings.Join(strings.Fields(s), " "), "location ")
			if known[s] {
				return errors.New(s + " is given twice")
			}
			known[s] = true
			o.Locations = append(o.Locations, lint.LocationIntent{Location: s, WebSocket: webSocket, Span: r.span(item)})
			return nil
		})
	})
}

// Keys returns the names of a file's keys.
func Keys() []string { return keyNames(keys) }
