package office

import (
	"context"
	"maps"
	"strings"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// current refuses to freeze a version that lacks what came after it: words, an
// arrangement, issues and deductions; and figures that are not approved any
// more. What moves on by itself, as days and the course of issues do, is of the
// version's day. Error: ErrConflict.
func (o *Office) current(ctx context.Context, v people.Visitor, b *BulletinLine) error {
	facts, err := o.bulletinFacts(ctx, v, b.Quarter)
	if err != nil {
		return err
	}
	if len(facts.Unapproved) > 0 {
		return disclosure.Errorf(disclosure.ErrConflict, "最新一版之后又有数据没有审定,不能印发:%s请先办理,再重新生成。", strings.Join(facts.Unapproved, ""))
	}
	layout, arranged, err := o.BulletinLayout(ctx)
	if err != nil {
		return err
	}
	last := b.Latest()
	anew := func(what string) error {
		return disclosure.Errorf(disclosure.ErrConflict, "%s在最新一版之后有改动,这一版没有包含;请重新生成,核对后再印发。", what)
	}
	if !maps.Equal(last.Texts, b.Texts) {
		return anew("通报的文字")
	}
	if last.Layout != arranged {
		return anew("版式或点名规则")
	}
	before, err := o.bulletinModel(last, notice.Internal)
	if err != nil {
		return err
	}
	now, err := notice.Build(facts, notice.Options{Layout: layout, Edition: notice.Internal, Draft: last.Draft, Texts: b.Texts})
	if err != nil {
		return err
	}
	if !notice.SameIssues(before, now) {
		return anew("问题清单")
	}
	return nil
}
