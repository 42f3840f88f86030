// Package lint puts the parts together: it finds the configurations below the
// paths that are given, checks them, and turns the fixes of what it found into
// patches that it has proven.
package lint

import (
	"io/fs"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Options say what is linted and how.
type Options struct {
	FS             fs.FS          // the file system the paths are names in; many goroutines ask it at once
	Paths          []string       // files and directories, as fs.FS wants them
	Complete       bool           // FS has all that nginx read, as a dump has
	Context        string         // of fragments; "" to guess
	Prefixes       []string       // absolute directories that mean the tree itself
	Version        parser.Version // zero: what the tree gives evidence of, else any
	MinReadTimeout int            // seconds that proxy_read_timeout has to be at least; 0 for none
	Select         []string       // of rules and groups, see rules.Select; empty for the usual ones
	Ignore         []string       // the same
	Fix            bool           // work out patches
	UnsafeFixes    bool           // take fixes that are Unsafe too

	MinSeverity rules.Severity // findings below it are neither reported nor fixed
	Excluded    []Patterns     // files that are not judged, besides Exclude

	Base      string      // the directory in FS that the patterns of the following start from; "" for its root
	Exclude   []string    // patterns of files that are not judged
	Contexts  []ContextOf // of fragments by their names; the last that matches holds, and outranks Context
	Overrides []Override  // the last word on a file has the last one that matches it

	// Nested returns the settings that a directory has of its own, or nil: they take
	// the place of Base, Exclude, Contexts and Overrides for all that lies below it.
	// A nil function: no directory has.
	Nested func(dir string) (*Nested, error)
	Old    []*OldFindings // findings that are old

	OnRead func(bytes int) // called for each file that is read, by many goroutines at once; or nil

	// Asked finds the locations that WebSockets are known to be asked for at, in
	// configurations that are read once more after each round of fixes. What is
	// found there counts in full, and with Fix nothing else is mended. nil: none.
	Asked func([]*model.Model) []*parser.Context
}

// Patterns are patterns of files' names from a directory on.
type Patterns struct {
	Base  string
	Files []string
}

// Nested are the settings of a directory; see Options.
type Nested struct {
	Base      string
	Exclude   []string
	Contexts  []ContextOf
	Overrides []Override
}

// A Result is what a run found.
type Result struct {
	Configs    []*model.Model  // what was read, in order
	Files      []*parser.File  // every file that was read, by name
	Versions   parser.Versions // what was judged for
	Evidence   string          // where the version comes from; "" where it is unknown
	Findings   []rules.Finding // by file and place
	Suppressed []Suppressed    // found, but settled by the user: in none of the other lists
	Notes      []Note          // what was not read, and the like
	Passed     []PassedOver    // files that may be nginx configuration, and were not judged
	Unmatched  []Unmatched     // what is Known and was not found
	Patches    []fixer.Patch   // with Fix: proven; nothing is written yet
	Left       []rules.Finding // with Fix: what the patches do not mend
	Held       []Held          // with Fix: fixes that were not taken

	proven *proven // with Fix: what the patches were judged by
	judged func(*parser.File) bool
	intent []intent.Option // what the user says of locations
	policy *policy         // and of files
}

// Judged reports whether findings in a file that was read are wanted.
func (r *Result) Judged(f *parser.File) bool { return r.judged(f) }

// Excluded reports whether the user excludes a file that was read.
func (r *Result) Excluded(f *parser.File) bool { return r.policy.leavesOut(f) }

// A Suppressed finding is one that the user does not want to hear of.
type Suppressed struct {
	Finding rules.Finding
	Reason  string // in the user's words, or ""
	By      Silencer
}

// A Silencer says why a finding is silent.
type Silencer int

const (
	ByComment  Silencer = iota // in the configuration
	BySettings                 // with a reason
	ByBaseline
	ByRevision // it was there before
)

// A Note is something that the user has to know and that is no finding.
type Note struct {
	Span    parser.Span // File is nil where it is about no place
	Name    string      // of a file that was not read, where it is about one
	Message string
	Trouble bool // something that was asked for could not be read: exit 2
}

// A PassedOver file may be nginx configuration, and was not judged, for a reason.
type PassedOver struct {
	Name, Why string
	Meant     bool // the user says so: it needs no note
}

// A Held fix was not taken, for a reason.
type Held struct {
	Finding rules.Finding
	Fix     fixer.Fix
	Reason  string
}
