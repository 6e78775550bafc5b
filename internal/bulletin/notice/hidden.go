package notice

import (
	"bytes"
	"encoding/json"
	"fmt"

	"mingjing/internal/issue"
)

const withheld = "（地址略）"

// shown is a text without addresses of leaks in the public edition.
func (w *writer) shown(words string) string {
	if w.out.Edition == Internal {
		return words
	}
	return w.facts.leakAddresses().Replace(words, withheld)
}

// leakAddresses are all addresses that issues about leaks name, those of
// earlier quarters too: what lay open once may still be found.
func (f *Facts) leakAddresses() *issue.Addresses {
	if f.hidden != nil {
		return f.hidden
	}
	f.hidden = &issue.Addresses{}
	hide := func(i *issue.Issue) {
		if !Leaks(i) {
			return
		}
		texts := []string{i.Facts, i.Ended}
		for _, a := range i.Answers {
			f.hidden.AddLink(a.Link)
			texts = append(texts, a.Text)
		}
		for _, r := range i.Reviews {
			texts = append(texts, r.Reason)
		}
		for _, a := range i.Appeals {
			texts = append(texts, a.Reason, a.Answer)
		}
		for _, e := range i.AllEvidence() {
			f.hidden.AddLink(e.Address)
			texts = append(texts, e.Address, e.Note)
		}
		for _, t := range texts {
			f.hidden.Add(t)
		}
	}
	for _, lines := range [][]Line{f.Lines, f.Earlier} {
		for _, l := range lines {
			hide(l.Issue)
		}
	}
	for _, i := range f.Leaks {
		hide(i)
	}
	return f.hidden
}

// withhold goes over everything that a finished public edition says: whatever
// wrote it, no address of a leak stands there.
func (n *Notice) withhold(hidden *issue.Addresses) error {
	say := func(words ...*string) {
		for _, s := range words {
			*s = hidden.Replace(*s, withheld)
		}
	}
	table := func(t *Table) {
		say(&t.Caption)
		for k := range t.Columns {
			say(&t.Columns[k].Label)
		}
		for _, row := range t.Rows {
			for k := range row {
				say(&row[k].Text)
			}
		}
		for k := range t.Notes {
			say(&t.Notes[k])
		}
	}
	say(&n.Title, &n.To, &n.Sign)
	for k := range n.Blocks {
		b := &n.Blocks[k]
		say(&b.Text)
		if b.Table != nil {
			table(b.Table)
		}
		if b.Chart == nil {
			continue
		}
		say(&b.Chart.Title, &b.Chart.Summary)
		option, err := hideIn(b.Chart.Option, say)
		if err != nil {
			return fmt.Errorf("notice: chart %s: %w", b.Chart.Name, err)
		}
		b.Chart.Option = option
	}
	for k := range n.Attached {
		table(&n.Attached[k])
	}
	return nil
}

// hideIn hides in the strings of a chart; one that holds none stays as it is.
func hideIn(option json.RawMessage, say func(...*string)) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(option))
	d.UseNumber()
	var all any
	if err := d.Decode(&all); err != nil {
		return nil, err
	}
	changed := false
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			s := v
			say(&s)
			changed = changed || s != v
			return s
		case []any:
			for k := range v {
				v[k] = walk(v[k])
			}
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
		}
		return v
	}
	if all = walk(all); !changed {
		return option, nil
	}
	return json.Marshal(all)
}
