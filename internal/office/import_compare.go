package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// shelf is where a report belongs, before its scope is settled.
type shelf struct {
	unit   disclosure.UnitNumber
	period disclosure.Period
	family string
}

// filed is a report that stands on a shelf: in the store, or on its way there
// in the same batch.
type filed struct {
	store.ReportState
	seq uint64
	via *incoming // nil for one in the store
}

// onFile holds the reports that stand on the batch's shelves, those of the
// batch itself included as they come in.
type onFile map[shelf]map[disclosure.Scope]*filed

// compare decides for every report of the batch what it is against what is on
// file: new, the same once more, or different.
func (im *importer) compare(ctx context.Context, reports []*incoming) error {
	standing, err := im.standing(ctx, reports)
	if err != nil {
		return err
	}
	for _, in := range reports {
		if in.out.Status != OutcomeNothing {
			continue
		}
		s := shelf{in.unit.Number, in.report.Period, in.report.Form.Family}
		scopes := standing[s]
		if scopes == nil {
			scopes = map[disclosure.Scope]*filed{}
			standing[s] = scopes
		}
		scope, err := settleScope(in.report, scopes)
		if err != nil {
			in.out.Status, in.out.Message = OutcomeConflict, disclosure.Sentence(err)
			continue
		}
		in.key = store.ReportKey{Unit: s.unit, Period: s.period, Family: s.family, Scope: scope}
		in.out.Scope = scope
		standing := scopes[scope]
		if standing == nil && len(scopes) == 1 {
			standing = scopes[disclosure.ScopeUnknown] // its scope is learned now
		}
		im.decide(in, standing)
		if in.entry != nil {
			if standing != nil {
				delete(scopes, standing.Key.Scope)
			}
			scopes[scope] = &filed{ReportState: in.entry.State.(store.ReportState), via: in}
			if im.opts.DryRun {
				im.foreseen[s] = scopes
			}
		}
	}
	return nil
}

func (im *importer) standing(ctx context.Context, reports []*incoming) (onFile, error) {
	var units []disclosure.UnitNumber
	var years []disclosure.Year
	for _, in := range reports {
		if in.unit != nil && !in.newUnit {
			units, years = append(units, in.unit.Number), append(years, in.report.Year())
		}
	}
	out := onFile{}
	if len(units) == 0 {
		return out, nil // no report of the batch is of a unit that was known before
	}
	slices.Sort(units)
	slices.Sort(years)
	heads, err := im.office.store.Heads(ctx, store.HeadQuery{Basis: store.Provisional, Units: slices.Compact(units), Years: slices.Compact(years)})
	if err != nil {
		return nil, err
	}
	seqs := make([]uint64, len(heads))
	for i, h := range heads {
		seqs[i] = h.Seq
	}
	for r, err := range im.office.store.ReportsAt(ctx, seqs) {
		if err != nil {
			return nil, err
		}
		s := shelf{r.Key.Unit, r.Key.Period, r.Key.Family}
		if out[s] == nil {
			out[s] = map[disclosure.Scope]*filed{}
		}
		out[s][r.Key.Scope] = &filed{ReportState: r.ReportState, seq: r.Seq}
	}
	for s, scopes := range im.foreseen {
		out[s] = scopes
	}
	return out, nil
}

// settleScope says under which scope a report is filed, given those on its
// shelf. A report that does not say belongs to the one there that has the same
// figures. Anything else would be a guess, and a wrong one overwrites another
// scope's figures.
func settleScope(r *disclosure.Report, shelf map[disclosure.Scope]*filed) (disclosure.Scope, error) {
	if _, there := shelf[r.Scope]; there || len(shelf) == 0 || r.Scope != disclosure.ScopeUnknown {
		return r.Scope, nil
	}
	var same []disclosure.Scope
	for scope, standing := range shelf {
		if len(differing(r, standing)) == 0 {
			same = append(same, scope)
		}
	}
	if len(same) == 1 {
		return same[0], nil
	}
	return "", disclosure.Errorf(disclosure.ErrConflict, "该单位该年已有写明口径的报告,而此文件没有写明口径,数字也不相同;请用 --scope 写明本机关、本级汇总或全域后再导入。")
}

// differing lists the codes in which a report differs from the one on file. A
// source that holds figures only speaks only for the cells that it fills in.
func differing(r *disclosure.Report, standing *filed) []disclosure.Code {
	codes := disclosure.DifferingCodes(r, &disclosure.Report{Form: disclosure.FormByID(standing.FormID), Cells: standing.Cells})
	if r.HasProse {
		return codes
	}
	return slices.DeleteFunc(codes, func(c disclosure.Code) bool {
		cell, said := r.Cells[c]
		return !said || cell.Kind == disclosure.CellBlank
	})
}

// decide makes the report's entry for the log, or none.
func (im *importer) decide(in *incoming, standing *filed) {
	state := store.ReportState{Key: in.key, Revision: 1, Status: store.StatusApproved, FormID: in.report.Form.ID, Title: in.report.Title,
		Cells: in.report.Cells, Prose: in.report.Prose, HasProse: in.report.HasProse, Sources: []store.SourceFile{in.file.source},
		Historic: true, UnitText: in.report.Unit}
	if standing == nil {
		in.enter(OutcomeImported, store.VerbApprove, nil, state)
		return
	}
	codes := differing(in.report, standing)
	switch {
	case len(codes) == 0 && standing.Key == in.key && slices.ContainsFunc(standing.Sources, func(s store.SourceFile) bool { return s.SHA256 == in.file.source.SHA256 }):
		in.out.Status = OutcomeUnchanged
	case len(codes) == 0:
		again := withSource(standing.ReportState, state)
		again.Key = in.key
		verb := store.VerbSource
		if standing.Key != in.key {
			verb = store.VerbApprove
		}
		in.enter(OutcomeSource, verb, standing, again)
	case im.opts.Replace:
		state.Revision = standing.Revision + 1
		if !in.report.HasProse {
			state = overlay(standing.ReportState, state)
		}
		in.out.Differing = codes
		in.enter(OutcomeReplaced, store.VerbApprove, standing, state)
	default:
		in.out.Status, in.out.Differing = OutcomeConflict, codes
		in.out.Message = fmt.Sprintf("与已入库的报告有%d项数字不同(如%s),没有导入;确认以此文件为准请加 --replace。", len(codes), disclosure.LabelOf(codes[0]))
	}
}

// enter makes the report's entry. Over a report that comes in by the same
// batch, it changes that one's entry instead: the two are appended as one.
func (in *incoming) enter(status FileStatus, verb store.Verb, over *filed, state store.ReportState) {
	in.out.Status = status
	if over != nil && over.via != nil {
		in.joined = over.via
		over.via.entry.State = state
		over.ReportState = state
		return
	}
	var seen uint64
	switch {
	case over == nil:
	case over.Key == in.key:
		seen = over.seq
	default:
		in.refile(over)
	}
	in.entry = &store.Entry{Kind: store.KindReport, ID: in.key.EntityID(), Verb: verb, Seen: seen, State: state}
}

// refile takes a report out from where it stood without scope, now that its
// scope is known: it comes in anew under that.
func (in *incoming) refile(over *filed) {
	gone := over.ReportState
	gone.Status = store.StatusWithdrawn
	in.leaves = &store.Entry{Kind: store.KindReport, ID: gone.Key.EntityID(), Verb: store.VerbWithdraw, Seen: over.seq, State: gone}
}

// withSource adds a source to a standing report. Prose that the report lacked
// is taken over: figures often come first as a table and later as a document.
func withSource(standing, again store.ReportState) store.ReportState {
	if !slices.ContainsFunc(standing.Sources, func(s store.SourceFile) bool { return s.SHA256 == again.Sources[0].SHA256 }) {
		standing.Sources = append(slices.Clone(standing.Sources), again.Sources...)
	}
	if !standing.HasProse && again.HasProse {
		standing.HasProse, standing.Prose, standing.Title, standing.Cells = true, again.Prose, again.Title, again.Cells
	}
	return standing
}

// overlay puts the figures of a source without prose over the standing report,
// whose other figures and prose stay.
func overlay(standing, given store.ReportState) store.ReportState {
	cells := make(map[disclosure.Code]disclosure.Cell, len(standing.Cells))
	for code, c := range standing.Cells {
		cells[code] = c
	}
	for code, c := range given.Cells {
		if c.Kind != disclosure.CellBlank {
			cells[code] = c
		}
	}
	given.Cells, given.Prose, given.HasProse, given.Title = cells, standing.Prose, standing.HasProse, standing.Title
	given.Sources = append(slices.Clone(standing.Sources), given.Sources...)
	return given
}
