package deploy

import (
	"maps"
	"slices"
)

// A Variable is an environment variable, or an argument of a build.
type Variable struct {
	Name, Value string
	Known       bool // the value is known
	Place       Place
}

// An environment is a list of variables, each once. The zero value is empty.
type environment struct {
	all []Variable
	at  map[string]int // the index of each
}

func newEnvironment(all []Variable) environment { return environment{}.with(all) }

// set adds variables. The last one of a name wins.
func (e *environment) set(all ...Variable) {
	for _, v := range all {
		if i, exists := e.at[v.Name]; exists {
			e.all[i] = v
			continue
		}
		if e.at == nil {
			e.at = make(map[string]int)
		}
		e.at[v.Name] = len(e.all)
		e.all = append(e.all, v)
	}
}

// with returns a copy with later variables, which win.
func (e environment) with(later []Variable) environment {
	c := environment{slices.Clone(e.all), maps.Clone(e.at)}
	c.set(later...)
	return c
}

func (e *environment) has(name string) bool {
	_, exists := e.at[name]
	return exists
}

// lookup returns the value of a variable, and whether it is known.
func (e *environment) lookup(name string) (string, bool) {
	if i, exists := e.at[name]; exists {
		return e.all[i].Value, e.all[i].Known
	}
	return "", false
}

// union returns the members of lists, each once.
func union[T comparable](lists ...[]T) (all []T) {
	seen := make(map[T]bool)
	for _, list := range lists {
		for _, s := range list {
			if !seen[s] {
				seen[s] = true
				all = append(all, s)
			}
		}
	}
	return all
}
