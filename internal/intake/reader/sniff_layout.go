package reader

import (
	"path/filepath"
	"regexp"
	"strings"
)

// textual layouts, told apart after decoding.
type layout int

const (
	layoutPlain layout = iota // prose with Markdown, pipe, tab or aligned tables
	layoutHTML
	layoutCSV
	layoutOfficeXML  // Word or Excel 2003 XML, flat ODF, flat OPC
	layoutForeignXML // any other XML
)

var (
	htmlRoot      = regexp.MustCompile(`(?i)<!doctype\s+html|<html[\s>]|<head\s*>|<body[\s>]`)
	htmlAnyTag    = regexp.MustCompile(`(?i)^<(!--|!\[|meta|title|style|script|link|table|div|p|span|center|font|b|h[1-6]|br|ul|ol|tr|td|section|article|main)[\s/>]?`)
	htmlFlowTag   = regexp.MustCompile(`(?i)<(p|div|span|br|h[1-6]|font|li)[\s/>]`)
	htmlTable     = regexp.MustCompile(`(?is)<table[\s>].*?</table\s*>`)
	mdHeading     = regexp.MustCompile(`(?m)^ {0,3}#{1,6} `)
	officeXMLRoot = regexp.MustCompile(`<(w:wordDocument|pkg:package|office:document|(ss:)?Workbook)[\s>]`)
)

// textLayout tells HTML, CSV and the rest apart by content. The name decides
// only whether a file with uneven columns is still CSV.
func textLayout(name, text string) layout {
	body := strings.TrimSpace(text)
	head := body[:min(len(body), 16<<10)]
	if strings.HasPrefix(head, "<") && officeXMLRoot.MatchString(head) {
		return layoutOfficeXML
	}
	if htmlRoot.MatchString(head) {
		return layoutHTML
	}
	if strings.HasPrefix(head, "<?xml") {
		return layoutForeignXML
	}
	if htmlAnyTag.MatchString(head) && !isMarkdownWithTables(body) {
		return layoutHTML
	}
	if looksCSV(body, strings.EqualFold(filepath.Ext(name), ".csv")) {
		return layoutCSV
	}
	return layoutPlain
}

// isMarkdownWithTables tells OCR output (Markdown whose tables are HTML) from
// an HTML fragment: it has # headings, or bare lines between its tables.
func isMarkdownWithTables(body string) bool {
	sample := body[:min(len(body), 1<<20)]
	rest := htmlTable.ReplaceAllString(sample, "\n")
	return mdHeading.MatchString(rest) || strings.TrimSpace(rest) != "" && !htmlFlowTag.MatchString(rest) && !strings.Contains(rest, "<")
}

// officeXMLExtension names the format for LibreOffice's import filter.
func officeXMLExtension(text string) string {
	switch root := officeXMLRoot.FindString(text); {
	case strings.Contains(root, "Workbook"):
		return "xls"
	case strings.Contains(root, "office:document"):
		if strings.Contains(text[:min(len(text), 16<<10)], "opendocument.spreadsheet") {
			return "fods"
		}
		return "fodt"
	}
	return "doc"
}
