package parser

import (
	"crypto/sha256"
	"fmt"
	"sync/atomic"
)

// Bounds of what a configuration may cost: it may be an attacker's.
const (
	maxValue  = 4096        // bytes of a value; a longer one is known by its digest
	maxMaps   = 1000        // maps that are worked out for one request
	freeSteps = 400_000_000 // of judging, and stepsPerByte for every byte read
)

// stepsPerByte is what judging may cost. Real trees take a fifth of it and less
// (TestStepsOfRealTrees), and small ones live on the free steps.
const stepsPerByte = 1000

// symbolic is a value that is not known. A long text is replaced by its digest,
// so that values which double with every line stay small, and two of them are
// still equal where their texts are.
func symbolic(text string) Value {
	if len(text) > maxValue {
		text = fmt.Sprintf("long(%x)", sha256.Sum256([]byte(text)))
	}
	return Value{Text: text}
}

// A budget is what judging a configuration may still cost.
type budget struct {
	spent atomic.Int64
	all   int64
}

// spend notes steps, and reports whether there were that many left.
func (b *budget) spend(steps int) bool { return b.spent.Add(int64(steps)) <= b.all }

// Spend notes steps that judging takes elsewhere.
func (cfg *Config) Spend(steps int) { cfg.budget.spend(steps) }

// Exhausted reports whether judging was given up, for the configuration is made
// to take far more time than its size has need of. What was found is not all,
// and need not be true.
func (cfg *Config) Exhausted() bool { return cfg.budget.spent.Load() > cfg.budget.all }

// Steps is what judging has cost so far.
func (cfg *Config) Steps() int64 { return cfg.budget.spent.Load() }
