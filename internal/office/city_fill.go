package office

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// CityFill is a workbook that the city sent, filled by its labels.
type CityFill struct {
	ID          string                    `json:"id"`
	Name        string                    `json:"name"` // of the file
	Year        disclosure.Year           `json:"year"`
	Government  disclosure.UnitNumber     `json:"government"`
	Scope       disclosure.Scope          `json:"scope"`
	Provisional bool                      `json:"provisional,omitempty"`
	By          string                    `json:"by"`
	Person      string                    `json:"person"`
	Time        time.Time                 `json:"time"`
	Sent        string                    `json:"sent"`   // sha256 of what the city sent
	Result      string                    `json:"result"` // sha256 of the filled workbook
	Filled      int                       `json:"filled"`
	Formulas    []bulletin.FilledCell     `json:"formulas,omitempty"`
	Unmatched   []bulletin.UnmatchedLabel `json:"unmatched,omitempty"`
	// Unplaced are figures that the workbook has no place for, by code.
	Unplaced []UnplacedFigure `json:"unplaced,omitempty"`
	// Heads are the meanings of heads that a person gave.
	Heads map[string]disclosure.Code `json:"heads,omitempty"`

	seq uint64 // of the log: times may be alike
}

// UnplacedFigure is a figure that a workbook has no place for, of so many units.
type UnplacedFigure struct {
	Code  disclosure.Code `json:"code"`
	Label string          `json:"label"`
	Units int             `json:"units"`
}

const cityFillPrefix = "city-fill/"

// mostLabels bounds the lists that are kept with a filled workbook.
const mostLabels = 500

// childAsker is a reader of foreign files that can be asked more than to read.
type childAsker interface {
	Ask(ctx context.Context, kind, name string, data, ask []byte) ([]byte, error)
}

// FillCity fills a workbook with the units' figures and their sum, and keeps it
// with what could not be placed. again is an earlier fill whose workbook is
// filled once more, "" with data. Nothing else in the workbook changes.
// Errors: ErrForbidden, ErrInvalid (no workbook), ErrUnavailable.
func (o *Office) FillCity(ctx context.Context, v people.Visitor, f CompileFilter, name string, data []byte, again string, heads map[string]disclosure.Code, act string) (*CityFill, error) {
	c, err := o.Compile(ctx, v, f)
	if err != nil {
		return nil, err
	}
	if err := v.Demand(people.Supervise, c.Government.Number); err != nil {
		return nil, err
	}
	if done, err := o.actDone(ctx, v, act, store.KindRun); err != nil {
		return nil, err
	} else if done {
		return o.CityFill(ctx, v, act)
	}
	fill := &CityFill{ID: act, Name: plainName(name), Year: c.Filter.Year, Government: c.Government.Number, Scope: c.Filter.Scope, Provisional: c.Filter.Provisional,
		By: v.Account, Person: v.Name, Time: o.clock(), Heads: map[string]disclosure.Code{}}
	if again != "" {
		earlier, err := o.CityFill(ctx, v, again)
		if err != nil {
			return nil, err
		}
		fill.Name, fill.Heads = earlier.Name, maps.Clone(earlier.Heads)
		if data, err = o.keptFile(earlier.Sent); err != nil {
			return nil, err
		}
	} else if all, err := o.CityFills(ctx, v); err == nil && len(all) > 0 {
		fill.Heads = maps.Clone(all[0].Heads) // the city's heads seldom change
	}
	if fill.Heads == nil {
		fill.Heads = map[string]disclosure.Code{}
	}
	for head, code := range heads {
		if code == "" {
			delete(fill.Heads, head)
			continue
		}
		if _, _, known := disclosure.LookupCode(code); !known {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有代码为“%s”的指标,请从列表中选择。", string(code))
		}
		fill.Heads[head] = code
	}
	if len(data) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请选择市里下发的xlsx文件。")
	}
	asker, ok := o.readers.(childAsker)
	if !ok {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "本机没有启用文件读取,不能填写上传的工作簿。")
	}
	question, err := bulletin.FillQuestion(c.fills(), bulletin.FillOptions{Heads: fill.Heads})
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "工作簿无法填写,请联系维护人员。").Because(err)
	}
	answer, err := asker.Ask(ctx, bulletin.FillKind, fill.Name, data, question)
	if err != nil {
		return nil, err
	}
	filled, result, err := bulletin.FilledWorkbook(answer)
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "工作簿无法填写,请联系维护人员。").Because(err)
	}
	fill.take(result)
	if fill.Sent, _, err = o.store.PutFile(bytes.NewReader(data)); err != nil {
		return nil, err
	}
	if fill.Result, _, err = o.store.PutFile(bytes.NewReader(filled)); err != nil {
		return nil, err
	}
	return fill, o.append(ctx, v, act, store.Entry{Kind: store.KindRun, ID: cityFillPrefix + act, Verb: store.VerbExport, State: fill, Year: fill.Year})
}

// fills are the units' reports and their sum as a workbook may ask for them.
func (c *Compilation) fills() []bulletin.Fill {
	out := []bulletin.Fill{{Report: c.Sum, Aliases: append([]string{c.Government.Short}, c.Government.Aliases...)}}
	for _, m := range c.Members {
		if m.Unit.Number != c.Government.Number {
			out = append(out, bulletin.Fill{Report: m.Report, Aliases: append([]string{m.Unit.Short}, m.Unit.Aliases...)})
		}
	}
	return out
}

func (f *CityFill) take(r bulletin.FillResult) {
	f.Filled = len(r.Filled)
	f.Formulas, f.Unmatched = r.Formulas[:min(len(r.Formulas), mostLabels)], r.Unmatched[:min(len(r.Unmatched), mostLabels)]
	at := map[disclosure.Code]int{}
	for _, u := range r.Unplaced {
		i, known := at[u.Code]
		if !known {
			i = len(f.Unplaced)
			at[u.Code] = i
			f.Unplaced = append(f.Unplaced, UnplacedFigure{Code: u.Code, Label: u.Label})
		}
		f.Unplaced[i].Units++
	}
}

func (o *Office) keptFile(sum string) ([]byte, error) {
	file, err := o.store.OpenFile(sum)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// CityFill returns a filled workbook's record. Errors: ErrNotFound, ErrForbidden.
func (o *Office) CityFill(ctx context.Context, v people.Visitor, id string) (*CityFill, error) {
	e, err := o.store.State(ctx, store.KindRun, cityFillPrefix+id)
	if err != nil {
		if disclosure.CodeOf(err) == disclosure.ErrNotFound {
			return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这次填写,请从汇总页面重新上传。")
		}
		return nil, err
	}
	f := &CityFill{}
	if err := json.Unmarshal(e.State, f); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "填写记录损坏,请重新上传。").Because(err)
	}
	return f, v.Demand(people.Supervise, f.Government)
}

// CityFillFile is the filled workbook. Errors: as CityFill.
func (o *Office) CityFillFile(ctx context.Context, v people.Visitor, id string) (*CityFill, []byte, error) {
	f, err := o.CityFill(ctx, v, id)
	if err != nil {
		return nil, nil, err
	}
	data, err := o.keptFile(f.Result)
	return f, data, err
}

// CityFills lists the filled workbooks of the visitor's governments, newest first.
func (o *Office) CityFills(ctx context.Context, v people.Visitor) ([]*CityFill, error) {
	entries, err := o.store.States(ctx, store.KindRun)
	if err != nil {
		return nil, err
	}
	var out []*CityFill
	for _, e := range entries {
		f := &CityFill{}
		if strings.HasPrefix(e.ID, cityFillPrefix) && json.Unmarshal(e.State, f) == nil && v.May(people.Supervise, f.Government) {
			f.seq = e.Seq
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *CityFill) int { return cmp.Compare(b.seq, a.seq) })
	return out, nil
}
