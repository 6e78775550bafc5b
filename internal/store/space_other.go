//go:build !linux && !darwin

package store

import "math"

// freeSpace is unknown here: the embedded engine does not run on this system,
// and a server watches its own disk.
func freeSpace(string) (uint64, error) { return math.MaxUint64, nil }
