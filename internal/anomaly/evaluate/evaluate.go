// Package evaluate measures how well anomalies are found.
package evaluate

import "io"

var EvaluationSeeds = []uint64{1}

type Result struct{}

func Run([]uint64) Result { return Result{} }

func (Result) Write(io.Writer) error { return nil }
