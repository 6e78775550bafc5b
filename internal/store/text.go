package store

import (
	"context"
	"fmt"
	"path"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/sql"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// dialect fills the placeholders that depend on where the store lives.
type dialect struct {
	cluster string // name of the cluster, "" for none
	server  bool   // a server's store has a guard against deposed writers
}

// words are the placeholders of tables, views and projections.
func (d dialect) words() []string {
	replicated, onCluster := "", ""
	if d.cluster != "" {
		replicated, onCluster = "Replicated", "ON CLUSTER `"+d.cluster+"`"
	}
	live, legitimate := "1", "1"
	if d.server {
		live = "bitShiftRight(log.seq, 48) >= (SELECT max(epoch) FROM guard)"
		legitimate = "NOT arrayExists(g -> g.1 > bitShiftRight(seq, 48) AND seq > g.2, (SELECT groupArray((epoch, after)) FROM guard))"
	}
	return []string{"${replicated}", replicated, "${on_cluster}", onCluster, "${live}", live, "${legitimate}", legitimate}
}

// fill puts the words in place; a placeholder that stays is a fault of the text.
func fill(text string, words ...string) string {
	out := strings.NewReplacer(words...).Replace(text)
	if i := strings.Index(out, "${"); i >= 0 {
		panic(fmt.Sprintf("store: placeholder left in SQL: %.60s", out[i:]))
	}
	return out
}

// load reads an embedded SQL file.
func load(folder, name string) string {
	data, err := sql.Files.ReadFile(path.Join(folder, name+".sql"))
	if err != nil {
		panic(err) // a fault of the build
	}
	return string(data)
}

// question renders sql/queries/<name>.sql. Words are pairs of further
// placeholders and their fixed texts.
func question(name string, basis Basis, words ...string) string {
	if basis != Provisional {
		basis = Approved
	}
	selection := ""
	switch name {
	case "figures", "unit_figures", "sums", "medians", "measures":
		selection = withoutComments(load("queries", "selection"))
	case "heads", "reports", "checks", "finding_totals", "report_years", "standings":
		selection = withoutComments(load("queries", "head_selection"))
	}
	return fill(strings.ReplaceAll(withoutComments(load("queries", name)), "${selection}", "("+selection+")"),
		append([]string{"${basis}", string(basis)}, words...)...)
}

// parameters turns name, value, name, value ... into bound parameters.
func parameters(pairs ...any) []any {
	out := make([]any, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, clickhouse.Named(pairs[i].(string), pairs[i+1]))
	}
	return out
}

type requestKey struct{}

// WithRequest marks what is asked of the store with the id of a request: it
// stands in ClickHouse's own logs (log_comment).
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// named gives ctx the settings of a question: its log comment and more.
func named(ctx context.Context, what string, settings clickhouse.Settings) context.Context {
	comment := what
	if id, ok := ctx.Value(requestKey{}).(string); ok && id != "" {
		comment = id + " " + what
	}
	all := clickhouse.Settings{"log_comment": comment}
	for k, v := range settings {
		all[k] = v
	}
	return clickhouse.Context(ctx, clickhouse.WithSettings(all))
}

// numbers turns years or unit numbers into what the driver binds; nil gives
// an empty array.
func numbers[To, From ~uint16 | ~uint32 | ~int](in []From) []To {
	out := make([]To, len(in))
	for i, v := range in {
		out[i] = To(v)
	}
	return out
}

// texts turns codes into what the driver binds; nil gives an empty array.
func texts[From ~string](in []From) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

func headParameters(q HeadQuery) []any {
	return parameters("units", numbers[uint32](q.Units), "years", numbers[uint16](q.Years), "family", q.Family)
}

func validBasis(b Basis) error {
	if b == Approved || b == Provisional {
		return nil
	}
	return disclosure.Errorf(disclosure.ErrInternal, "查询没有说明是已通过的还是含已提交的报告。")
}
