package reader

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// delimiters of CSV as Excel writes it (; where the comma is decimal).
var delimiters = []rune{',', '\t', ';'}

// csvShape is how well a delimiter fits a sample of a file.
type csvShape struct {
	delimiter rune
	fields    int     // of most records
	share     float64 // of records that have so many
	records   int
	longest   int // mean characters of a field
	figures   int // percent of fields that are numbers
}

// looksCSV says that the whole text is one delimited table. Prose has commas
// too, but not the same number in each line, nor figures between them; a file
// called .csv may be uneven.
func looksCSV(text string, named bool) bool {
	s := bestShape(text)
	if s.fields < 2 {
		return false
	}
	if named {
		return s.share >= 0.5
	}
	return s.records >= 2 && s.share >= 0.9 && s.longest <= 40 && s.figures >= 10 && (s.records >= 3 || s.fields >= 3)
}

func bestShape(text string) csvShape {
	sample := text[:min(len(text), 64<<10)]
	if len(sample) < len(text) {
		if cut := strings.LastIndexByte(sample, '\n'); cut > 0 {
			sample = sample[:cut]
		}
	}
	var best csvShape
	if strings.Count(sample, "|") > strings.Count(sample, "\n")/2 {
		return best
	}
	for _, d := range delimiters {
		if !strings.ContainsRune(sample, d) {
			continue
		}
		if s := shapeOf(sample, d); s.fields >= 2 && (s.share > best.share || s.share == best.share && s.fields > best.fields) {
			best = s
		}
	}
	return best
}

func shapeOf(sample string, delimiter rune) csvShape {
	s := csvShape{delimiter: delimiter}
	counts := map[int]int{}
	characters, fields, figures := 0, 0, 0
	records := csvReader(sample, delimiter)
	for {
		record, err := records.Read()
		if err != nil {
			break
		}
		s.records++
		counts[len(record)]++
		for _, field := range record {
			characters += utf8.RuneCountInString(field)
			if isNumeric(field) {
				figures++
			}
		}
		fields += len(record)
	}
	for n, count := range counts {
		if n >= 2 && (count > counts[s.fields] || count == counts[s.fields] && n > s.fields) {
			s.fields = n
		}
	}
	if s.records > 0 {
		s.share = float64(counts[s.fields]) / float64(s.records)
		s.longest = characters / max(1, fields)
		s.figures = 100 * figures / max(1, fields)
	}
	return s
}

func csvReader(text string, delimiter rune) *csv.Reader {
	records := csv.NewReader(strings.NewReader(text))
	records.Comma = delimiter
	records.FieldsPerRecord = -1
	records.LazyQuotes = true
	records.ReuseRecord = true
	return records
}

// readCSV reads delimited text into one grid; addresses are those that Excel
// shows ("C7"). The delimiter is told from a sample.
func readCSV(ctx context.Context, text string) (*document.Document, error) {
	delimiter := ','
	if first, rest, found := strings.Cut(text, "\n"); found && strings.HasPrefix(first, "sep=") && len(first) == len("sep=")+1 && first[4] != '"' {
		delimiter, text = rune(first[4]), rest // Excel's own declaration
	} else if s := bestShape(strings.TrimSpace(text)); s.fields > 0 {
		delimiter = s.delimiter
	}
	out := newAssembly(ctx, "csv")
	g := &document.Grid{}
	records := csvReader(text, delimiter)
	for out.alive() {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "的第%d行起不是完整的CSV,请用WPS或Excel打开后另存再交。", g.Rows+1).Because(err)
		}
		line, _ := records.FieldPos(0)
		for col, field := range record {
			g.Cells = append(g.Cells, document.Cell{
				Row: g.Rows, Col: col, RowSpan: 1, ColSpan: 1,
				Text: csvField(field), Address: columnName(col) + strconv.Itoa(line),
			})
		}
		g.Rows++
		g.Cols = max(g.Cols, len(record))
		if g.Rows > document.MaxGridRows || g.Cols > document.MaxGridCols || len(g.Cells) > document.MaxCells {
			break // grid refuses it with the sentence
		}
	}
	out.grid(g, "")
	return out.done()
}

// csvField takes off the ="..." by which systems keep Excel from reading a
// code as a number. The text is copied: records share one buffer.
func csvField(field string) string {
	field = strings.TrimSpace(field)
	if len(field) > 3 && strings.HasPrefix(field, `="`) && field[len(field)-1] == '"' {
		field = field[2 : len(field)-1]
	}
	return strings.Clone(field)
}

// columnName is Excel's name of a column counted from 0: A, Z, AA.
func columnName(col int) string {
	name := ""
	for col++; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}
