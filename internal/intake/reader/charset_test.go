package reader

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func encoded(e encoding.Encoding, text string) string {
	out, err := e.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return out
}

func gb(text string) string { return encoded(simplifiedchinese.GB18030, text) }

func TestDecode(t *testing.T) {
	const text = "政府信息公开年度报告\n二〇二三年,收到申请28件。"
	le, be := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for _, c := range []struct{ name, data, want, charset string }{
		{"utf-8", text, text, "utf-8"},
		{"utf-8 with mark", "\uFEFF" + text, text, "utf-8"},
		{"gbk", gb(text), text, "gb18030"},
		{"four bytes", gb("㐀𠮷" + text), "㐀𠮷" + text, "gb18030"},
		{"gbk declared utf-8", gb(`<meta charset="utf-8">` + text), `<meta charset="utf-8">` + text, "gb18030"},
		{"gbk declared latin", gb(`<meta charset="iso-8859-1">` + text), `<meta charset="iso-8859-1">` + text, "gb18030"},
		{"utf-8 declared gbk", `<meta charset="gb2312">` + text, `<meta charset="gb2312">` + text, "utf-8"},
		{"big5 declared", encoded(traditionalchinese.Big5, `<meta charset="big5">政府資訊公開`), `<meta charset="big5">政府資訊公開`, "big5"},
		{"utf-16le with mark", "\xFF\xFE" + encoded(le, text), text, "utf-16le"},
		{"utf-16be with mark", "\xFE\xFF" + encoded(be, text), text, "utf-16be"},
		{"utf-16le", encoded(le, text), text, "utf-16le"},
		{"utf-16be", encoded(be, text), text, "utf-16be"},
		{"windows line ends and zero width", "一\r\n二\u200B\r三\x00", "一\n二\n三", "utf-8"},
	} {
		got, charset, warning, err := decode([]byte(c.data))
		if err != nil || got != c.want || charset != c.charset || warning != "" {
			t.Errorf("%s: got %q in %s, warning %q, %v", c.name, got, charset, warning, err)
		}
	}
}

func TestDamagedEncodingIsSaid(t *testing.T) {
	long := strings.Repeat("政府信息公开", 20)
	for name, data := range map[string]string{"utf-8 cut in a character": long + "\xE6\x94", "gbk cut": gb(long) + "\xB0"} {
		got, _, warning, err := decode([]byte(data))
		if err != nil || !strings.HasPrefix(got, long) || !strings.Contains(warning, "1处") {
			t.Errorf("%s: %q, warning %q, %v", name, got, warning, err)
		}
	}
}
