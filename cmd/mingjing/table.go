package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// tableWriter prints rows as an aligned table, as CSV, or as an array of JSON
// objects.
type tableWriter struct {
	format  string
	columns []string
	tab     *tabwriter.Writer
	csv     *csv.Writer
	json    io.Writer
	rows    int
}

func newTableWriter(w io.Writer, format string, columns []string) *tableWriter {
	t := &tableWriter{format: format, columns: columns}
	switch format {
	case "csv":
		t.csv = csv.NewWriter(w)
		_ = t.csv.Write(columns)
	case "json":
		t.json = w
	default:
		t.tab = tabwriter.NewWriter(w, 2, 4, 2, ' ', 0)
		fmt.Fprintln(t.tab, strings.Join(columns, "\t"))
	}
	return t
}

func (t *tableWriter) row(values []any) error {
	t.rows++
	if t.json != nil {
		return t.jsonRow(values)
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = cellText(v)
	}
	if t.csv != nil {
		return t.csv.Write(texts)
	}
	for i := range texts {
		texts[i] = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(texts[i])
	}
	_, err := fmt.Fprintln(t.tab, strings.Join(texts, "\t"))
	return err
}

// jsonRow keeps the order of the columns, which a map would lose.
func (t *tableWriter) jsonRow(values []any) error {
	var b strings.Builder
	if t.rows == 1 {
		b.WriteString("[")
	} else {
		b.WriteString(",\n ")
	}
	b.WriteString("{")
	for i, v := range values {
		name, err := json.Marshal(t.columns[i])
		if err != nil {
			return err
		}
		if s, ok := v.(fmt.Stringer); ok {
			v = s.String()
		}
		value, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteString(",")
		}
		b.Write(name)
		b.WriteString(":")
		b.Write(value)
	}
	b.WriteString("}")
	_, err := io.WriteString(t.json, b.String())
	return err
}

func (t *tableWriter) end() error {
	switch {
	case t.csv != nil:
		t.csv.Flush()
		return t.csv.Error()
	case t.json != nil:
		if t.rows == 0 {
			_, err := io.WriteString(t.json, "[]\n")
			return err
		}
		_, err := io.WriteString(t.json, "]\n")
		return err
	}
	return t.tab.Flush()
}

// cellText writes a value as people read it; NULL is an empty text.
func cellText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
