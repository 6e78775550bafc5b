package check

import (
	"runtime"
	"sync"
	"sync/atomic"

	"mingjing/internal/disclosure"
)

// Work is a report to be checked among those of its district.
type Work struct {
	Member
	Before  Before
	Sources []LedgerFigure // what others' ledgers say of its unit and year
}

// District tries every rule on a district's reports of one family and year and
// returns the findings of each in its place. units are the district's, those
// without a report included; nil when no list is known. The reports are looked
// at on all processors.
func (s *RuleSet) District(work []Work, units []disclosure.Unit) [][]Finding {
	out := make([][]Finding, len(work))
	members := make([]Member, len(work))
	for i := range work {
		members[i] = work[i].Member
	}
	var together [][]Finding
	sideBySide(len(work)+1, func(i int) {
		if i == 0 { // the longest piece begins first
			together = Among(members, units)
			return
		}
		w := &work[i-1]
		out[i-1] = s.Report(w.Unit, w.Report, w.Before)
	})
	for i := range work {
		form := work[i].Report.Form
		if form == nil {
			continue
		}
		more := together[i]
		if sourced := Sourced(work[i].Report, work[i].Sources); len(sourced) > 0 {
			more = Merge(form, more, sourced)
		}
		if s != nil {
			more = s.Apply(form, more)
		}
		out[i] = Merge(form, out[i], more)
	}
	return out
}

// sideBySide does n pieces of work on as many goroutines as there are
// processors.
func sideBySide(n int, piece func(int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			piece(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				piece(i)
			}
		})
	}
	wg.Wait()
}
