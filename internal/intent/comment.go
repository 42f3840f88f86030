package intent

import (
	"regexp"
	"sort"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// comments returns the text of the comments that are about a location: inside
// it but in no location below it, on the lines right above it, and after it on
// its own line where it has but one.
func comments(location *parser.Context) []string {
	if location.Opener == nil {
		return fragmentComments(location)
	}
	span := location.Opener.Span
	spans := append(above(span), inside(location, span)...)
	if after := commentAt(span.File, span.End); after != nil && line(span.File, span.Start) == line(span.File, after.Start) {
		spans = append(spans, *after)
	}
	return texts(spans)
}

// fragmentComments returns the comments of a file that is the inside of a
// location.
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

// commentAt returns the first comment after an offset if it is on its line.
func commentAt(f *parser.File, offset int) *parser.Span {
	i := commentFrom(f, offset)
	if i == len(f.Comments) || line(f, f.Comments[i].Start) != line(f, offset) {
		return nil
	}
	return &f.Comments[i]
}

func line(f *parser.File, offset int) int { return f.Position(offset).Line }

// above returns the comments that fill the lines right above a span, in order;
// none if something stands before the span on its own line.
func above(span parser.Span) []parser.Span {
	f, end := span.File, commentFrom(span.File, span.Start)
	if !beginsLine(span) {
		return nil
	}
	start, next := end, line(f, span.Start)
	for start > 0 {
		c := f.Comments[start-1]
		n := line(f, c.Start)
		if n != next-1 || !beginsLine(c) {
			break
		}
		start, next = start-1, n
	}
	return f.Comments[start:end:end]
}

// beginsLine reports whether only white space stands before a span on its line.
func beginsLine(s parser.Span) bool {
	for i := s.Start - 1; i >= 0 && s.File.Src[i] != '\n'; i-- {
		if strings.IndexByte(" \t\r\v\f", s.File.Src[i]) < 0 {
			return false
		}
	}
	return true
}

// inside returns the comments within a span of a location's file, but for those
// that are about the locations in it.
func inside(location *parser.Context, span parser.Span) []parser.Span {
	f, from := span.File, commentFrom(span.File, span.Start)
	var spans []parser.Span
	for _, child := range location.Children {
		if child.Name != "location" || child.Opener.Span.File != f {
			continue
		}
		own := above(child.Opener.Span)
		until := commentFrom(f, child.Opener.Span.Start) - len(own)
		spans = append(spans, f.Comments[from:max(from, until)]...)
		from = max(from, commentFrom(f, child.Opener.Span.End))
	}
	return append(spans, f.Comments[from:max(from, commentFrom(f, span.End))]...)
}

// annotation is how a configuration settles a location's intent itself.
var annotation = regexp.MustCompile(`^nginx-ws-lint:\s*(websocket|not-websocket)(?:\s|$)`)

// annotated returns websocket or not-websocket, or "" where no comment says so.
// The last one holds.
func annotated(comments []string) string {
	said := ""
	for _, c := range comments {
		if m := annotation.FindStringSubmatch(c); m != nil {
			said = m[1]
		}
	}
	return said
}

var (
	denial  = regexp.MustCompile(`(?i)\b(no|not|non|without|never|disabled?|isn't|doesn't|don't)\b[^.;]{0,24}\bweb-? ?sockets?\b`)
	denial2 = regexp.MustCompile(`(?i)\bweb-? ?sockets?\b[^.;]{0,12}\b(not|disabled|unused|off)\b`)
	code    = regexp.MustCompile(`[;{}]\s*$`)
)

const denialPoints = -20

// commentSignal weighs what the comments say in words. A directive that is
// commented out says nothing.
func commentSignal(comments []string) signal {
	var best signal
	for _, c := range comments {
		switch {
		case code.MatchString(c) || strings.HasPrefix(c, "nginx-ws-lint:"):
		case denial.MatchString(c) || denial2.MatchString(c):
			if best.points == 0 {
				best = signal{points: denialPoints, reason: "comment says that it is no WebSocket"}
			}
		default:
			if term, points := weigh("comment", commentTerms(c)); points > 0 {
				best = signal{points: points, reason: "comment mentions " + spoken(term)}
			}
		}
	}
	return best
}

// commentTerms looks compounds up within what stands between spaces only: a
// sentence has too many neighbours. But "web socket" is written so.
func commentTerms(comment string) []string {
	var all []string
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
