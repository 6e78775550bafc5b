package office

import (
	"context"
	"errors"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/ledger"
)

// A ledger of applications that is brought as a report, and a report that is
// brought as a ledger, are told from what they hold, and the person is led to
// the other page.
var (
	// ErrIsLedger is the cause of a refusal of a file that is a ledger.
	ErrIsLedger = errors.New("the file is a ledger of applications")
	// ErrIsReport is the cause of a refusal of a file that is a report.
	ErrIsReport = errors.New("the file is a report")
)

// isLedger says whether a file in which no report was found is a ledger.
func (o *Office) isLedger(ctx context.Context, name string, data []byte) bool {
	doc, err := o.readers.Document(ctx, name, data)
	if err != nil {
		return false
	}
	_, err = ledger.Propose(doc)
	return err == nil
}

// The sentence does not name the file: people name ledgers after applicants.
func isLedgerError() error {
	return disclosure.Errorf(disclosure.ErrInvalid, "这个文件是依申请公开台账,不是年度报告;为保护个人信息没有保存,请到台账页上传,由台账生成表三。").Because(ErrIsLedger)
}

// orReport is why a file is no ledger, or that it is a report.
func (o *Office) orReport(ctx context.Context, name string, data []byte, why error) error {
	if disclosure.CodeOf(why) != disclosure.ErrInvalid {
		return why
	}
	result, err := o.readers.Read(ctx, name, data, intake.Options{TrustCertain: true})
	if err != nil || len(result.Readings) == 0 {
		return why
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是年度报告,不是依申请公开台账;请到上传文件页上传,核对后带入草稿。", name).Because(ErrIsReport)
}

// forgetLedger takes out of what waits a ledger that came as a report: what it
// holds and what it is called may be private. What it was stays listed.
func (o *Office) forgetLedger(up *Upload) error {
	up.File.Name = "依申请公开台账"
	if err := o.store.EmptyWaiting(up.ID); err != nil {
		return err
	}
	return o.keepUpload(up)
}
