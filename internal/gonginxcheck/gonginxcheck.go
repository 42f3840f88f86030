// Package gonginxcheck reads configuration a second time, with gonginx, a parser that
// shares nothing with ours. What both see in a file before it is patched, both must
// see afterwards; where they differ already, the reason must be a known quirk of
// gonginx.
package gonginxcheck

import (
	"bytes"
	"slices"
	"strings"

	"github.com/tufanbarisyildirim/gonginx/config"
	gonginx "github.com/tufanbarisyildirim/gonginx/parser"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// maxSize is the size in bytes above which a file is not read a second time.
const maxSize = 8 << 20

// Contradicts says why the second reader does not confirm a patch, or "". It is
// not asked where Agrees is not, and where a known quirk explains that the readers
// differ before the patch. They may differ for no other reason: one of them misread
// the file, and a patch made from a misreading is not to be trusted.
func Contradicts(before, after *parser.File) string {
	agrees, asked := Agrees(before)
	switch {
	case !asked:
		return ""
	case !agrees && quirkOf(before.Src) != nil:
		return ""
	case !agrees:
		return "the second parser, gonginx, already reads the original text differently, for no known reason"
	}
	if agrees, asked := Agrees(after); !asked || !agrees {
		return "the second parser, gonginx, reads the patched text differently"
	}
	return ""
}

// Agrees reports whether gonginx sees the directives of a file as our reader
// does: names, parameters and nesting. It is not asked about files that nginx
// refuses, about Lua, and about very large ones.
func Agrees(f *parser.File) (agrees, asked bool) {
	if len(f.Errs) > 0 || len(f.Src) > maxSize || bytes.IndexByte(f.Src, 0) >= 0 || bytes.Contains(f.Src, []byte("_by_lua")) {
		return false, false
	}
	theirs, err := read(string(f.Src))
	return err == nil && slices.Equal(ours(f.Root, ""), theirs), true
}

// read lists the directives as gonginx sees them. A panic of its counts as a
// reading that fails.
func read(src string) (lines []string, err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	p := gonginx.NewStringParser(src, gonginx.WithSkipValidDirectivesErr())
	cfg, err := p.Parse()
	if err != nil {
		return nil, err
	}
	return theirs(cfg.GetDirectives(), ""), nil
}

type constError string

func (e constError) Error() string { return string(e) }

const errPanic = constError("gonginx panicked")

// ours lists a block's directives, one a line, with what blocks hold behind.
func ours(b *parser.Block, in string) []string {
	var lines []string
	for _, d := range b.Directives {
		words := make([]string, d.ParamCount())
		for i, p := range d.Params() {
			words[i] = p.Value()
		}
		line := describe(d.Name(), words, in)
		if d.Block != nil {
			line += "\x00{" + strings.Join(ours(d.Block, d.Name()), "\n") + "}"
		}
		lines = append(lines, line)
	}
	return ordered(lines, in)
}

// theirs does the same with gonginx's directives.
func theirs(all []config.IDirective, in string) []string {
	var lines []string
	for _, d := range all {
		var words []string
		for _, p := range d.GetParameters() {
			words = append(words, value(p.Value))
		}
		line := describe(value(d.GetName()), words, in)
		if b := d.GetBlock(); b != nil {
			line += "\x00{" + strings.Join(theirs(b.GetDirectives(), d.GetName()), "\n") + "}"
		}
		lines = append(lines, line)
	}
	return ordered(lines, in)
}

// ordered gives up the order where gonginx does: it puts the servers of http
// and of an upstream last.
func ordered(lines []string, in string) []string {
	if in == "http" || in == "upstream" {
		slices.Sort(lines)
	}
	return lines
}

// describe writes a directive on a line. gonginx sorts the parameters of an
// upstream's server.
func describe(name string, words []string, in string) string {
	if in == "upstream" && name == "server" && len(words) > 1 {
		slices.Sort(words[1:])
	}
	return name + "\x00" + strings.Join(words, "\x00")
}

// escapes are what a backslash stands for in a word (ngx_conf_read_token). Any
// other backslash is a character like others.
var escapes = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\'`, `'`, `\t`, "\t", `\n`, "\n", `\r`, "\r")

// value is a word as nginx reads it; gonginx keeps it as it is written. Nothing of
// our parser may be used here: a mistake in it would then be made twice.
func value(word string) string {
	if n := len(word); n > 1 && (word[0] == '"' || word[0] == '\'') && word[n-1] == word[0] {
		word = word[1 : n-1]
	}
	return escapes.Replace(word)
}
