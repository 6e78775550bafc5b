package reader

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// decode turns bytes into clean UTF-8 with \n line ends, and names the charset
// as the Document reports it (utf-8, utf-16le, utf-16be, gb18030, big5).
//
// Declarations are often wrong (GBK pages declared utf-8 or iso-8859-1), so
// the order is: byte order mark, the NUL pattern of UTF-16, valid UTF-8, UTF-8
// with little damage, a declared Big5 that decodes, and else GB18030, of which
// GBK and GB2312 are subsets.
func decode(data []byte) (text, charset, warning string, err error) {
	text, charset, err = decodeBytes(data)
	if err != nil {
		return "", "", "", refuse("的文字编码已损坏,请用记事本另存为UTF-8编码后再交。")
	}
	if n := strings.Count(text, "\uFFFD"); n > 0 {
		warning = fmt.Sprintf("有%d处文字编码损坏,显示为“\uFFFD”,请对照原文核对。", n)
	}
	return cleanDecoded(text), charset, warning, nil
}

func decodeBytes(data []byte) (text, charset string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return strings.ToValidUTF8(string(data[3:]), "\uFFFD"), "utf-8", nil
	case bytes.HasPrefix(data, []byte("\xFF\xFE\x00\x00")):
		// UTF-32 is not met in practice; as UTF-16 every other character is NUL.
		return "", "", fmt.Errorf("UTF-32")
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return decodeAs(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), data, "utf-16le")
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return decodeAs(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), data, "utf-16be")
	}
	switch utf16Order(data) {
	case "utf-16le":
		return decodeAs(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), data, "utf-16le")
	case "utf-16be":
		return decodeAs(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), data, "utf-16be")
	}
	if utf8.Valid(data) {
		return string(data), "utf-8", nil
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\uFFFD"), "utf-8", nil
	}
	if declaresBig5(data) {
		if text, charset, err = decodeAs(traditionalchinese.Big5, data, "big5"); err == nil && !strings.ContainsRune(text, utf8.RuneError) {
			return text, charset, nil
		}
	}
	return decodeAs(simplifiedchinese.GB18030, data, "gb18030")
}

func decodeAs(e encoding.Encoding, data []byte, charset string) (string, string, error) {
	out, err := e.NewDecoder().Bytes(data)
	return string(out), charset, err
}

// utf16Order recognises UTF-16 without a mark: there are NULs (line ends and
// digits have one each), and read in the right order nearly every unit is ASCII
// or Chinese. Stray NULs in UTF-8 text do not count.
func utf16Order(data []byte) string {
	sample := data[:min(len(data), 64<<10)&^1]
	nuls := bytes.Count(sample, []byte{0})
	if nuls == 0 || nuls*5 < len(sample) && utf8.Valid(data) {
		return ""
	}
	var little, big int
	for i := 0; i < len(sample); i += 2 {
		if plausibleUnit(sample[i+1], sample[i]) {
			little++
		}
		if plausibleUnit(sample[i], sample[i+1]) {
			big++
		}
	}
	switch enough := len(sample) / 2 * 9 / 10; {
	case little > big && little >= enough:
		return "utf-16le"
	case big > little && big >= enough:
		return "utf-16be"
	}
	return ""
}

// plausibleUnit says that a unit of UTF-16 is ASCII text, Chinese, or
// punctuation that stands with it.
func plausibleUnit(high, low byte) bool {
	switch {
	case high == 0:
		return low >= 0x20 && low < 0x7F || low == '\n' || low == '\r' || low == '\t' || low >= 0xA0
	case high >= 0x4E && high <= 0x9F:
		return true
	}
	return high == 0x20 || high == 0x30 || high == 0xFF || high == 0x22 || high == 0x25
}

// mostlyUTF8 accepts UTF-8 with a few broken bytes (a page cut in the middle
// of a character): in GBK text three-byte sequences are chance, and most of
// its bytes break UTF-8.
func mostlyUTF8(data []byte) bool {
	var whole, broken int
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			broken++
		} else if size >= 3 {
			whole++
		}
		i += size
	}
	return whole > 20*broken
}

var big5Declaration = regexp.MustCompile(`(?i)charset\s*=\s*["']?\s*big-?5`)

func declaresBig5(data []byte) bool {
	return big5Declaration.Match(data[:min(len(data), 4096)])
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n",
	"\uFEFF", "", "\u200B", "", "\u200C", "", "\u200D", "", "\u2060", "", "\u00AD", "")

// cleanDecoded makes line ends one, and drops what no reader of the page sees:
// NULs, zero-width characters, byte order marks inside.
func cleanDecoded(text string) string {
	return lineEnds.Replace(text)
}
