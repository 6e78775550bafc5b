package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/gather"
	"mingjing/internal/issue"
)

// EvidenceFile is a file of a workbook's evidence folder.
type EvidenceFile struct {
	Name string // with its folders
	File *issue.File
	// Rows are the rows that name it: unit and indicator.
	Rows []string
	// Problem says why it is left out, "" for one that is taken.
	Problem string
}

// Bounds on a workbook with its evidence.
const (
	mostPacked      = 1000
	mostPackedBytes = 600 << 20 // unpacked
)

// evidencePack is what came beside a workbook, and the rows' words for it.
type evidencePack struct {
	zipped   bool
	files    []EvidenceFile
	problems []string
	named    map[string][]int // by row, indexes into files
}

// openBook reads a workbook, alone or out of a zip; what else is in the zip is
// looked at by size and content, one after the other, and not kept.
func (o *Office) openBook(ctx context.Context, name string, data []byte) (*document.Document, *evidencePack, error) {
	pack := &evidencePack{named: map[string][]int{}}
	var doc *document.Document
	var total, n int
	for f := range gather.Unpack(name, data) {
		if f.Name == name { // no archive, or one that cannot be read at all
			if f.Err != nil {
				return nil, nil, f.Err
			}
			doc, err := o.readers.Document(ctx, name, f.Data)
			return doc, pack, err
		}
		pack.zipped = true
		n, total = n+1, total+len(f.Data)
		if n > mostPacked || total > mostPackedBytes {
			return nil, nil, disclosure.Errorf(disclosure.ErrInvalid, "压缩包“%s”里的文件超过%d个或解开后超过%dMB,请分成几次交。", name, mostPacked, mostPackedBytes>>20)
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		inner := strings.TrimPrefix(f.Name, name+"/")
		if f.Err == nil && strings.EqualFold(path.Ext(inner), ".xlsx") && !strings.Contains(inner, "证据/") {
			found, err := o.readers.Document(ctx, inner, f.Data)
			if err != nil && ctx.Err() != nil {
				return nil, nil, err
			}
			if err == nil && issue.IsBook(found) {
				if doc != nil {
					return nil, nil, disclosure.Errorf(disclosure.ErrInvalid, "压缩包“%s”里有不止一个测评工作簿,请一次只交一个。", name)
				}
				doc = found
				continue
			}
		}
		if strings.HasSuffix(inner, "请把证据文件放在这里.txt") {
			continue // what went out with the folder
		}
		pack.files = append(pack.files, lookAt(inner, f))
	}
	if doc == nil {
		return nil, nil, disclosure.Errorf(disclosure.ErrInvalid, "压缩包“%s”里没有系统发出的测评工作簿(xlsx),请把工作簿和“证据”文件夹一起打包再交。", name)
	}
	return doc, pack, nil
}

func lookAt(inner string, f gather.File) EvidenceFile {
	e := EvidenceFile{Name: inner}
	if f.Err != nil {
		e.Problem = disclosure.Sentence(f.Err)
		return e
	}
	file := &issue.File{Name: evidenceName(inner), Size: int64(len(f.Data))}
	var err error
	if file.Media, err = evidenceKind(file.Name, f.Data); err != nil {
		e.Problem = disclosure.Sentence(err)
		return e
	}
	sum := sha256.Sum256(f.Data)
	file.SHA256 = hex.EncodeToString(sum[:])
	e.File = file
	return e
}

// match finds the files that the rows name, and returns the changes with the
// evidence that is really there. Rows that name a file which their issue does not
// have yet, and changed in nothing else, are changes too.
func (p *evidencePack) match(reading *issue.BookReading, rows []issue.BookRow, made map[string]*heldIssue) []issue.BookChange {
	more := p.nameFiles(reading, rows, made)
	var out []issue.BookChange
	changed := map[string]bool{}
	for _, c := range reading.Changes {
		goes := true
		if c.Field == issue.EvidenceField {
			c, goes = c.With(p.there(c, made[c.Row.ID]))
		}
		if goes {
			out = append(out, c)
			changed[c.Key()] = true
		}
	}
	for _, c := range more {
		if !changed[c.Key()] {
			out = append(out, c)
			changed[c.Key()] = true
		}
	}
	return out
}

// there is a row's evidence without the files that did not come.
func (p *evidencePack) there(c issue.BookChange, h *heldIssue) string {
	parts := issue.AddressesIn(c.Back)
	came := map[string]bool{}
	for _, k := range p.named[c.Row.ID] {
		if f := p.files[k]; f.File != nil {
			came[strings.ToLower(f.File.Name)] = true
		}
	}
	for _, name := range issue.FilesNamed(c.Back) {
		if came[strings.ToLower(evidenceName(name))] || hasNamed(h, name) {
			parts = append(parts, evidenceName(name))
		}
	}
	return strings.Join(parts, "\n")
}

// nameFiles finds the files that the rows name; it returns the rows that name one
// which their issue does not hold.
func (p *evidencePack) nameFiles(reading *issue.BookReading, rows []issue.BookRow, made map[string]*heldIssue) []issue.BookChange {
	var more []issue.BookChange
	for _, r := range rows {
		h, place := made[r.ID], r.UnitText+" "+r.Item.Indicator2
		for _, name := range reading.Evidence[r.ID] {
			found := p.find(name, r.UnitText)
			switch {
			case len(found) == 1:
				f := &p.files[found[0]]
				f.Rows = append(f.Rows, place)
				p.named[r.ID] = append(p.named[r.ID], found[0])
				if h != nil && h.State == issue.Found && f.File != nil && !holds(h, f.File.SHA256) && hasNamed(h, name) {
					more = append(more, issue.BookChange{Row: r, Field: issue.EvidenceField, Out: r.Evidence, Back: r.Evidence, Now: r.Evidence, Place: place})
				}
			case len(found) > 1:
				p.problems = append(p.problems, fmt.Sprintf("%s写的证据“%s”在压缩包中有%d个同名文件,没有读入;请写明文件夹或改名后再交。", place, name, len(found)))
			case hasNamed(h, name):
			case p.zipped:
				p.problems = append(p.problems, fmt.Sprintf("%s写的证据文件“%s”不在压缩包里,没有读入。", place, name))
			default:
				p.problems = append(p.problems, fmt.Sprintf("%s写的证据文件“%s”没有一起交来;可把工作簿和证据文件夹打成一个zip再交,或之后在问题页面上传。", place, name))
			}
		}
	}
	for k := range p.files {
		if f := &p.files[k]; f.Problem == "" && len(f.Rows) == 0 {
			f.Problem = "工作簿“证据”一列没有写到它,没有读入。"
		}
	}
	return more
}

// find are the files that a row may mean by a name: of several in different
// folders, those in the unit's.
func (p *evidencePack) find(name, unit string) []int {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), "\\", "/")) }
	name = strings.TrimPrefix(plain(name), "./")
	var found, own []int
	for k, f := range p.files {
		full := plain(f.Name)
		if full != name && !strings.HasSuffix(full, "/"+name) {
			continue
		}
		found = append(found, k)
		if slices.Contains(strings.Split(path.Dir(full), "/"), plain(unit)) {
			own = append(own, k)
		}
	}
	if len(found) > 1 && len(own) > 0 {
		return own
	}
	return found
}

func holds(h *heldIssue, sum string) bool {
	return slices.ContainsFunc(h.Evidence, func(e issue.Evidence) bool { return e.File != nil && e.File.SHA256 == sum })
}

// hasNamed says whether an issue has a file that goes by a name.
func hasNamed(h *heldIssue, name string) bool {
	if h == nil {
		return false
	}
	held := issue.EvidenceSet(issue.EvidenceText(h.Evidence))
	for x := range issue.EvidenceSet(name) {
		if !held[x] {
			return false
		}
	}
	return true
}

// add puts the files that came for a row to its evidence: those that the row
// names, also several of one name, and none that is there already.
func (p *evidencePack) add(list []issue.Evidence, r issue.BookRow, account string, now time.Time) []issue.Evidence {
	named := issue.EvidenceSet(r.Evidence)
	there := map[string]bool{}
	for _, e := range list {
		if e.File != nil {
			there[e.File.SHA256] = true
		}
	}
	for _, k := range p.named[r.ID] {
		if f := p.files[k]; f.File != nil && !there[f.File.SHA256] && named[strings.ToLower(f.File.Name)] {
			there[f.File.SHA256] = true
			list = append(list, issue.Evidence{File: f.File, By: account, Time: now})
		}
	}
	return list
}

// keep puts the workbook and the files that rows name among the kept files,
// before the act that names them.
func (b *bookBack) keep(o *Office, name string) error {
	if _, _, err := o.store.PutFile(bytes.NewReader(b.data)); err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, f := range b.pack.files {
		if f.File != nil && len(f.Rows) > 0 {
			wanted[f.Name] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	for f := range gather.Unpack(name, b.data) {
		if f.Err == nil && wanted[strings.TrimPrefix(f.Name, name+"/")] {
			if _, _, err := o.store.PutFile(bytes.NewReader(f.Data)); err != nil {
				return err
			}
		}
	}
	return nil
}
