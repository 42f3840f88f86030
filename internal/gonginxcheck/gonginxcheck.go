// Package gonginxcheck reads configuration a second time, with gonginx, a parser that
// shares no code with ours. What both parsers see in a file before it is patched,
// both must see afterwards. If they already differ before, the reason must be a known
// quirk of gonginx.
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

// Contradicts says why the second parser does not confirm a patch, or returns "". It
// is not used if Agrees is not, or if a known quirk explains a difference before the
// patch. Any other difference means that one of them misread the file, and then the
// patch cannot be trusted.
func Contradicts(before, after *parser.File) string {
	agrees, asked := Agrees(before)
	switch {
	case !asked:
		return ""
	case !agrees && quirkOf(before.Rendered()) != nil:
		return ""
	case !agrees:
		return "the second parser, gonginx, already reads the original text differently, for no known reason"
	}
	if agrees, asked := Agrees(after); !asked || !agrees {
		return "the second parser, gonginx, reads the patched text differently"
	}
	return ""
}

// Agrees reports whether gonginx sees the same directives in a file as our parser:
// names, parameters and nesting. gonginx is not used for files that nginx refuses,
// for Lua and for very large files. Of a template it reads a rendering.
func Agrees(f *parser.File) (agrees, asked bool) {
	text := f.Rendered()
	if len(f.Errs) > 0 || len(text) > maxSize || bytes.IndexByte(text, 0) >= 0 || bytes.Contains(text, []byte("_by_lua")) {
		return false, false
	}
	theirs, err := read(string(text))
	return err == nil && slices.Equal(ours(f.Root, ""), theirs), true
}

// read lists the directives as gonginx sees them. If gonginx panics, reading fails.
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

// ours lists a block's directives, one per line, each followed by the content of its
// block.
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

// ordered ignores the order where gonginx does: it moves the servers of http and of
// an upstream to the end.
func ordered(lines []string, in string) []string {
	if in == "http" || in == "upstream" {
		slices.Sort(lines)
	}
	return lines
}

// describe writes a directive on one line. gonginx sorts the parameters of an
// upstream's server.
func describe(name string, words []string, in string) string {
	if in == "upstream" && name == "server" && len(words) > 1 {
		slices.Sort(words[1:])
	}
	return name + "\x00" + strings.Join(words, "\x00")
}

// escapes are the backslash escapes in a word (ngx_conf_read_token). Any other
// backslash is an ordinary character.
var escapes = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\'`, `'`, `\t`, "\t", `\n`, "\n", `\r`, "\r")

// value returns a word as nginx reads it, because gonginx keeps it as written. It
// must not use our parser, whose mistakes would then be made twice.
func value(word string) string {
	if n := len(word); n > 1 && (word[0] == '"' || word[0] == '\'') && word[n-1] == word[0] {
		word = word[1 : n-1]
	}
	return escapes.Replace(word)
}
