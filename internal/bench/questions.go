package bench

import (
	"context"
	"maps"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/store"
)

// question is one that pages ask of the store, in both ways: through the
// store, which keeps no answers, and as the same SQL on the engine alone, its
// rows scanned into the same types.
type question struct {
	name     string // of the file in sql/queries
	what     string
	overview bool // the overview asks it; others come from the compare and unit pages
	store    func(ctx context.Context, s *store.Store) (any, error)
	direct   func(ctx context.Context, d *direct, sql string) (any, error)
}

// questions are what the overview of a year asks, and the compare and unit
// pages beside it.
func questions(year disclosure.Year) ([]question, error) {
	codes, err := overviewCodes()
	if err != nil {
		return nil, err
	}
	received := []disclosure.Code{"T3_NEW_RECEIVED_TOT"}
	all := store.FigureQuery{Basis: store.Approved, Codes: codes, CountedOnly: true}
	years := store.FigureQuery{Basis: store.Approved, Codes: received, AllScopes: true}
	compared := store.FigureQuery{Basis: store.Approved, Codes: received, Years: []disclosure.Year{year, year - 1}}
	filed := store.HeadQuery{Basis: store.Approved, Family: disclosure.FamilyNational, Years: []disclosure.Year{year}}
	found := store.HeadQuery{Basis: store.Approved, Family: disclosure.FamilyNational}
	checked := store.HeadQuery{Basis: store.Approved, Years: []disclosure.Year{year}}
	return []question{
		figureQuestion("sums", "各年合计(总览的全部指标)", true, all, (*store.Store).Sums, scanSum),
		figureQuestion("sums", "有报告的年度", true, years, (*store.Store).Sums, scanSum),
		headQuestion("finding_totals", "各年问题数", true, found, (*store.Store).FindingTotals, scanFindingTotal),
		headQuestion("heads", "当年已报的报告", true, filed, (*store.Store).Heads, scanHead),
		headQuestion("checks", "当年的核对结果", true, checked, (*store.Store).Checks, scanCheck),
		figureQuestion("medians", "各年中位数(一项指标)", false, years, (*store.Store).Medians, scanMedian),
		figureQuestion("figures", "各单位两年数字(一项指标)", false, compared, (*store.Store).Figures, scanFigure),
	}, nil
}

// overviewCodes are the figures under the indicators of the overview page.
func overviewCodes() ([]disclosure.Code, error) {
	indicators := append([]disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_CARRIED_IN_TOT", "T3_RESULT_TOTAL_TOT", "T3_CARRIED_OUT_TOT"}, office.Outcomes...)
	for _, m := range disclosure.Measures() {
		indicators = append(indicators, m.Code)
	}
	for _, g := range office.DisputeGroups {
		for _, o := range office.DisputeOutcomes {
			indicators = append(indicators, disclosure.Code("T4_"+g+"_"+o))
		}
	}
	codes := map[disclosure.Code]bool{}
	for _, c := range indicators {
		indicator, err := office.IndicatorByCode(c)
		if err != nil {
			return nil, err
		}
		for _, read := range indicator.Codes() {
			codes[read] = true
		}
	}
	return slices.Sorted(maps.Keys(codes)), nil
}

func figureQuestion[T any](name, what string, overview bool, q store.FigureQuery,
	ask func(*store.Store, context.Context, store.FigureQuery) ([]T, error), scan func(*rowReader) T) question {
	return question{name, what, overview,
		func(ctx context.Context, s *store.Store) (any, error) { return ask(s, ctx, q) },
		func(ctx context.Context, d *direct, sql string) (any, error) {
			return scanAll(ctx, d, sql, figureParameters(q), scan)
		}}
}

func headQuestion[T any](name, what string, overview bool, q store.HeadQuery,
	ask func(*store.Store, context.Context, store.HeadQuery) ([]T, error), scan func(*rowReader) T) question {
	return question{name, what, overview,
		func(ctx context.Context, s *store.Store) (any, error) { return ask(s, ctx, q) },
		func(ctx context.Context, d *direct, sql string) (any, error) {
			return scanAll(ctx, d, sql, headParameters(q), scan)
		}}
}

func scanAll[T any](ctx context.Context, d *direct, sql string, p parameters, scan func(*rowReader) T) ([]T, error) {
	rows, err := d.ask(ctx, sql, p)
	if err != nil {
		return nil, err
	}
	var out []T
	for rows.more() {
		out = append(out, scan(rows))
	}
	return out, rows.err
}

func scanSum(r *rowReader) store.YearSum {
	v := store.YearSum{Year: disclosure.Year(r.uint16()), Code: disclosure.Code(r.string())}
	v.Sum, v.Reports = r.total(), r.uint64()
	return v
}

func scanMedian(r *rowReader) store.YearMedian {
	return store.YearMedian{Year: disclosure.Year(r.uint16()), Code: disclosure.Code(r.string()), Median: r.float64(), N: r.uint64()}
}

func scanFigure(r *rowReader) store.Figure {
	f := store.Figure{Unit: disclosure.UnitNumber(r.uint32()), Year: disclosure.Year(r.uint16()), Quarter: int(r.uint8()),
		Scope: disclosure.Scope(r.string()), Code: disclosure.Code(r.string()), Kind: disclosure.CellKind(r.string())}
	f.Value, _ = r.figure()
	return f
}

func scanFindingTotal(r *rowReader) store.FindingTotal {
	return store.FindingTotal{Year: disclosure.Year(r.uint16()), Reports: r.uint64(), WithErrors: r.uint64(),
		Errors: r.uint64(), Explains: r.uint64(), Notices: r.uint64(), Untried: r.uint64()}
}

func scanKey(r *rowReader) store.ReportKey {
	k := store.ReportKey{Unit: disclosure.UnitNumber(r.uint32())}
	k.Period = disclosure.Period{Year: disclosure.Year(r.uint16()), Quarter: int(r.uint8())}
	k.Family, k.Scope = r.string(), disclosure.Scope(r.string())
	return k
}

func scanHead(r *rowReader) store.ReportHead {
	return store.ReportHead{Key: scanKey(r), Revision: int(r.uint32()), Status: store.Status(r.string()), FormID: r.string(),
		Historic: r.uint8() == 1, Seq: r.uint64(), Time: r.time()}
}

func scanCheck(r *rowReader) store.CheckRow {
	return store.CheckRow{Key: scanKey(r), Seq: r.uint64(), LastSeq: r.uint64(), Rules: r.string(),
		Errors: r.uint32(), Explains: r.uint32(), Notices: r.uint32(), Untried: r.uint32(), Findings: []byte(r.string()), CheckedAt: r.time()}
}
