// Package reader turns a foreign file into a document.Document: what kind it
// is is told by its content, never by its name. It starts no process and opens
// no file, so that it can run in a worker without any rights; old Office
// formats are converted by Office.Convert outside of it.
package reader

import (
	"context"
	"errors"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// MaxFileBytes is the largest file read; a larger one is refused unread.
const MaxFileBytes = 100 << 20

// Read tells the type by content and reads the file. The name serves messages,
// and breaks ties between layouts of plain text (csv, markdown).
//
// Every error is a *disclosure.Error with ErrInvalid and a sentence that names
// the file, or the context's error. An old Office format (.doc, .wps, .xls,
// .et, RTF) is such an error too; NeedsOffice tells it apart.
func Read(ctx context.Context, name string, data []byte) (*document.Document, error) {
	doc, err := read(ctx, name, data)
	if err == nil && len(doc.Blocks) == 0 {
		err = refuse("里没有可读的文字或表格,请确认没有选错文件,或者请报送单位重新导出后再交。")
	}
	if err != nil {
		return nil, nameFile(name, err)
	}
	return doc, nil
}

func read(ctx context.Context, name string, data []byte) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(data) > MaxFileBytes {
		return nil, refuse("超过%dMB,不是正常的报告,请检查后重新导出再交。", MaxFileBytes>>20)
	}
	found := sniff(data)
	switch found.kind {
	case kindDOCX:
		return readDOCX(ctx, data)
	case kindXLSX:
		return readXLSX(ctx, data)
	case kindPDF:
		return readPDF(ctx, data[found.offset:])
	case kindMHTML:
		return readMHTML(ctx, data)
	case kindLegacy:
		return nil, &legacyError{extension: found.extension}
	case kindRefused:
		return nil, refuse("%s", found.sentence)
	}
	return readDecoded(ctx, name, data)
}

// readDecoded reads what is text of some layout: HTML, CSV, Markdown or plain.
func readDecoded(ctx context.Context, name string, data []byte) (*document.Document, error) {
	text, charset, warning, err := decode(data)
	if err != nil {
		return nil, err
	}
	var doc *document.Document
	switch textLayout(name, text) {
	case layoutHTML:
		doc, err = readHTML(ctx, text)
	case layoutCSV:
		doc, err = readCSV(ctx, text)
	case layoutOfficeXML:
		return nil, &legacyError{extension: officeXMLExtension(text)}
	case layoutForeignXML:
		return nil, refuse("是XML数据,不是报告,请用WPS或Word另存为docx或xlsx后再交。")
	default:
		doc, err = readText(ctx, text)
	}
	if err != nil {
		return nil, err
	}
	doc.Charset = charset
	if warning != "" {
		doc.Warnings = append([]string{warning}, doc.Warnings...)
	}
	return doc, nil
}

// refuse makes a sentence about a file whose name nameFile puts before it.
func refuse(format string, args ...any) error {
	return disclosure.Errorf(disclosure.ErrInvalid, format, args...)
}

// nameFile puts the file's name before the sentence of err. A sentence that
// begins with a particle or verb goes on from the name; one with its own
// subject ("这个Word文件…") follows a colon.
func nameFile(name string, err error) error {
	var old *legacyError
	if errors.As(err, &old) {
		old.name = name
		return old
	}
	var known *disclosure.Error
	if !errors.As(err, &known) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return disclosure.Errorf(disclosure.ErrInternal, "文件“%s”读取时出错,请把文件交给管理员查看。", name).Because(err)
	}
	joint := ""
	for _, subject := range []string{"这", "此", "该", "文", "请"} {
		if strings.HasPrefix(known.Message, subject) {
			joint = ":"
		}
	}
	return disclosure.Errorf(known.Code, "文件“%s”%s%s", name, joint, known.Message).Because(known.Cause)
}
