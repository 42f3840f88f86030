package model

import (
	"crypto/sha256"
	"fmt"
	"sync/atomic"
)

// Bounds of what a configuration may cost: it may be an attacker's.
const (
	maxValue  = 4096        // bytes of a value; a longer one is known by its digest
	maxMaps   = 1000        // maps that are worked out for one request
	freeSteps = 250_000_000 // of judging, and stepsPerByte for every byte read
)

// stepsPerByte is what judging may cost. Real trees take a tenth of it and less
// (TestStepsOfRealTrees), and small ones live on the free steps.
const stepsPerByte = 300

// symbolic is a value that is not known. A long text is replaced by its digest,
// so that values which double with every line stay small, and two of them are
// still equal where their texts are.
func symbolic(text string) Value {
	if len(text) > maxValue {
		text = fmt.Sprintf("long(%x)", sha256.Sum256([]byte(text)))
	}
	return Value{Text: text}
}

// A Budget is what judging all configurations of a run may still cost, however often
// their files are changed and they are judged again: many small configurations may
// cost no more than a large one.
type Budget struct {
	spent atomic.Int64
	bytes func() int64
}

// NewBudget returns a budget for as many bytes as were read so far, whenever it is
// asked.
func NewBudget(bytes func() int64) *Budget { return &Budget{bytes: bytes} }

func (b *Budget) all() int64 { return freeSteps + stepsPerByte*b.bytes() }

// spend notes steps, and reports whether there were that many left.
func (m *Model) spend(steps int) bool {
	m.steps.Add(int64(steps))
	return m.budget.spent.Add(int64(steps)) <= m.budget.all()
}

// Spend notes steps that judging takes elsewhere.
func (m *Model) Spend(steps int) { m.spend(steps) }

// Exhausted reports whether judging was given up, for the configurations are made
// to take far more time than their size has need of. What was found is not all,
// and need not be true.
func (m *Model) Exhausted() bool { return m.Spent(1) }

// Spent reports whether a part of the steps that judging may take is used up.
func (m *Model) Spent(part float64) bool {
	return float64(m.budget.spent.Load()) > part*float64(m.budget.all())
}

// Steps is what judging this configuration has cost so far.
func (m *Model) Steps() int64 { return m.steps.Load() }
