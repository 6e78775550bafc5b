package office

import (
	"context"
	"encoding/json"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// WideTable is a table with a row for each unit whose columns want a person's
// word: the proposal, or what was confirmed, and a few of its rows.
type WideTable struct {
	Place   string            `json:"place,omitempty"`
	Mapping interpret.Mapping `json:"mapping"`
	Rows    [][]string        `json:"rows,omitempty"`
	// Confirmed: a person said so, and the file was read by it.
	Confirmed bool `json:"confirmed,omitempty"`
}

// The words for columns that hold no figure; a figure goes by its code.
const (
	WordUnit    = "单位"
	WordYear    = "年度"
	WordScope   = "口径"
	WordIgnored = "不读取"
)

var columnWords = map[string]interpret.ColumnRole{WordUnit: interpret.RoleUnit, WordYear: interpret.RoleYear, WordScope: interpret.RoleScope,
	WordIgnored: interpret.RoleIgnore, "": interpret.RoleIgnore}

// WideColumn is a column of a wide table with what it is taken for.
type WideColumn struct {
	Number  int // from 0
	Header  string
	Year    disclosure.Year // of a column that names one
	Word    string          // one of the words, or a code; "" is not read
	Unsure  bool            // a guess that nobody has confirmed; Why it was made
	Why     string
	Samples []string // what its first rows hold
}

// Columns are the table's columns, from the left.
func (w *WideTable) Columns() []WideColumn {
	out := make([]WideColumn, 0, len(w.Mapping.Columns))
	for _, c := range w.Mapping.Columns {
		col := WideColumn{Number: c.Column, Header: c.Header, Year: c.Year, Word: string(c.Code), Unsure: !w.Confirmed && c.Confidence < 1, Why: c.Why}
		for word, role := range columnWords {
			if role == c.Role && role != interpret.RoleIgnore {
				col.Word = word
			}
		}
		for _, row := range w.Rows {
			if c.Column < len(row) && row[c.Column] != "" && !slices.Contains(col.Samples, row[c.Column]) {
				col.Samples = append(col.Samples, row[c.Column])
			}
		}
		out = append(out, col)
	}
	return out
}

// WideUpload is a file of a supervisor's batch that is such a table. Errors:
// ErrForbidden, ErrNotFound.
func (o *Office) WideUpload(ctx context.Context, v people.Visitor, id string) (*Upload, error) {
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	up, err := o.OpenUpload(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if up.Wide == nil || up.Unit != 0 {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "这个文件没有需要确认的栏目,请回到代报页查看。")
	}
	return up, nil
}

// ConfirmColumns takes a person's word on the columns of a wide table, by their
// number from 0; columns that are not named stay as proposed. It is remembered
// for tables with the same heads, here and in imports, and the file is read by
// it. Said again, the file is read anew; drafts that were made stay. Errors:
// ErrForbidden, ErrNotFound, ErrInvalid (the words fit no form, two columns for
// one figure, none for the unit), ErrConflict (somebody else confirmed others).
func (o *Office) ConfirmColumns(ctx context.Context, v people.Visitor, id string, words map[int]string, act string) error {
	o.uploads.change.Lock()
	defer o.uploads.change.Unlock()
	up, err := o.WideUpload(ctx, v, id)
	if err != nil {
		return err
	}
	m := up.Wide.Mapping
	m.Columns = slices.Clone(m.Columns)
	units := 0
	for i := range m.Columns {
		c := &m.Columns[i]
		if word, said := words[c.Column]; said {
			c.Role, c.Code, c.Confidence, c.Why = interpret.RoleFigure, disclosure.Code(word), 1, ""
			if role, is := columnWords[word]; is {
				c.Role, c.Code = role, ""
			}
		}
		if c.Role == interpret.RoleUnit {
			units++
		}
	}
	if units == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "没有一栏标为单位,请把单位名称那一栏填为“单位”。")
	}
	if err := validColumns(m); err != nil {
		return err
	}
	// A second press reads nothing anew: what the first made of the file stands.
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindMapping, ID: m.Fingerprint}); err != nil || done {
		return err
	}
	seen, err := o.lastSeqOf(ctx, store.KindMapping, m.Fingerprint)
	if err != nil {
		return err
	}
	verb := store.VerbCreate
	if seen != 0 {
		verb = store.VerbChange
	}
	if err := o.append(ctx, v, act, store.Entry{Kind: store.KindMapping, ID: m.Fingerprint, Verb: verb, Seen: seen, State: m}); err != nil {
		return err
	}
	up.Wide.Mapping, up.Wide.Confirmed = m, true
	up.Stage, up.Problem, up.Warnings = UploadReading, "", nil
	if err := o.keepUpload(up); err != nil {
		return err
	}
	o.readUpload(v, id)
	return nil
}

// validColumns says what is wrong with columns, as imports do.
func validColumns(m interpret.Mapping) error {
	data, err := json.Marshal([]interpret.Mapping{m})
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInternal, "各栏的含义无法保存,请联系维护人员。").Because(err)
	}
	_, err = interpret.ParseMappings(data, nil)
	return err
}
