// Package lint connects the other packages. It finds the configurations below the
// given paths, checks them, and turns the fixes of its findings into proven patches.
package lint

import (
	"io/fs"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Options say what is linted and how.
type Options struct {
	FS             fs.FS          // the file system that contains the paths; used by many goroutines at once
	Paths          []string       // files and directories, as fs.FS requires
	Complete       bool           // FS has all files that nginx read, as a dump has
	Context        string         // for fragments; "" to guess
	Prefixes       []string       // absolute directories that stand for the tree itself
	Version        parser.Version // zero: the version that the tree gives evidence of, else any
	VersionFrom    string         // what names it; "" for the user
	MinReadTimeout int            // the least proxy_read_timeout in seconds; 0 for no minimum
	Select         []string       // names of rules and groups, see rules.Select; empty for the default ones
	Ignore         []string       // the same
	Fix            bool           // work out patches
	UnsafeFixes    bool           // also apply fixes that are Unsafe

	MinSeverity rules.Severity // findings below it are neither reported nor fixed
	Excluded    []Patterns     // files that are not checked, besides Exclude

	Base      string      // the directory in FS that the following patterns are relative to; "" for its root
	Exclude   []string    // patterns of files that are not checked
	Contexts  []ContextOf // contexts of fragments by name; the last match applies and overrules Context
	Overrides []Override  // the last one that matches a file decides

	// Nested returns the settings of a directory, or nil if it has none. They replace
	// Base, Exclude, Contexts and Overrides for everything below it. A nil function
	// means that no directory has settings.
	Nested func(dir string) (*Nested, error)
	Old    []*OldFindings // findings that are old

	Earlier   *Result     // of files that did not change since it was made, the trees are taken from it; can be nil
	Cancelled func() bool // the result is not wanted any more: Run returns ErrCancelled soon; can be nil

	OnRead func(bytes int) // called for each file that is read, by many goroutines at once; can be nil

	// Asked returns the locations that receive WebSocket requests, in configurations
	// that are read again after each round of fixes. They count as certain, and with
	// Fix only what concerns them is fixed. nil: none.
	Asked func([]*model.Model) []*parser.Context
}

// Patterns are patterns of file names, relative to a directory.
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

// A Result is the result of a run.
type Result struct {
	Configs    []*model.Model  // what was read, in order
	Files      []*parser.File  // every file that was read, by name
	Versions   parser.Versions // the versions that were checked for
	Evidence   string          // the source of the version; "" if it is unknown
	Findings   []rules.Finding // by file and place
	Suppressed []Suppressed    // suppressed by the user: in none of the other lists
	Notes      []Note          // what was not read, and the like
	Passed     []PassedOver    // files that may be nginx configuration and were not checked
	Unmatched  []Unmatched     // old findings that do not occur any more
	Patches    []fixer.Patch   // with Fix: proven; nothing is written yet
	Left       []rules.Finding // with Fix: what the patches do not fix
	Held       []Held          // with Fix: fixes that were not made

	deployed   []*deployed
	deployedAs map[*parser.Config]*deployed
	versions   map[*parser.Config]parser.Versions // of those that the deployed read

	manifests []*kube.Manifest
	hops      []hops.Hop // in front of nginx

	checked *workspace
	judge   *judge
	proven  *proven // with Fix: the judge of the patches
	judged  func(*parser.File) bool
	intent  []intent.Option // what the user says of locations
	policy  *policy         // and of files
}

// Judged reports whether findings are wanted in a file that was read.
func (r *Result) Judged(f *parser.File) bool { return r.judged(f) }

// Excluded reports whether the user excludes a file that was read.
func (r *Result) Excluded(f *parser.File) bool { return r.policy.leavesOut(f) }

// A Suppressed finding is one that the user does not want to see.
type Suppressed struct {
	Finding rules.Finding
	Reason  string // in the user's words, or ""
	By      Silencer
}

// A Silencer says why a finding is suppressed.
type Silencer int

const (
	ByComment  Silencer = iota // in the configuration
	BySettings                 // with a reason
	ByBaseline
	ByRevision // it existed before
)

// A Note is information for the user that is not a finding.
type Note struct {
	Span    parser.Span // File is nil if the note is not about a place
	Name    string      // of a file that was not read, if the note is about one
	Message string
	Trouble bool // a file that the user named could not be read: exit 2
}

// A PassedOver file may be nginx configuration and was not checked, for a reason.
type PassedOver struct {
	Name, Why string
	Meant     bool // the user excluded it: it needs no note
}

// A Held fix was not made; the reason is its verdict.
type Held struct {
	Finding rules.Finding
	Fix     fixer.Fix
	Reason  string
}
