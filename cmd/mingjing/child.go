package main

import (
	"context"

	"mingjing/internal/bulletin"
	"mingjing/internal/intake"
	"mingjing/internal/intake/worker"
)

// childHandlers are what a child process of this binary does with files of
// others: read them, and fill figures into workbooks.
func childHandlers() map[string]worker.Handler {
	handlers := intake.Handlers()
	handlers[bulletin.FillKind] = func(_ context.Context, req worker.Request) ([]byte, error) {
		return bulletin.AnswerFill(req.Data, req.Ask)
	}
	return handlers
}
