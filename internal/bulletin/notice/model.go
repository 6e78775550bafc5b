package notice

import (
	"time"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
)

// Edition says who reads a bulletin.
type Edition string

// The editions. The public one leaves out the addresses of leaks, what units
// and evaluators wrote to the office, and what is not decided.
const (
	Internal Edition = "internal"
	Public   Edition = "public"
)

// EditionNames are the editions as people read them.
var EditionNames = map[Edition]string{Internal: "内部版", Public: "公开版"}

// Notice is a bulletin or brief as it is printed.
type Notice struct {
	Quarter  disclosure.Period `json:"quarter"`
	Title    string            `json:"title"`
	To       string            `json:"to,omitempty"` // 主送机关
	Sign     string            `json:"sign,omitempty"`
	Date     string            `json:"date"`
	Edition  Edition           `json:"edition"`
	Draft    bool              `json:"draft,omitempty"` // 征求意见稿
	At       time.Time         `json:"at"`              // of the figures
	Blocks   []Block           `json:"blocks"`
	Attached []Table           `json:"attached,omitempty"`
}

// mark tells a version's documents from those of another with the same content:
// what was erased (清除) is never kept again, by its hash.
func (n *Notice) mark() string { return n.At.UTC().Format(time.RFC3339Nano) }

// BlockKind says what a block is.
type BlockKind string

// The kinds of block.
const (
	Heading BlockKind = "heading"
	Text    BlockKind = "text"
	Grid    BlockKind = "table"
	Picture BlockKind = "chart"
)

// Block is a heading, a paragraph, a table or a chart.
type Block struct {
	Kind    BlockKind         `json:"kind"`
	Section Kind              `json:"section"`
	Level   int               `json:"level,omitempty"` // of a heading, 1 to 4
	Text    string            `json:"text,omitempty"`
	Numbers []Number          `json:"numbers,omitempty"` // that stand in the text
	Own     bool              `json:"own,omitempty"`     // the district's own words
	Table   *Table            `json:"table,omitempty"`
	Chart   *dashboards.Chart `json:"chart,omitempty"`
}

// Number is a figure in the document with the key of what it is:
// now.issues, before.settled, now/错敏字.issues, unit/12.overdue.
type Number struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

// Table is a table; its head is repeated on each page.
type Table struct {
	Name    string   `json:"name"`
	Caption string   `json:"caption,omitempty"`
	Columns []Column `json:"columns"`
	Rows    [][]Cell `json:"rows"`
	Notes   []string `json:"notes,omitempty"`
}

// Column is a table's column; Width is its share of the width.
type Column struct {
	Label string  `json:"label"`
	Width float64 `json:"width"`
	Left  bool    `json:"left,omitempty"` // text, not centred
}

// Cell is a table's cell; Key says which figure it is, "" for text.
type Cell struct {
	Text string `json:"text"`
	Key  string `json:"key,omitempty"`
}

// Figures are all numbers of the document by key; attachments are lists, not
// figures.
func (n *Notice) Figures() map[string]string {
	out := map[string]string{}
	for _, b := range n.Blocks {
		for _, f := range b.Numbers {
			out[f.Key] = f.Text
		}
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			for _, c := range row {
				if c.Key != "" {
					out[c.Key] = c.Text
				}
			}
		}
	}
	return out
}

// Charts are the document's charts in their order.
func (n *Notice) Charts() []*dashboards.Chart {
	var out []*dashboards.Chart
	for _, b := range n.Blocks {
		if b.Chart != nil {
			out = append(out, b.Chart)
		}
	}
	return out
}
