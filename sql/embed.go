// Package sql carries every SQL text of the product.
//
//	migrations/   tables, one numbered file after the other; never changed once released
//	projections/  the SELECT that turns log rows into a projection's rows; used by its
//	              materialized view, by repair and by rebuild alike
//	views/        what questions read: projections with FINAL
//	queries/      one file a question, with what it answers and the key it uses
//	bench/        data for benchmarks, made inside the engine
//
// Placeholders ${...} are filled from fixed words of the program, never from
// input; values travel as bound parameters {name:Type}.
package sql

import "embed"

// Files holds the folders by name.
//
//go:embed migrations/*.sql projections/*.sql views/*.sql queries/*.sql bench/*.sql
var Files embed.FS
