package reader

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// zipParts packs parts, given as name, content, name, content ...
func zipParts(t testing.TB, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i+1 < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bomb packs one part of size zero bytes under a header that declares declared.
func bomb(t testing.TB, name string, size int64, declared uint64) []byte {
	t.Helper()
	var packed bytes.Buffer
	fw, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	sum := crc32.NewIEEE()
	zeros := make([]byte, 1<<20)
	for left := size; left > 0; left -= int64(len(zeros)) {
		if _, err := io.MultiWriter(fw, sum).Write(zeros[:min(left, int64(len(zeros)))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := fw.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Deflate, CRC32: sum.Sum32(),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: declared,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// encrypted sets the encryption bit of every entry.
func encrypted(data []byte) []byte {
	out := bytes.Clone(data)
	for _, header := range []struct {
		sign string
		flag int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		for at := 0; ; {
			n := bytes.Index(out[at:], []byte(header.sign))
			if n < 0 {
				break
			}
			at += n + header.flag
			binary.LittleEndian.PutUint16(out[at:], binary.LittleEndian.Uint16(out[at:])|1)
		}
	}
	return out
}

// mustRefuse checks that err is a sentence for people with ErrInvalid.
func mustRefuse(t *testing.T, err error, word string) {
	t.Helper()
	var known *disclosure.Error
	if !errors.As(err, &known) {
		t.Fatalf("got error %v, want one with a sentence that has %q", err, word)
	}
	if known.Code != disclosure.ErrInvalid || !strings.Contains(known.Message, word) || !strings.HasSuffix(known.Message, "。") {
		t.Fatalf("got %s: %q, want invalid and a sentence that has %q", known.Code, known.Message, word)
	}
}

func TestPackagesOverABoundAreRefused(t *testing.T) {
	many := []string{}
	for i := range maxZipEntries + 1 {
		many = append(many, fmt.Sprintf("x/%d.xml", i), "")
	}
	deep := "word/document.xml"
	nested := strings.Repeat("<a>", maxXMLDepth+1) + strings.Repeat("</a>", maxXMLDepth+1)
	cases := []struct {
		name string
		data []byte
		word string
	}{
		{"no zip", []byte("PK\x03\x04 and then nothing"), "损坏"},
		{"cut short", docxOf(t, "<w:p/>")[:200], "损坏"},
		{"too many entries", zipParts(t, many...), "部件"},
		{"declares a bomb", bomb(t, "word/document.xml", 8<<20, 300<<20), "解压"},
		{"lying bomb", bomb(t, "word/document.xml", 8<<20, 1000), "损坏"},
		{"declares exabytes", bomb(t, "word/document.xml", 1<<20, 1<<62), "解压"},
		{"encrypted entries", encrypted(docxOf(t, "<w:p/>")), "密码"},
		{"no main part", zipParts(t, "readme.txt", "hello"), "正文"},
		{"deep elements", zipParts(t, deep, docxBody(nested)), "嵌套"},
		{"own entities", zipParts(t, deep, `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>`+docxBody("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>")), "损坏"},
		{"cut XML", zipParts(t, deep, docxBody("<w:p/>")[:120]), "损坏"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := readDOCX(context.Background(), c.data)
			mustRefuse(t, err, c.word)
		})
	}
}

func TestReadersStopWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	long := docxOf(t, strings.Repeat("<w:p><w:r><w:t>字</w:t></w:r></w:p>", 5000))
	if _, err := readDOCX(ctx, long); !errors.Is(err, context.Canceled) {
		t.Errorf("docx: got %v, want context.Canceled", err)
	}
	if _, err := readPDF(ctx, pdfOf(t, pdfText(72, 700, 12, "字"))); !errors.Is(err, context.Canceled) {
		t.Errorf("pdf: got %v, want context.Canceled", err)
	}
}
