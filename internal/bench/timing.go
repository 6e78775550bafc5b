package bench

import (
	"context"
	"slices"
	"time"

	"mingjing/internal/store"
)

// repeats is of how many measurements a median is taken.
const repeats = 5

func median(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

// timed takes the times of repeats runs of f, after one that does not count:
// it fills the caches of the engine and of the disk.
func timed(f func() error) ([]time.Duration, error) {
	if err := f(); err != nil {
		return nil, err
	}
	times := make([]time.Duration, repeats)
	for i := range times {
		start := time.Now()
		if err := f(); err != nil {
			return nil, err
		}
		times[i] = time.Since(start)
	}
	return times, nil
}

// calibrationQuery is work that depends on the machine only: no table, no disk.
const calibrationQuery = "SELECT max(cityHash64(number)) AS biggest FROM numbers(20000000)"

// calibrate tells how fast the machine is at the moment.
func calibrate(ctx context.Context, st *store.Store) (time.Duration, error) {
	times, err := timed(func() error {
		result, err := st.Query(ctx, calibrationQuery, store.QueryLimits{})
		if err != nil {
			return err
		}
		defer result.Close()
		for {
			if _, ok, err := result.Next(); err != nil || !ok {
				return err
			}
		}
	})
	return median(times), err
}
