package bulletin

import (
	"encoding/json"

	"mingjing/internal/disclosure"
)

// FillKind is the name under which a child process fills workbooks.
const FillKind = "fill"

// fillAsk is a question to FillByLabels on its way to a child process: a form
// goes by its id.
type fillAsk struct {
	Fills []fillOne                  `json:"fills"`
	Heads map[string]disclosure.Code `json:"heads,omitempty"`
}

type fillOne struct {
	Form    string             `json:"form"`
	Report  *disclosure.Report `json:"report"`
	Aliases []string           `json:"aliases,omitempty"`
}

type fillAnswer struct {
	Data   []byte     `json:"data"`
	Result FillResult `json:"result"`
}

// FillQuestion packs what FillByLabels is to be told, for AnswerFill in a child
// process: the workbook is a stranger's file.
func FillQuestion(fills []Fill, opts FillOptions) ([]byte, error) {
	ask := fillAsk{Heads: opts.Heads}
	for _, f := range fills {
		ask.Fills = append(ask.Fills, fillOne{Form: f.Report.Form.ID, Report: f.Report, Aliases: f.Aliases})
	}
	return json.Marshal(ask)
}

// AnswerFill is FillByLabels over a packed question, in a child process.
func AnswerFill(data, question []byte) ([]byte, error) {
	var ask fillAsk
	if err := json.Unmarshal(question, &ask); err != nil {
		return nil, err
	}
	var fills []Fill
	for _, f := range ask.Fills {
		f.Report.Form = disclosure.FormByID(f.Form)
		if f.Report.Form == nil {
			return nil, disclosure.Errorf(disclosure.ErrInternal, "填写工作簿时缺少表单“%s”,请重启明镜。", f.Form)
		}
		fills = append(fills, Fill{Report: f.Report, Aliases: f.Aliases})
	}
	var out fillAnswer
	var err error
	if out.Data, out.Result, err = FillByLabels(data, fills, FillOptions{Heads: ask.Heads}); err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// FilledWorkbook unpacks AnswerFill's answer.
func FilledWorkbook(answer []byte) ([]byte, FillResult, error) {
	var a fillAnswer
	err := json.Unmarshal(answer, &a)
	return a.Data, a.Result, err
}
