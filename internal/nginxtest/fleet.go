package nginxtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
)

// A Fleet has a backend for each upstream server of a configuration, and records
// their requests.
type Fleet struct {
	t        testing.TB
	backends map[string]*Backend
	mu       sync.Mutex
	requests []string
}

// NewFleet returns a fleet without backends.
func NewFleet(t testing.TB) *Fleet { return &Fleet{t: t, backends: make(map[string]*Backend)} }

// Address returns the address of the backend with a name. The same name always has
// the same backend.
func (f *Fleet) Address(name string) string {
	if f.backends[name] == nil {
		f.backends[name] = startBackend(f.t, func(r *http.Request) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.requests = append(f.requests, name+" asked "+Describe(r))
		})
	}
	return f.backends[name].Address
}

// Names returns the names of the backends.
func (f *Fleet) Names() []string { return slices.Sorted(maps.Keys(f.backends)) }

// Take returns the requests since the last call in a fixed order: each text is the
// name of a backend, " asked " and the result of Describe.
func (f *Fleet) Take() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	taken := f.requests
	f.requests = nil
	sort.Strings(taken)
	return taken
}

// Describe formats a request: its line and its headers.
func Describe(r *http.Request) string {
	lines := []string{fmt.Sprintf("%s %s %s", r.Method, r.RequestURI, r.Proto), fmt.Sprintf("Host: %q", r.Host)}
	for name, values := range r.Header {
		lines = append(lines, fmt.Sprintf("%s: %q", name, values))
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "; ")
}
