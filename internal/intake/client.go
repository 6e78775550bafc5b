package intake

import (
	"context"
	"encoding/json"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/intake/reader"
	"mingjing/internal/intake/worker"
)

// The handlers of a child process.
const (
	kindReports  = "reports"
	kindDocument = "document"
)

// Handlers is what a child of this binary serves; cmd hands it to
// worker.ChildMain.
func Handlers() map[string]worker.Handler {
	return map[string]worker.Handler{
		kindReports: func(ctx context.Context, req worker.Request) ([]byte, error) {
			var opts Options
			if err := json.Unmarshal(req.Ask, &opts); err != nil {
				return nil, err
			}
			return answerReports(Read(ctx, req.Name, req.Data, opts))
		},
		kindDocument: func(ctx context.Context, req worker.Request) ([]byte, error) {
			doc, err := reader.Read(ctx, req.Name, req.Data)
			if err != nil {
				return nil, err
			}
			return json.Marshal(doc)
		},
	}
}

// Client reads files in child processes of this binary.
type Client struct {
	pool   *worker.Pool
	office *reader.Office // nil without LibreOffice
}

// NewClient makes a client; children start with the first file.
func NewClient() (*Client, error) {
	c := &Client{pool: worker.NewPool(worker.Options{})}
	c.office, _ = reader.FindOffice()
	return c, nil
}

// Close ends the children.
func (c *Client) Close() { c.pool.Close() }

// Read is Read, in a child. ErrInvalid also says that the file broke the child
// twice, or took too long.
func (c *Client) Read(ctx context.Context, name string, data []byte, opts Options) (Result, error) {
	ask, err := json.Marshal(opts)
	if err != nil {
		return Result{}, err
	}
	out, err := c.do(ctx, worker.Request{Kind: kindReports, Name: name, Data: data, Ask: ask})
	if err != nil {
		return Result{}, err
	}
	return readReports(out)
}

// Document reads a file that holds no report, such as a unit list, in a child.
func (c *Client) Document(ctx context.Context, name string, data []byte) (*document.Document, error) {
	out, err := c.do(ctx, worker.Request{Kind: kindDocument, Name: name, Data: data})
	if err != nil {
		return nil, err
	}
	doc := &document.Document{}
	return doc, json.Unmarshal(out, doc)
}

// do has a child answer; an old office format goes through LibreOffice first,
// which the parent starts, and back to a child.
func (c *Client) do(ctx context.Context, req worker.Request) ([]byte, error) {
	out, err := c.pool.Do(ctx, req)
	extension, old := reader.NeedsOffice(err)
	if !old || c.office == nil {
		return out, err
	}
	if req.Data, err = c.office.Convert(ctx, req.Name, extension, req.Data); err != nil {
		return nil, err
	}
	return c.pool.Do(ctx, req)
}

// wireReading is a Reading on its way between processes: a form goes by its ID.
type wireReading struct {
	Report *disclosure.Report `json:"report"`
	Form   string             `json:"form"`
	Doubts []Doubt            `json:"doubts"`
}

type wireResult struct {
	Format   string                  `json:"format"`
	Warnings []string                `json:"warnings"`
	Readings []wireReading           `json:"readings"`
	Accepted []interpret.Mapping     `json:"accepted"`
	Wants    *interpret.NeedsMapping `json:"wants"`
	Mark     string                  `json:"mark,omitempty"`
}

func answerReports(r Result, err error) ([]byte, error) {
	w := wireResult{Format: r.Format, Warnings: r.Warnings, Accepted: r.Accepted, Mark: r.Mark}
	if wants, ok := err.(*interpret.NeedsMapping); ok {
		w.Wants = wants
	} else if err != nil {
		return nil, err
	}
	for _, reading := range r.Readings {
		w.Readings = append(w.Readings, wireReading{reading.Report, reading.Report.Form.ID, reading.Doubts})
	}
	return json.Marshal(w)
}

func readReports(data []byte) (Result, error) {
	var w wireResult
	if err := json.Unmarshal(data, &w); err != nil {
		return Result{}, err
	}
	r := Result{Format: w.Format, Warnings: w.Warnings, Accepted: w.Accepted, Mark: w.Mark}
	for _, reading := range w.Readings {
		reading.Report.Form = disclosure.FormByID(reading.Form)
		r.Readings = append(r.Readings, &Reading{Report: reading.Report, Doubts: reading.Doubts})
	}
	if w.Wants != nil {
		return r, w.Wants
	}
	return r, nil
}

// Ask has a child answer a question of the caller's own about a file: one of the
// handlers that cmd gave it beside Handlers.
func (c *Client) Ask(ctx context.Context, kind, name string, data, ask []byte) ([]byte, error) {
	return c.do(ctx, worker.Request{Kind: kind, Name: name, Data: data, Ask: ask})
}
