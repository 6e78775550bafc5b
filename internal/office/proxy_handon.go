package office

import (
	"archive/zip"
	"bytes"
	"context"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// proxyDrafts are the drafts of the year that a supervisor keeps for units.
func (o *Office) proxyDrafts(ctx context.Context, v people.Visitor, period disclosure.Period, units *unitIndex) ([]ProxyDraft, error) {
	drafts, err := o.store.Drafts(ctx, period.Year)
	if err != nil {
		return nil, err
	}
	var out []ProxyDraft
	for _, d := range drafts {
		if d.Period != period || !v.May(people.Supervise, d.Unit) || units.byNumber[d.Unit] == nil {
			continue
		}
		s, err := o.OpenSitting(ctx, v, d.Unit, period)
		if err != nil {
			continue
		}
		if mine := s.proxyDraft(); mine != nil {
			out = append(out, *mine)
		}
	}
	slices.SortStableFunc(out, func(a, b ProxyDraft) int { return byOrder(a.Unit, b.Unit) })
	return out, nil
}

// HandOnClean hands on every 代报 draft of the year that nothing stands against,
// in one go: an act each, with ids that follow from the one given. It returns
// how many, and the sentences of those that could not be.
func (o *Office) HandOnClean(ctx context.Context, v people.Visitor, period disclosure.Period, act string) (done int, refused []string, err error) {
	units, err := o.units(ctx)
	if err != nil {
		return 0, nil, err
	}
	drafts, err := o.proxyDrafts(ctx, v, period, units)
	if err != nil {
		return 0, nil, err
	}
	for _, d := range drafts {
		if !d.Clean() {
			continue
		}
		m := Move{Act: filing.Proxy, Unit: d.Unit.Number, Period: period, ID: actOf(act, d.Unit.Number), Version: d.Version}
		if err := o.Do(ctx, v, m); err != nil {
			refused = append(refused, d.Unit.Name+":"+disclosure.Sentence(err))
			continue
		}
		done++
	}
	return done, refused, nil
}

// actOf makes an act's id for each unit out of the one that a form brought: a
// second press of the button repeats them all.
func actOf(act string, unit disclosure.UnitNumber) string {
	if act == "" {
		return ""
	}
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(act+"/"+store.UnitEntityID(unit))).String()
}

// SlipsZip is the 退回修改单 of every 代报 draft with something to put right, one
// file a unit. Error: ErrNotFound when there is none.
func (o *Office) SlipsZip(ctx context.Context, v people.Visitor, period disclosure.Period, due string) ([]byte, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	drafts, err := o.proxyDrafts(ctx, v, period, units)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	n := 0
	for _, d := range drafts {
		if d.Clean() {
			continue
		}
		slip, name, err := o.ReturnSlip(ctx, v, d.Unit.Number, period, true, due)
		if err != nil {
			return nil, err
		}
		f, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: o.clock()})
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(slip); err != nil {
			return nil, err
		}
		n++
	}
	if n == 0 {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有需要退回修改的代报草稿。")
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
