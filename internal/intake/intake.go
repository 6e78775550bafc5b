// Package intake turns a foreign file into reports: a reader makes a Document
// of it, the interpreter finds reports in that. A Client does both in a child
// process, so that a hostile file cannot take this one down.
package intake

import (
	"context"

	"mingjing/internal/intake/interpret"
	"mingjing/internal/intake/reader"
)

// Reading is one report as read, with what is doubtful in it.
type Reading = interpret.Reading

// Doubt is something a person should look at after reading.
type Doubt = interpret.Doubt

// Options say how a file is read.
type Options struct {
	// Mappings are the meanings of wide tables' columns that people have
	// confirmed, by Mapping.Fingerprint.
	Mappings map[string]interpret.Mapping
	// AcceptMappings takes the proposed meaning of any other wide table.
	AcceptMappings bool
	// TrustCertain takes a proposal in which every column is certain.
	TrustCertain bool
}

// Result is what was understood of a file.
type Result struct {
	Format   string   // the reader: html, docx, ...
	Warnings []string // the reader's sentences on what it left out
	Readings []*Reading
	// Accepted are the proposals that AcceptMappings took, for remembering.
	Accepted []interpret.Mapping
	Mark     string // of one of the product's templates, see document.MarkPrefix
}

// Read reads a file in this process. Errors: *interpret.NeedsMapping, or
// ErrInvalid with a sentence that names the file and says what to do.
func Read(ctx context.Context, name string, data []byte, opts Options) (Result, error) {
	doc, err := reader.Read(ctx, name, data)
	if err != nil {
		return Result{}, err
	}
	result := Result{Format: doc.Format, Warnings: doc.Warnings, Mark: doc.Mark}
	result.Readings, err = interpret.Read(doc, name, interpret.Options{
		Mappings: func(fingerprint string) (interpret.Mapping, bool) {
			m, ok := opts.Mappings[fingerprint]
			return m, ok
		},
		Accept: func(m interpret.Mapping) bool {
			if !opts.AcceptMappings {
				return opts.TrustCertain && m.Certain()
			}
			result.Accepted = append(result.Accepted, m)
			return true
		},
	})
	return result, err
}
