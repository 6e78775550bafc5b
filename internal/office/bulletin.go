package office

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Bulletin is a quarter's 通报: built in versions, frozen once it is issued.
type Bulletin struct {
	ID      string            `json:"id"`
	Quarter disclosure.Period `json:"quarter"`
	State   BulletinState     `json:"state"`
	Title   string            `json:"title"`
	// Texts are the district's words for this bulletin, in place of those of the
	// layout; they come into the next version.
	Texts    map[notice.Kind]string `json:"texts,omitempty"`
	Versions []BulletinVersion      `json:"versions"`
	Created  time.Time              `json:"created"`
	By       string                 `json:"by"`
	Issued   time.Time              `json:"issued,omitzero"`
	IssuedBy string                 `json:"issued_by,omitempty"`
	Dropped  string                 `json:"dropped,omitempty"` // why it was withdrawn
}

// BulletinState is where a bulletin stands.
type BulletinState string

// The states.
const (
	BulletinDraft   BulletinState = "draft"   // 编制中
	BulletinIssued  BulletinState = "issued"  // 已印发
	BulletinDropped BulletinState = "dropped" // 已作废
)

// BulletinVersion is a version with its documents, kept under their hashes.
type BulletinVersion struct {
	Number  int            `json:"number"` // from 1
	Time    time.Time      `json:"time"`
	By      string         `json:"by"`
	Name    string         `json:"name"`
	Draft   bool           `json:"draft,omitempty"` // 征求意见稿
	Changes []string       `json:"changes,omitempty"`
	Files   []BulletinFile `json:"files"`
	// Texts are the words that it was built with, Layout the arrangement's place
	// in the log, 0 for the shipped one.
	Texts  map[notice.Kind]string `json:"texts,omitempty"`
	Layout uint64                 `json:"layout,omitempty"`
}

// BulletinFile is a document of a version: an edition's model, Word document or
// workbook.
type BulletinFile struct {
	Edition notice.Edition `json:"edition"`
	Format  string         `json:"format"` // json, docx, xlsx
	SHA256  string         `json:"sha256"`
	Size    int64          `json:"size"`
}

// Latest is the newest version; there is always one.
func (b *Bulletin) Latest() *BulletinVersion { return &b.Versions[len(b.Versions)-1] }

// BulletinLine is a bulletin in the list.
type BulletinLine struct {
	Bulletin
	Seq uint64
}

// Bulletins are all that the visitor may see, the latest quarter first: who
// supervises the district all of them, who sees its issues those issued.
// Error: ErrForbidden.
func (o *Office) Bulletins(ctx context.Context, v people.Visitor) ([]BulletinLine, error) {
	if err := v.Demand(people.SeeIssues, 0); err != nil {
		return nil, err
	}
	all, err := o.bulletins(ctx)
	if err != nil {
		return nil, err
	}
	var out []BulletinLine
	for _, b := range all {
		if b.State == BulletinIssued || v.Everywhere(people.Supervise) {
			out = append(out, b)
		}
	}
	return out, nil
}

func (o *Office) bulletins(ctx context.Context) ([]BulletinLine, error) {
	return cachedOf(ctx, o, "bulletins", []store.EntityKind{store.KindBulletin}, nil, func() ([]BulletinLine, error) {
		entries, err := o.store.States(ctx, store.KindBulletin)
		if err != nil {
			return nil, err
		}
		var out []BulletinLine
		for _, e := range entries {
			b := BulletinLine{Seq: e.Seq}
			if err := json.Unmarshal(e.State, &b.Bulletin); err != nil {
				return nil, disclosure.Errorf(disclosure.ErrInternal, "通报记录损坏,请联系维护人员。").Because(err)
			}
			if len(b.Versions) > 0 { // one whose content was erased has none
				out = append(out, b)
			}
		}
		slices.SortFunc(out, func(a, b BulletinLine) int {
			return cmp.Or(cmp.Compare(b.Quarter.Year, a.Quarter.Year), cmp.Compare(b.Quarter.Quarter, a.Quarter.Quarter), b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
		})
		return out, nil
	})
}

// Bulletin is one that the visitor may see. Error: ErrNotFound.
func (o *Office) Bulletin(ctx context.Context, v people.Visitor, id string) (*BulletinLine, error) {
	all, err := o.Bulletins(ctx, v)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == id {
			b := all[i]
			return &b, nil
		}
	}
	return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这份通报,或尚未印发,请从通报列表中选择。")
}

// BulletinBuild says how a version is built. With ID it is a further one of
// that bulletin, otherwise the first of a new one for the quarter.
type BulletinBuild struct {
	ID      string
	Seq     uint64 // seen
	Quarter disclosure.Period
	Draft   bool // 征求意见稿
}

// BuildBulletin makes a version out of the figures as they stand, with what
// changed since the version before. Errors: ErrForbidden, ErrNotFound,
// ErrConflict (figures that are not approved and no 征求意见稿; issued; another
// of the quarter is under way; changed meanwhile).
func (o *Office) BuildBulletin(ctx context.Context, v people.Visitor, act string, w BulletinBuild) (*BulletinLine, error) {
	if err := v.Demand(people.Supervise, 0); err != nil {
		return nil, err
	}
	// One after the other: of two people who begin a quarter's bulletin at once,
	// the second is told of the first.
	o.building.Lock()
	defer o.building.Unlock()
	id, verb := cmp.Or(w.ID, issueID(act, 0)), store.VerbBuild
	if w.ID == "" {
		verb = store.VerbCreate
	}
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindBulletin, Verb: verb, ID: id}); err != nil || done {
		if err != nil {
			return nil, err
		}
		return o.Bulletin(ctx, v, id)
	}
	b, err := o.bulletinToBuild(ctx, v, id, w)
	if err != nil {
		return nil, err
	}
	facts, err := o.bulletinFacts(ctx, v, b.Quarter)
	if err != nil {
		return nil, err
	}
	if len(facts.Unapproved) > 0 && !w.Draft {
		return nil, notApproved(facts)
	}
	version, err := o.bulletinVersion(ctx, v, facts, b, w.Draft)
	if err != nil {
		return nil, err
	}
	next := b.Bulletin
	next.Versions = append(slices.Clone(b.Versions), *version)
	return o.putBulletin(ctx, v, act, verb, next, b.Seq)
}

func notApproved(f *notice.Facts) error {
	return disclosure.Errorf(disclosure.ErrConflict, "数据尚未审定,不能生成正式通报:%s请先办理,或勾选“征求意见稿”。", strings.Join(f.Unapproved, ""))
}

// bulletinToBuild is the bulletin that a version is built of: the one on file,
// or a new one.
func (o *Office) bulletinToBuild(ctx context.Context, v people.Visitor, id string, w BulletinBuild) (*BulletinLine, error) {
	if w.ID != "" {
		return o.changeable(ctx, v, w.ID, w.Seq)
	}
	if !w.Quarter.Year.Valid() || w.Quarter.Quarter < 1 || w.Quarter.Quarter > 4 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请选择季度,如2026Q3。")
	}
	all, err := o.bulletins(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		if b.Quarter == w.Quarter && b.State == BulletinDraft {
			return nil, disclosure.Errorf(disclosure.ErrConflict, "%s的通报已在编制,请在原有的一份上重新生成。", issue.QuarterName(w.Quarter))
		}
	}
	return &BulletinLine{Bulletin: Bulletin{ID: id, Quarter: w.Quarter, State: BulletinDraft, Created: o.clock().UTC(), By: v.Account}}, nil
}

// changeable is a bulletin that is not frozen, as the visitor saw it.
func (o *Office) changeable(ctx context.Context, v people.Visitor, id string, seen uint64) (*BulletinLine, error) {
	if err := v.Demand(people.Supervise, 0); err != nil {
		return nil, err
	}
	b, err := o.Bulletin(ctx, v, id)
	if err != nil {
		return nil, err
	}
	switch {
	case b.State == BulletinIssued:
		return nil, disclosure.Errorf(disclosure.ErrConflict, "“%s”已印发,内容不再改动;需要更正的,请为该季度另起一份。", b.Title)
	case b.State == BulletinDropped:
		return nil, disclosure.Errorf(disclosure.ErrConflict, "“%s”已作废,请为该季度另起一份。", b.Title)
	case b.Seq != seen:
		return nil, disclosure.Errorf(disclosure.ErrConflict, "“%s”在您打开之后已有变化,请刷新页面,看过变化再办理。", b.Title)
	}
	return b, nil
}

func (o *Office) putBulletin(ctx context.Context, v people.Visitor, act string, verb store.Verb, b Bulletin, seen uint64) (*BulletinLine, error) {
	err := o.append(ctx, v, act, store.Entry{Kind: store.KindBulletin, ID: b.ID, Verb: verb, Seen: seen, State: b, Year: b.Quarter.Year})
	if err != nil {
		return nil, o.conflictBy(ctx, err, store.KindBulletin, b.ID)
	}
	return o.Bulletin(ctx, v, b.ID)
}

// PutBulletinTexts keeps the district's words for one bulletin; the next version
// has them. Errors: as BuildBulletin; ErrInvalid (too long, no such section).
func (o *Office) PutBulletinTexts(ctx context.Context, v people.Visitor, act, id string, seq uint64, texts map[notice.Kind]string) (*BulletinLine, error) {
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindBulletin, Verb: store.VerbChange, ID: id}); err != nil || done {
		if err != nil {
			return nil, err
		}
		return o.Bulletin(ctx, v, id)
	}
	b, err := o.changeable(ctx, v, id, seq)
	if err != nil {
		return nil, err
	}
	next := b.Bulletin
	next.Texts = map[notice.Kind]string{}
	for kind, said := range texts {
		said = strings.TrimSpace(strings.ReplaceAll(said, "\r\n", "\n"))
		if !slices.Contains(notice.Kinds, kind) || utf8.RuneCountInString(said) > 3000 {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "每个部分的文字最多3000字,请精简后再保存。")
		}
		next.Texts[kind] = said
	}
	return o.putBulletin(ctx, v, act, store.VerbChange, next, b.Seq)
}

// IssueBulletin freezes a bulletin with its latest version. Errors: as
// BuildBulletin; ErrConflict when that version is a 征求意见稿, or lacks what
// was written, arranged or entered since.
func (o *Office) IssueBulletin(ctx context.Context, v people.Visitor, act, id string, seq uint64) (*BulletinLine, error) {
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindBulletin, Verb: store.VerbIssue, ID: id}); err != nil || done {
		if err != nil {
			return nil, err
		}
		return o.Bulletin(ctx, v, id)
	}
	b, err := o.changeable(ctx, v, id, seq)
	if err != nil {
		return nil, err
	}
	if b.Latest().Draft {
		return nil, disclosure.Errorf(disclosure.ErrConflict, "最新一版是征求意见稿,不能印发;请在数据审定后重新生成正式稿。")
	}
	if err := o.current(ctx, v, b); err != nil {
		return nil, err
	}
	next := b.Bulletin
	next.State, next.Issued, next.IssuedBy = BulletinIssued, o.clock().UTC(), v.Account
	return o.putBulletin(ctx, v, act, store.VerbIssue, next, b.Seq)
}

// DropBulletin puts a bulletin that was not issued aside, with a reason; its
// versions stay on record. Errors: as BuildBulletin; ErrInvalid without reason.
func (o *Office) DropBulletin(ctx context.Context, v people.Visitor, act, id string, seq uint64, reason string) (*BulletinLine, error) {
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindBulletin, Verb: store.VerbWithdraw, ID: id}); err != nil || done {
		if err != nil {
			return nil, err
		}
		return o.Bulletin(ctx, v, id)
	}
	b, err := o.changeable(ctx, v, id, seq)
	if err != nil {
		return nil, err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > 200 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请写明作废的理由,最多200字。")
	}
	next := b.Bulletin
	next.State, next.Dropped = BulletinDropped, reason
	return o.putBulletin(ctx, v, act, store.VerbWithdraw, next, b.Seq)
}
