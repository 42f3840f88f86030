package parser

import (
	"fmt"
	"strings"
)

// refusedMaps finds what nginx refuses in the maps of a level.
func (c *Context) refusedMaps() []Problem {
	var all []Problem
	for _, child := range c.Children {
		if child.Name == "map" && child.unread == nil {
			all = append(all, child.refusedEntries()...)
		}
	}
	return all
}

// refusedEntries finds lines of a map that contradict each other, or that are not
// two words.
func (c *Context) refusedEntries() []Problem {
	var all []Problem
	seen := make(map[string]bool, len(c.Directives))
	for _, d := range c.Directives {
		key := d.Name()
		if d.ParamCount() == 0 && (key == "hostnames" || key == "volatile") || d.Block != nil {
			continue
		}
		if d.ParamCount() != 1 {
			all = append(all, Problem{Directive: d, Context: c, Message: "invalid number of the map parameters"})
			continue
		}
		if message := refusedKey(seen, key); message != "" && key != "include" && !strings.HasPrefix(key, "~") {
			all = append(all, Problem{Directive: d, Context: c, Message: message})
		}
	}
	return all
}

// refusedKey notes a key of a map, and returns what nginx says if it was there.
func refusedKey(seen map[string]bool, key string) string {
	known := strings.ToLower(key)
	switch {
	case key == "default" && seen["\x00default"]:
		return "duplicate default map parameter"
	case key == "default":
		known = "\x00default"
	case strings.HasPrefix(key, `\`):
		known = known[1:]
	}
	if seen[known] {
		return fmt.Sprintf("conflicting parameter %q", known)
	}
	seen[known] = true
	return ""
}
