package model

import (
	"crypto/sha256"
	"fmt"
	"sync/atomic"
)

// Limits on the cost of a configuration, which may be an attacker's.
const (
	maxValue  = 4096        // bytes of a value; a longer one is replaced by its digest
	maxMaps   = 1000        // maps that are evaluated for one request
	freeSteps = 250_000_000 // steps of evaluation, besides stepsPerByte for every byte read
)

// stepsPerByte limits the steps of evaluation. Real trees use at most a tenth of it
// (TestStepsOfRealTrees), and small ones need only the free steps.
const stepsPerByte = 300

// symbolic returns an unknown value. A long text is replaced by its digest, so that
// values which double with every line stay small and two of them are still equal if
// their texts are.
func symbolic(text string) Value {
	if len(text) > maxValue {
		text = fmt.Sprintf("long(%x)", sha256.Sum256([]byte(text)))
	}
	return Value{Text: text}
}

// A Budget is the number of steps left for all configurations of a run, however often
// their files change and they are evaluated again. Many small configurations must not
// cost more than a large one.
type Budget struct {
	Stop func() bool // the results are not wanted any more: nothing is left; can be nil

	spent atomic.Int64
	bytes func() int64
}

// NewBudget returns a budget for the number of bytes read so far, which it asks for
// each time.
func NewBudget(bytes func() int64) *Budget { return &Budget{bytes: bytes} }

func (b *Budget) all() int64 { return freeSteps + stepsPerByte*b.bytes() }

// spend records steps and reports whether enough were left.
func (m *Model) spend(steps int) bool {
	m.steps.Add(int64(steps))
	return m.budget.spent.Add(int64(steps)) <= m.budget.all()
}

// Spend records steps of an evaluation outside this package.
func (m *Model) Spend(steps int) { m.spend(steps) }

// Exhausted reports whether evaluation was stopped because the configurations take
// far more time than their size requires. The results are then incomplete and may be
// wrong.
func (m *Model) Exhausted() bool { return m.Spent(1) }

// Spent reports whether a fraction of the allowed steps has been used.
func (m *Model) Spent(part float64) bool {
	return m.budget.Stop != nil && m.budget.Stop() || float64(m.budget.spent.Load()) > part*float64(m.budget.all())
}

// Steps returns the steps that this configuration has used so far.
func (m *Model) Steps() int64 { return m.steps.Load() }
