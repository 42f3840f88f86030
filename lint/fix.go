package lint

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// maxRounds bounds the rounds of fixing: fixes that never come to an end are a
// mistake of ours.
const maxRounds = 10

// tryingPart is the part of the steps of judging after which nothing more is tried:
// the rest has to be enough for the last try.
const tryingPart = 0.5

// maxTries bounds the search for the fixes that the proof refuses: each try is a
// run of all rounds. What is not tried is not made.
const maxTries = 100

// freeFixes are the fixes that are made and proven together, and one for every
// bytesPerFix bytes read. More are not real, and would take too much memory.
const (
	freeFixes   = 10_000
	bytesPerFix = 100
)

// fix works out the patches for what was found, and proves them. What the proof
// refuses is taken back, and said.
func (j *judge) fix(w *workspace, res *Result) error {
	least := fixer.Safe
	if w.opt.UnsafeFixes {
		least = fixer.Unsafe
	}
	return (&session{judge: j, before: w, findings: res.Findings, least: least, refused: make(map[identity]string)}).fix(res)
}

// fix sets the patches of a result.
func (s *session) fix(res *Result) error {
	w, ids := s.before, s.candidates()
	if most := freeFixes + int(w.files.Bytes())/bytesPerFix; len(ids) > most {
		return &PathError{s.findings[0].Span.File.Name, fmt.Sprintf("%d fixes at once: more than %d are not proven together; gave up: fix some of the files or rules first (PATH, --select)", len(ids), most)}
	}
	done, err := s.prove(ids)
	if err != nil {
		return err
	}
	s.markRefused(res.Findings, &outcome{})
	for f, text := range done.texts {
		res.Patches = append(res.Patches, fixer.Patch{File: f, New: text})
	}
	slices.SortFunc(res.Patches, func(a, b fixer.Patch) int { return strings.Compare(a.File.Name, b.File.Name) })
	res.Left = res.Findings
	if len(res.Patches) > 0 {
		res.Left = atLeast(w.opt.MinSeverity, done.left)
		s.markRefused(res.Left, done)
	}
	res.Held = s.held()
	res.proven = &proven{w, done}
	return nil
}

// A proven fixing is a workspace and what became of it.
type proven struct {
	before *workspace
	*outcome
}

// A session is the fixing of one workspace.
type session struct {
	*judge
	before   *workspace
	findings []rules.Finding
	least    fixer.Safety
	refused  map[identity]string // fixes that the proof took back, with the reason
	only     func(identity) bool // the fixes that are wanted; nil for all
	tries    int
}

// An outcome is the workspace after a set of fixes.
type outcome struct {
	after   *workspace
	left    []rules.Finding          // what is found in it
	texts   map[*parser.File][]byte  // by the file as it was at first
	allowed map[string][]string      // by context: what plain requests may see changed
	rounds  []map[string]fixer.Patch // by the name of a file: what was made of it
}

// changes returns what the fixes say that they change for the requests of a
// location, and whether one names it, or the one that try_files and the like
// lead to.
func (o *outcome) changes(m *model.Model, c *parser.Context, keys *contextKeys, v parser.Version) (changes []string, named bool) {
	key := keys.of(c)
	changes, named = o.allowed[key]
	if reached := keys.of(m.Request(c, model.WebSocket, v).Level.Enclosing("location")); reached != key && reached != "" {
		more, also := o.allowed[reached]
		changes, named = slices.Concat(changes, more), named || also
	}
	return changes, named
}

// candidates are the identities of the fixes of the first round.
func (s *session) candidates() []identity {
	var ids []identity
	for _, f := range s.findings {
		fix, id := fixOf(&f), identityOf(f, &outcome{})
		if fix != nil && fix.Safety >= s.least && s.before.concerns(f) && s.wants(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// prove applies the fixes and proves the result. Where the proof fails it looks
// for what is to blame, by halves, and goes on without it.
func (s *session) prove(ids []identity) (*outcome, error) {
	done, violation, err := s.try()
	if err != nil || violation == "" {
		return done, err
	}
	s.refuse(ids, violation)
	if len(ids) > 1 {
		half := len(ids) / 2
		if err := errors.Join(s.readmit(ids[:half]), s.readmit(ids[half:])); err != nil {
			return nil, err
		}
	}
	done, violation, err = s.try()
	if err == nil && violation != "" {
		err = fmt.Errorf("the patch could not be proven, so nothing was changed: %s", violation)
	}
	return done, err
}

// wants reports whether a fix is among those that were asked for.
func (s *session) wants(id identity) bool { return s.only == nil || s.only(id) }

func (s *session) refuse(ids []identity, violation string) {
	for _, id := range ids {
		s.refused[id] = violation
	}
}

// readmit takes back as many of some refused fixes as the proof allows.
func (s *session) readmit(ids []identity) error {
	if s.tries >= maxTries || len(s.before.configs) > 0 && s.before.configs[0].Spent(tryingPart) {
		return nil
	}
	for _, id := range ids {
		delete(s.refused, id)
	}
	_, violation, err := s.try()
	if err != nil || violation == "" {
		return err
	}
	s.refuse(ids, violation)
	if len(ids) == 1 {
		return nil
	}
	half := len(ids) / 2
	return errors.Join(s.readmit(ids[:half]), s.readmit(ids[half:]))
}

// try applies all fixes that are not refused, round by round, until nothing
// changes, and checks the result against the promises.
func (s *session) try() (*outcome, string, error) {
	s.tries++
	done := &outcome{after: s.before, texts: make(map[*parser.File][]byte), allowed: make(map[string][]string)}
	findings := s.findings
	origin := make(map[string]*parser.File)
	for _, f := range s.before.allFiles() {
		origin[f.Name] = f
	}
	for range maxRounds {
		fixes := s.wanted(findings, done)
		taken, _ := fixer.Select(fixes, s.least)
		patches, _ := fixer.Apply(taken, s.least)
		if len(patches) == 0 {
			done.left = findings
			violation := s.violation(done)
			return done, violation, errors.Join(s.before.exhausted(), done.after.exhausted())
		}
		s.allow(taken, done)
		contents, round := make(map[*parser.File][]byte), make(map[string]fixer.Patch)
		for _, p := range patches {
			contents[p.File], round[p.File.Name] = p.New, p
			if origin[p.File.Name] == nil {
				origin[p.File.Name] = p.File // a fix of an earlier round includes it
			}
			done.texts[origin[p.File.Name]] = p.New
		}
		after, err := done.after.with(contents)
		if err != nil {
			return nil, "", err
		}
		done.after, done.rounds = after, append(done.rounds, round)
		findings = s.check(after).findings
		if err := after.exhausted(); err != nil {
			return nil, "", err
		}
	}
	return nil, "", errors.New("fixes did not converge after 10 rounds; nothing was changed (please report this)")
}

// wanted are the fixes of findings that are not refused, those of the gravest
// findings first: where two would change the same text, the second waits for the
// next round, and sees what the first made of it.
func (s *session) wanted(findings []rules.Finding, done *outcome) []fixer.Fix {
	var fixes []fixer.Fix
	findings = slices.Clone(findings)
	slices.SortStableFunc(findings, func(a, b rules.Finding) int { return int(b.Severity) - int(a.Severity) })
	for _, f := range findings {
		fix := fixOf(&f)
		if fix == nil || fix.Safety < s.least || !done.after.concerns(f) {
			continue
		}
		id := identityOf(f, done)
		if _, refused := s.refused[id]; !refused && s.wants(id) {
			fixes = append(fixes, *fix)
		}
	}
	return fixes
}

// allow notes what the taken fixes say that they change.
func (s *session) allow(taken []fixer.Fix, done *outcome) {
	keys := done.after.keys()
	for _, fix := range taken {
		for _, c := range fix.Names {
			key := keys.of(c)
			for _, change := range append([]string{""}, fix.Changes...) {
				if !slices.Contains(done.allowed[key], change) {
					done.allowed[key] = append(done.allowed[key], change)
				}
			}
		}
	}
}
