package office

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// 清除: what must not be kept is erased by two administrators together. One
// asks and says why, another confirms; nothing is touched before.

// ErasureAsk is an administrator's request.
type ErasureAsk struct {
	Requester string                `json:"requester"`
	Requested time.Time             `json:"requested"`
	Reason    string                `json:"reason"`
	Unit      disclosure.UnitNumber `json:"unit"`
	Year      disclosure.Year       `json:"year"`
	Reports   []AskedReport         `json:"reports,omitempty"`
	// Seqs name reports by the revisions of Erasable that were chosen; filing
	// the request turns them into Reports.
	Seqs  []uint64           `json:"-"`
	Parts []store.ErasedPart `json:"parts,omitempty"` // of the reports; none: all
	Files []string           `json:"files,omitempty"` // sha256
	Draft bool               `json:"draft,omitempty"`
	// Records are erased with all that they ever were; RecordNames are those that
	// a form chose, by AskedRecord.Name.
	Records     []AskedRecord `json:"records,omitempty"`
	RecordNames []string      `json:"-"`
	// Confirmer is who confirmed; Withdrawn, that it was taken back.
	Confirmer string `json:"confirmer,omitempty"`
	Withdrawn bool   `json:"withdrawn,omitempty"`
}

// AskedReport names one revision of a report.
type AskedReport struct {
	Key      store.ReportKey `json:"key"`
	Revision int             `json:"revision"`
}

// ErasureCase is a request with where it stands.
type ErasureCase struct {
	ErasureAsk
	ID       string
	Seq      uint64
	UnitName string
	Names    map[string]string // of the accounts
	Done     *store.Erased     // what became of it, nil before it was confirmed
	// Named are the files while they are still there, for who confirms. Their
	// names are read anew each time: in the request they would outlive the files.
	Named []ErasableFile
}

// Erasable is what a unit's year holds that can be erased.
type Erasable struct {
	Unit    *disclosure.Unit
	Year    disclosure.Year
	Reports []store.Revision
	Files   []ErasableFile
	Records []ErasableRecord
	Draft   bool
}

// The parts of a report that can be erased by themselves, for pages.
const (
	EraseProse   = store.EraseProse
	EraseRemarks = store.EraseRemarks
	EraseValues  = store.EraseValues
	EraseSources = store.EraseSources
)

// ErasableFile is a file that the unit's year names.
type ErasableFile struct {
	Name   string
	SHA256 string
	Size   int64 // bytes, 0 when nobody knows
	// Waiting uploads hold the same content: they go with it.
	Waiting int
	Others  int // entries of other units or years that name it too
}

// ErasableOf lists what can be erased of a unit's year. Errors: ErrForbidden, ErrNotFound.
func (o *Office) ErasableOf(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, year disclosure.Year) (*Erasable, error) {
	if err := v.Demand(people.EraseContent, unit); err != nil {
		return nil, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	out := &Erasable{Unit: units.byNumber[unit], Year: year}
	which := store.EntryFilter{Unit: unit, Limit: mostOfUnit, States: true}
	if unit == 0 {
		out.Unit = &disclosure.Unit{Name: wholeDistrict}
		which.Kinds = []store.EntityKind{store.KindIssueList, store.KindBulletin}
	}
	if out.Unit == nil {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为 %d 的单位,请从列表中选择。", unit)
	}
	entries, err := o.store.Entries(ctx, which)
	if err != nil {
		return nil, err
	}
	out.Records = erasableRecords(entries, year)
	issues, err := o.erasableIssues(ctx, unit, year)
	if err != nil {
		return nil, err
	}
	out.Records = append(out.Records, issues...)
	keys := map[string]bool{}
	files := map[string]ErasableFile{}
	for _, e := range entries {
		if e.Year != year {
			continue
		}
		for _, m := range namedFile.FindAllStringSubmatch(string(e.State), -1) {
			if files[m[2]].Name == "" {
				f := ErasableFile{}
				if m[1] != "" {
					_ = json.Unmarshal([]byte(m[1]), &f.Name) // a name that cannot be read is none
				}
				files[m[2]] = f
			}
		}
		var s store.ReportState
		if e.Kind != store.KindReport || json.Unmarshal(e.State, &s) != nil {
			continue
		}
		for _, f := range s.Sources {
			files[f.SHA256] = ErasableFile{Name: f.Name, Size: f.Size}
		}
		if keys[e.ID] {
			continue
		}
		keys[e.ID] = true
		revisions, err := o.store.Revisions(ctx, s.Key)
		if err != nil {
			return nil, err
		}
		for i, r := range revisions { // of a revision's rows the last one, with where it stands now
			later := slices.ContainsFunc(revisions[i+1:], func(l store.Revision) bool { return l.Revision == r.Revision })
			if !later {
				out.Reports = append(out.Reports, r)
			}
		}
	}
	waiting, err := o.store.AllWaiting()
	if err != nil {
		return nil, err
	}
	for _, sum := range sortedKeys(files) {
		named, err := o.store.Entries(ctx, store.EntryFilter{Text: sum, Limit: mostOfUnit})
		if err != nil {
			return nil, err
		}
		f := files[sum]
		f.SHA256 = sum
		for _, e := range named {
			if e.Unit != unit || e.Year != year {
				f.Others++
			}
		}
		for _, w := range waiting {
			if w.File.SHA256 == sum {
				f.Waiting++
			}
		}
		out.Files = append(out.Files, f)
	}
	if unit == 0 {
		return out, nil
	}
	drafts, err := o.store.DraftVersions(ctx, unit, disclosure.Period{Year: year})
	out.Draft = len(drafts) > 0
	return out, err
}

// mostOfUnit bounds what is read of one unit.
const mostOfUnit = 5000

// wholeDistrict is what belongs to no unit: lists, bulletins, and issues that
// nobody answers for.
const wholeDistrict = "全区(清单、通报和未分办的问题)"

// namedFile finds the files that a state names, with the name where it stands
// before the hash.
var namedFile = regexp.MustCompile(`(?:"name":("(?:[^"\\]|\\.)*"),)?"sha256":"([0-9a-f]{64})"`)

// AskErasure files a request. What it names must be there. Errors: ErrInvalid,
// ErrForbidden, ErrNotFound.
func (o *Office) AskErasure(ctx context.Context, v people.Visitor, ask ErasureAsk, act string) error {
	there, err := o.ErasableOf(ctx, v, ask.Unit, ask.Year)
	if err != nil {
		return err
	}
	ask.Requester, ask.Requested, ask.Confirmer, ask.Withdrawn = v.Account, o.clock().UTC(), "", false
	ask.Reason = strings.TrimSpace(ask.Reason)
	switch {
	case ask.Reason == "" || utf8.RuneCountInString(ask.Reason) > 500:
		return disclosure.Errorf(disclosure.ErrInvalid, "请写明清除的理由,不超过500个字;理由会长期保留,请不要在其中写出要清除的内容。")
	case len(ask.Seqs)+len(ask.Files)+len(ask.RecordNames) == 0 && !ask.Draft:
		return disclosure.Errorf(disclosure.ErrInvalid, "请至少选定一项要清除的内容。")
	}
	ask.Reports = nil
	for _, seq := range ask.Seqs {
		i := slices.IndexFunc(there.Reports, func(h store.Revision) bool { return h.Seq == seq })
		if i < 0 {
			return disclosure.Errorf(disclosure.ErrNotFound, "选定的报告版本不存在,请刷新后重新选择。")
		}
		ask.Reports = append(ask.Reports, AskedReport{Key: there.Reports[i].Key, Revision: there.Reports[i].Revision})
	}
	for _, sum := range ask.Files {
		if !slices.ContainsFunc(there.Files, func(f ErasableFile) bool { return f.SHA256 == sum }) {
			return disclosure.Errorf(disclosure.ErrNotFound, "选定的文件不属于这个单位的这一年度,请刷新后重新选择。")
		}
	}
	if err := ask.choose(there.Records); err != nil {
		return err
	}
	if ask.Draft && !there.Draft {
		return disclosure.Errorf(disclosure.ErrNotFound, "这个单位的这一年度没有草稿。")
	}
	if done, err := o.actDone(ctx, v, act, store.KindErasureAsk); err != nil || done {
		return err
	}
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("erasure/"+act)).String() // two presses at once ask for one
	return o.append(ctx, v, act, store.Entry{Kind: store.KindErasureAsk, ID: id, Verb: store.VerbCreate, Unit: ask.Unit, Year: ask.Year, State: ask})
}

// Erasures lists the requests that the visitor may see, the newest first.
func (o *Office) Erasures(ctx context.Context, v people.Visitor) ([]ErasureCase, error) {
	if !v.Anywhere(people.EraseContent) {
		return nil, v.Demand(people.EraseContent, 0)
	}
	asks, err := o.store.States(ctx, store.KindErasureAsk)
	if err != nil {
		return nil, err
	}
	var out []ErasureCase
	for _, e := range asks {
		c, err := o.erasureCase(ctx, e)
		if err != nil {
			return nil, err
		}
		if !v.May(people.EraseContent, c.Unit) {
			continue
		}
		if err := o.nameErased(ctx, v, &c); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b ErasureCase) int { return b.Requested.Compare(a.Requested) })
	return out, nil
}

// nameErased says of a request that is not carried out yet what its files are.
func (o *Office) nameErased(ctx context.Context, v people.Visitor, c *ErasureCase) error {
	if len(c.Files) == 0 || c.Withdrawn || c.Done != nil && c.Done.Done {
		return nil
	}
	there, err := o.ErasableOf(ctx, v, c.Unit, c.Year)
	if err != nil {
		return err
	}
	for _, sum := range c.Files {
		named := ErasableFile{SHA256: sum}
		for _, f := range there.Files {
			if f.SHA256 == sum {
				named = f
			}
		}
		c.Named = append(c.Named, named)
	}
	return nil
}

// FileErased says whether an original was erased (清除): there is nothing to open.
func (o *Office) FileErased(sum string) bool { return o.store.FileErased(sum) }

func (o *Office) erasureCase(ctx context.Context, e store.LogEntry) (ErasureCase, error) {
	c := ErasureCase{ID: e.ID, Seq: e.Seq, Names: map[string]string{}}
	if err := json.Unmarshal(e.State, &c.ErasureAsk); err != nil {
		return c, disclosure.Errorf(disclosure.ErrInternal, "清除申请损坏,请联系维护人员。").Because(err)
	}
	units, err := o.units(ctx)
	if err != nil {
		return c, err
	}
	if u := units.byNumber[c.Unit]; u != nil {
		c.UnitName = u.Name
	} else if c.Unit == 0 {
		c.UnitName = wholeDistrict
	}
	for _, account := range []string{c.Requester, c.Confirmer} {
		c.Names[account] = o.fullNameOf(ctx, account)
	}
	done, err := o.store.State(ctx, store.KindErasure, c.ID)
	if err != nil {
		return c, notFoundIsNone(err)
	}
	c.Done = &store.Erased{}
	return c, json.Unmarshal(done.State, c.Done)
}

func (o *Office) openErasure(ctx context.Context, v people.Visitor, id string) (ErasureCase, error) {
	e, err := o.store.State(ctx, store.KindErasureAsk, id)
	if err != nil {
		return ErasureCase{}, err
	}
	c, err := o.erasureCase(ctx, e)
	if err != nil {
		return c, err
	}
	if err := v.Demand(people.EraseContent, c.Unit); err != nil {
		return c, err
	}
	if c.Withdrawn {
		return c, disclosure.Errorf(disclosure.ErrConflict, "这项清除申请已撤回。")
	}
	return c, nil
}

// ConfirmErasure erases what another administrator asked for. Once confirmed,
// an erasure that broke off is gone on with by the same button. Errors:
// ErrForbidden for the one who asked, ErrConflict, ErrNotFound.
func (o *Office) ConfirmErasure(ctx context.Context, v people.Visitor, id string) error {
	c, err := o.openErasure(ctx, v, id)
	if err != nil {
		return err
	}
	if c.Requester == v.Account || v.IsMachine() {
		return disclosure.Errorf(disclosure.ErrForbidden, "清除须由申请人以外的另一名管理员确认。")
	}
	// Who asked must still be an administrator: a disabled account's word does not count.
	if asker, err := o.Visitor(ctx, c.Requester, ""); err != nil || !asker.May(people.EraseContent, c.Unit) {
		return disclosure.Errorf(disclosure.ErrConflict, "申请人“%s”已不是管理员,请重新申请。", c.Names[c.Requester])
	}
	if c.Confirmer == "" {
		c.Confirmer = v.Account
		err := o.append(ctx, v, uuid.NewString(), store.Entry{Kind: store.KindErasureAsk, ID: id, Verb: store.VerbApprove, Seen: c.Seq, Unit: c.Unit, Year: c.Year, State: c.ErasureAsk})
		if err != nil {
			return o.conflictBy(ctx, err, store.KindErasureAsk, id)
		}
	}
	order := erasureOrder{store.Erasure{ID: id, Actor: actorOf(v), Reason: c.Reason, Admins: [2]string{o.fullNameOf(ctx, c.Requester), o.fullNameOf(ctx, c.Confirmer)}, Parts: c.Parts, Files: slices.Clone(c.Files)}}
	for _, r := range c.Reports {
		order.Reports = append(order.Reports, store.ReportRevisions{Key: r.Key, Revisions: []int{r.Revision}})
	}
	if c.Draft {
		order.Drafts = []store.DraftName{{Unit: c.Unit, Period: disclosure.Period{Year: c.Year}}}
	}
	if err := o.addRecords(ctx, &order, c.Records); err != nil {
		return err
	}
	if _, err := o.store.Erase(ctx, order.Erasure); err != nil {
		return err
	}
	o.recheckSoon()
	return nil
}

// WithdrawErasure takes a request back before it was confirmed.
func (o *Office) WithdrawErasure(ctx context.Context, v people.Visitor, id string) error {
	c, err := o.openErasure(ctx, v, id)
	if err != nil {
		return err
	}
	if c.Confirmer != "" {
		return disclosure.Errorf(disclosure.ErrConflict, "这项清除已经确认,不能撤回。")
	}
	c.Withdrawn = true
	err = o.append(ctx, v, uuid.NewString(), store.Entry{Kind: store.KindErasureAsk, ID: id, Verb: store.VerbWithdraw, Seen: c.Seq, Unit: c.Unit, Year: c.Year, State: c.ErasureAsk})
	return o.conflictBy(ctx, err, store.KindErasureAsk, id)
}
