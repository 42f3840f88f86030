package intent

import (
	"bytes"
	"cmp"
	"sort"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// comments returns the text of the comments about a location: inside it but not in a
// nested location, on the lines directly above it, and after it on its line if it has
// only one.
func comments(location *parser.Context) []string {
	if location.Opener == nil {
		return fragmentComments(location)
	}
	span := location.Opener.Span()
	if len(span.File.Comments) == 0 {
		return nil
	}
	spans := append(above(span), inside(location, span)...)
	if i := commentFrom(span.File, span.End); i < len(span.File.Comments) {
		after := span.File.Comments[i]
		if between := span.File.Src[span.Start:after.Start]; len(between) <= longestLine && bytes.IndexByte(between, '\n') < 0 {
			spans = append(spans, after)
		}
	}
	return texts(spans)
}

// fragmentComments returns the comments of a file that is the content of a location.
func fragmentComments(location *parser.Context) []string {
	if location != location.Config.Level || len(location.Config.Files) == 0 {
		return nil
	}
	f := location.Config.Files[0]
	return texts(inside(location, parser.Span{File: f, Start: 0, End: len(f.Src)}))
}

func texts(spans []parser.Span) []string {
	var all []string
	for _, s := range spans {
		all = append(all, strings.TrimRight(strings.TrimLeft(s.Text(), "# \t"), " \t\r"))
	}
	return all
}

// commentFrom returns the index of the first comment at or after an offset.
func commentFrom(f *parser.File, offset int) int {
	return sort.Search(len(f.Comments), func(i int) bool { return f.Comments[i].Start >= offset })
}

// longestLine is the distance in bytes from a location's beginning up to which a
// comment on its line is about it.
const longestLine = 4096

// above returns the comments that fill the lines directly above a span, in order.
// There are none if something precedes the span on its line.
func above(span parser.Span) []parser.Span {
	f, end := span.File, commentFrom(span.File, span.Start)
	start, next := end, span
	for start > 0 {
		c := f.Comments[start-1]
		if line, ok := lineStart(next); !ok || line != c.End+1 || !beginsLine(c) { // a comment ends with its line
			break
		}
		start, next = start-1, c
	}
	return f.Comments[start:end:end]
}

// beginsLine reports whether only white space precedes a span on its line.
func beginsLine(s parser.Span) bool {
	_, begins := lineStart(s)
	return begins
}

// lineStart returns the start of the line in which a span begins. ok is false if
// something precedes the span. It goes back no further than necessary, because a line
// can contain a million directives.
func lineStart(s parser.Span) (start int, ok bool) {
	for start = s.Start; start > 0 && s.File.Src[start-1] != '\n'; start-- {
		if strings.IndexByte(" \t\r\v\f", s.File.Src[start-1]) < 0 {
			return 0, false
		}
	}
	return start, true
}

// inside returns the comments within a span of a location's file, except those about
// nested locations.
func inside(location *parser.Context, span parser.Span) []parser.Span {
	f, from := span.File, commentFrom(span.File, span.Start)
	var spans []parser.Span
	for _, child := range location.Children {
		if child.Name != "location" || child.Opener.Span().File != f {
			continue
		}
		own := above(child.Opener.Span())
		until := commentFrom(f, child.Opener.Span().Start) - len(own)
		spans = append(spans, f.Comments[from:max(from, until)]...)
		from = max(from, commentFrom(f, child.Opener.Span().End))
	}
	return append(spans, f.Comments[from:max(from, commentFrom(f, span.End))]...)
}

// Annotated is the reason shown if a comment decides the intent.
const Annotated = "annotated"

// annotation is how a configuration itself decides a location's intent.
var annotation = lazyregexp.New(`^nginx-ws-lint:\s*(websocket|not-websocket)(?:\s|$)`)

// A remark is the content of one comment.
type remark struct {
	signal
	said   Said // outright
	code   bool // a directive that is commented out, or an instruction to this program
	denial bool
}

// remark reads a comment. Many comments apply to many locations.
func (w *worker) remark(comment string) remark {
	r, known := w.remarks[comment]
	if !known {
		r = newRemark(comment)
		w.remarks[comment] = r
	}
	return r
}

func newRemark(comment string) remark {
	if strings.HasPrefix(comment, "nginx-ws-lint:") {
		if m := annotation().FindStringSubmatch(comment); m != nil {
			if m[1] == "websocket" {
				return remark{said: WebSocket, code: true}
			}
			return remark{said: NotWebSocket, code: true}
		}
		return remark{code: true}
	}
	switch {
	case strings.ContainsAny(comment[max(0, len(comment)-1):], ";{}"):
		return remark{code: true}
	case denial().MatchString(comment) || denial2().MatchString(comment):
		return remark{denial: true, signal: signal{points: denialPoints, reason: "comment says that it is not a WebSocket"}}
	}
	if term, points := inComment.weigh(commentTerms(comment)); points > 0 {
		return remark{signal: signal{points: points, reason: "comment mentions " + spoken(term)}}
	}
	return remark{}
}

// read weighs what the comments say in words, and returns an explicit statement; the
// last one applies. A directive that is commented out does not count.
func (w *worker) read(comments []string) (best signal, outright Said) {
	for _, c := range comments {
		switch r := w.remark(c); {
		case r.code:
			outright = cmp.Or(r.said, outright)
		case r.denial:
			if best.points == 0 {
				best = r.signal
			}
		case r.points > 0:
			best = r.signal
		}
	}
	return best, outright
}

var (
	denial  = lazyregexp.New(`(?i)\b(no|not|non|without|never|disabled?|isn't|doesn't|don't)\b[^.;]{0,24}\bweb-? ?sockets?\b`)
	denial2 = lazyregexp.New(`(?i)\bweb-? ?sockets?\b[^.;]{0,12}\b(not|disabled|unused|off)\b`)
)

const denialPoints = -20

// commentTerms only looks for compounds between spaces, because a sentence has too
// many neighbouring words. But "web socket" is a compound.
func commentTerms(comment string) []*term {
	var all []*term
	for field := range strings.FieldsSeq(strings.ReplaceAll(strings.ToLower(comment), "web socket", "websocket")) {
		all = append(all, terms(field)...)
	}
	return all
}

func spoken(term string) string {
	switch term {
	case "socketio":
		return "socket.io"
	case "websocket", "websockets":
		return "WebSockets"
	}
	return strings.ToUpper(term)
}
