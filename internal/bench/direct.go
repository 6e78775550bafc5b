package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"mingjing/internal/chdb"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
	"mingjing/sql"
)

// direct is the engine alone on a store's data folder: no store, no
// clickhouse-go, no settings by the question. It is what the store's questions
// are measured against. The folder must not be open as a store at the same time.
type direct struct{ engine *chdb.Engine }

func openDirect(folder, library string) (*direct, error) {
	engine, err := chdb.Open(chdb.Options{Path: filepath.Join(folder, "clickhouse"), Library: library})
	if err != nil {
		return nil, err
	}
	return &direct{engine}, nil
}

func (d *direct) close() error { return d.engine.Close() }

// ask runs a statement and returns its rows as RowBinary.
func (d *direct) ask(ctx context.Context, statement string, p parameters) (*rowReader, error) {
	arguments := url.Values{"database": {"mingjing"}, "default_format": {"RowBinary"},
		"output_format_parallel_formatting": {"0"}} // as the store's Native is written: threads cost more than small answers
	for name, value := range p {
		arguments.Set("param_"+name, value)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://chdb.invalid/?"+arguments.Encode(), strings.NewReader(statement))
	if err != nil {
		return nil, err
	}
	response, err := d.engine.RoundTripper().RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the engine: %s", body)
	}
	return &rowReader{data: body}, nil
}

// number asks for a single UInt64.
func (d *direct) number(ctx context.Context, statement string) (uint64, error) {
	rows, err := d.ask(ctx, statement, nil)
	if err != nil {
		return 0, err
	}
	n := rows.uint64()
	return n, rows.err
}

// parameters are bound values as ClickHouse writes them. Everything that
// stands in them here is free of characters that would need escaping.
type parameters map[string]string

func listOf[T disclosure.Code | disclosure.Year | disclosure.UnitNumber](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		switch v := any(v).(type) {
		case disclosure.Code:
			texts[i] = "'" + string(v) + "'"
		case disclosure.Year:
			texts[i] = strconv.Itoa(int(v))
		case disclosure.UnitNumber:
			texts[i] = strconv.FormatUint(uint64(v), 10)
		}
	}
	return "[" + strings.Join(texts, ",") + "]"
}

func figureParameters(q store.FigureQuery) parameters {
	leave := "compare"
	switch {
	case q.CountedOnly:
		leave = "sum"
	case q.AllScopes:
		leave = ""
	}
	return parameters{"codes": listOf(q.Codes), "years": listOf(q.Years), "units": listOf(q.Units), "leave_out": leave}
}

func headParameters(q store.HeadQuery) parameters {
	return parameters{"years": listOf(q.Years), "units": listOf(q.Units), "family": q.Family}
}

// statement renders a file of the folder sql for approved reports. The rows
// that come of it are compared with the store's, so that the two cannot drift
// apart unseen.
func statement(folder, name string) (string, error) {
	text, err := sqlText(folder, name)
	if err != nil {
		return "", err
	}
	selection := "selection"
	if strings.Contains(text, "check_results") || strings.Contains(text, "${basis}_reports") {
		selection = "head_selection"
	}
	if strings.Contains(text, "${selection}") {
		chosen, err := sqlText("queries", selection)
		if err != nil {
			return "", err
		}
		text = strings.ReplaceAll(text, "${selection}", "("+chosen+")")
	}
	return strings.ReplaceAll(text, "${basis}", string(store.Approved)), nil
}

func sqlText(folder, name string) (string, error) {
	data, err := sql.Files.ReadFile(folder + "/" + name + ".sql")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "--") {
			b.WriteString(line)
		}
	}
	return b.String(), nil
}
