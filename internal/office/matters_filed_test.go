package office

import (
	"slices"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// A mark follows a report through its whole life: it waits while the report is
// returned, holds again when it comes back corrected in other
// cells, and lapses when the unit changes the figures that it was about.
func TestMarksThroughFiling(t *testing.T) {
	d, unit := atDesk(t)
	d.stand(unit, 2024, filing.Approved) // it carried nothing out
	explain := func(s *Sitting, text string) *Sitting {
		t.Helper()
		patch := Patch{}
		for _, f := range s.Judge().Findings {
			if MustExplain(f) && s.Explanation(f) == "" {
				patch.Explanations = append(patch.Explanations, ExplanationPatch{Rule: f.Rule, Codes: f.Codes, Aspect: f.Aspect, Now: text})
			}
		}
		if len(patch.Explanations) == 0 {
			return s
		}
		s, _ = d.save("filer", unit, patch)
		return s
	}
	// carryIn writes how many applications came over from last year, all granted.
	carryIn := func(was, now string) *Sitting {
		t.Helper()
		patch := Patch{}
		for _, code := range []disclosure.Code{"T3_CARRIED_IN_NP", "T3_CARRIED_IN_TOT", "T3_GRANTED_NP", "T3_GRANTED_TOT", "T3_RESULT_TOTAL_NP", "T3_RESULT_TOTAL_TOT"} {
			patch.Cells = append(patch.Cells, CellPatch{Code: code, Was: was, Now: now})
		}
		s, clashes := d.save("filer", unit, patch)
		if len(clashes) > 0 {
			t.Fatalf("clashes %+v", clashes)
		}
		return explain(s, "机构合并,接收了原单位的申请。")
	}
	handIn := func(s *Sitting) *Sitting {
		t.Helper()
		s = d.do("filer", s, filing.Submit)
		recheck(t, d.Office)
		return s
	}
	matter := func(basis store.Basis) *Matter {
		t.Helper()
		list, err := d.Matters(ctxb, d.visitor("supervisor"), MatterFilter{Filter: Filter{Year: 2025, Basis: basis}, Unit: unit, Rule: "T3-R4"})
		if err != nil {
			t.Fatal(err)
		}
		for i := range list.Matters {
			if slices.Contains(list.Matters[i].Codes, "T3_CARRIED_IN_TOT") {
				return &list.Matters[i]
			}
		}
		t.Fatalf("unit %d has no matter about what came over among %+v", unit, list.Matters)
		return nil
	}
	stands := func(when string, basis store.Basis, want MatterState) {
		t.Helper()
		if m := matter(basis); m.State != want {
			t.Errorf("%s the matter is %s, want %s", when, m.State, want)
		}
	}
	mark := func() {
		t.Helper()
		m := matter(store.Provisional)
		if _, err := d.MarkMatters(ctxb, d.visitor("supervisor"), MarkOrder{Year: 2025, Basis: store.Provisional, Matters: []SeenMatter{seenOf(m)}, Disposition: Explained, Reason: "已看过合并文件"}, uuid.NewString()); err != nil {
			t.Fatal(err)
		}
	}

	d.fill("filer", unit, 2025)
	s := handIn(carryIn("0", "2"))
	stands("handed in with an explanation", store.Provisional, MatterFiled)
	mark()
	stands("once marked", store.Provisional, MatterExplained)

	// Returned, and corrected where the mark says nothing of.
	d.do("supervisor", s, filing.Return)
	stands("returned", store.Provisional, MatterAway)
	s, _ = d.save("filer", unit, cell("T2_LICENSE_DECISIONS", "0", "7"))
	stands("while another cell is corrected in a draft", store.Provisional, MatterAway)
	s = handIn(explain(s, "许可事项由上级下放。"))
	if got := matter(store.Provisional); got.State != MatterExplained || got.Mark.Reason != "已看过合并文件" {
		t.Errorf("handed in with another cell corrected the matter is %s (%q)", got.State, got.Mark.Reason)
	}

	// Returned again, and corrected in the very cells.
	d.do("supervisor", s, filing.Return)
	s = carryIn("2", "3")
	stands("while a draft changes its cells", store.Provisional, MatterAway)
	s = handIn(s)
	stands("handed in with its own cells changed", store.Provisional, MatterLapsed)
	mark()
	stands("marked anew", store.Provisional, MatterExplained)

	// Approved, and corrected by a new revision: the mark lapses for what was
	// handed in, while what is in force is as it was.
	d.do("supervisor", s, filing.Approve)
	recheck(t, d.Office)
	stands("approved", store.Provisional, MatterExplained)
	stands("approved", store.Approved, MatterExplained)
	s = handIn(carryIn("3", "4"))
	stands("the correction", store.Provisional, MatterLapsed)
	stands("what is in force", store.Approved, MatterExplained)

	// Back at the figures that were marked, the mark holds again.
	d.do("supervisor", s, filing.Return)
	handIn(carryIn("4", "3"))
	stands("back at the figures that were marked", store.Provisional, MatterExplained)
}
