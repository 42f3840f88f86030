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

// A budget is what judging all configurations of a store of files may still cost,
// however often their files are changed and they are judged again: many small
// configurations may cost no more than a large one.
type budget struct{ spent, all atomic.Int64 }

// spend notes steps, and reports whether there were that many left.
func (cfg *Config) spend(steps int) bool {
	cfg.steps.Add(int64(steps))
	return cfg.budget.spent.Add(int64(steps)) <= cfg.budget.all.Load()
}

// Spend notes steps that judging takes elsewhere.
func (cfg *Config) Spend(steps int) { cfg.spend(steps) }

// Exhausted reports whether judging was given up, for the configurations are made
// to take far more time than their size has need of. What was found is not all,
// and need not be true.
func (cfg *Config) Exhausted() bool { return cfg.Spent(1) }

// Spent reports whether a part of the steps that judging may take is used up.
func (cfg *Config) Spent(part float64) bool {
	return float64(cfg.budget.spent.Load()) > part*float64(cfg.budget.all.Load())
}

// Steps is what judging this configuration has cost so far.
func (cfg *Config) Steps() int64 { return cfg.steps.Load() }
