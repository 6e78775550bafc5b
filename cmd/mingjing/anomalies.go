package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"mingjing/internal/anomaly"
	"mingjing/internal/anomaly/evaluate"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
)

type anomaliesCmd struct {
	dataFlags
	anomaliesWork
	Evaluate bool `help:"不看数据目录:在生成的区里埋入异常,打印各类异常的查准率和查全率,并与DHIS2的两种方法对照。"`
}

type anomaliesWork struct {
	Year disclosure.Year `help:"报告年度,缺省为最近一年。" placeholder:"YEAR"`
	JSON bool            `help:"输出JSON数组。" name:"json"`
}

func (c *anomaliesCmd) Run(ctx context.Context, s *streams) error {
	if c.Evaluate {
		own, strangers := evaluate.Run(evaluate.EvaluationSeeds), evaluate.RunStrangers(evaluate.StrangersEvaluation)
		if c.JSON {
			return indented(s.out).Encode(struct {
				evaluate.Result
				Strangers evaluate.Result `json:"strangers"`
			}{own, strangers})
		}
		if err := own.Write(s.out); err != nil {
			return err
		}
		fmt.Fprintln(s.out)
		return strangers.Write(s.out)
	}
	return runOnData(ctx, s, c.dataFlags, "anomalies", &c.anomaliesWork, nil, nil)
}

func (w *anomaliesWork) run(ctx context.Context, d *desk) (int, error) {
	list, err := d.office.Anomalies(ctx, w.Year)
	if err != nil {
		return 0, err
	}
	if w.JSON {
		return 0, writeAnomalies(d.out, list)
	}
	t := newTableWriter(d.out, "table", []string{"单位", "类别", "程度", "分值", "说明", "方法"})
	for _, l := range list.Lines {
		severity := "提示"
		if l.Severity == anomaly.Explain {
			severity = "需说明"
		}
		if err := t.row([]any{l.Unit.Display(), anomaly.Names[l.Kind], severity, fmt.Sprintf("%.1f", l.Score), l.Message, l.Method}); err != nil {
			return 0, err
		}
	}
	if err := t.end(); err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(d.out, "%s年%d份报告,异常%d项。\n", list.Year, list.Reports, len(list.Lines))
	return 0, err
}

// anomalyJSON is one object of --json, see docs/anomalies-json.md.
type anomalyJSON struct {
	Unit        string                `json:"unit"`
	UnitNumber  disclosure.UnitNumber `json:"unit_number"`
	Year        disclosure.Year       `json:"year"`
	Scope       disclosure.Scope      `json:"scope"`
	Codes       []disclosure.Code     `json:"codes"`
	Kind        anomaly.Kind          `json:"kind"`
	Severity    anomaly.Severity      `json:"severity"`
	Score       float64               `json:"score"`
	Message     string                `json:"message"`
	Method      string                `json:"method"`
	N           int                   `json:"n"`
	Numbers     []anomaly.Number      `json:"numbers"`
	Fingerprint string                `json:"fingerprint"`
}

func writeAnomalies(w io.Writer, list *office.AnomalyList) error {
	out := make([]anomalyJSON, len(list.Lines))
	for i, l := range list.Lines {
		out[i] = anomalyJSON{Unit: l.Unit.Name, UnitNumber: l.Unit.Number, Year: l.Year, Scope: l.Scope, Codes: l.Codes, Kind: l.Kind,
			Severity: l.Severity, Score: l.Score, Message: l.Message, Method: l.Method, N: l.N, Numbers: l.Numbers, Fingerprint: l.Fingerprint()}
	}
	return indented(w).Encode(out)
}

func indented(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc
}
