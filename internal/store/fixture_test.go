package store

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"mingjing/internal/disclosure"
)

// Stores as older versions of the product wrote them (`mingjing demo --units 3
// --years 2`, packed with tar) open, are backed up and upgraded, and
// the projections that they lacked are filled.
func TestStoresOfOlderVersions(t *testing.T) {
	fixtures, err := filepath.Glob("testdata/store-schema-*.tar.gz")
	if err != nil || len(fixtures) == 0 {
		t.Fatalf("fixtures %v, %v", fixtures, err)
	}
	for _, fixture := range fixtures {
		t.Run(filepath.Base(fixture), func(t *testing.T) {
			ctx := context.Background()
			dir := t.TempDir()
			unpack(t, fixture, dir)
			s := openTest(t, Options{DataDir: dir})
			units := must[[]disclosure.Unit](t)(s.Units(ctx))
			heads := must[[]ReportHead](t)(s.Heads(ctx, HeadQuery{Basis: Provisional}))
			standings := must[[]Standing](t)(s.Standings(ctx, HeadQuery{}))
			if len(units) != 4 || len(heads) != 14 || len(standings) != 14 {
				t.Errorf("%d units, %d heads, %d standings", len(units), len(heads), len(standings))
			}
			settings := must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{Kinds: []EntityKind{KindSetting, KindMapping}}))
			for _, e := range settings {
				must[LogEntry](t)(s.State(ctx, e.Kind, e.ID))
			}
			backups, _ := filepath.Glob(filepath.Join(s.backups, "before-schema-*.tar"))
			if len(backups) != 1 {
				t.Fatalf("backups %v", backups)
			}
			must[*Manifest](t)(VerifyBackup(backups[0]))
			if d := must[[]Difference](t)(s.Rebuild(ctx)); len(d) != 0 {
				t.Errorf("projections differ: %+v", d)
			}
			fillBeside(t, s)
		})
	}
}

func unpack(t *testing.T, archive, dir string) {
	t.Helper()
	f := must[*os.File](t)(os.Open(archive))
	defer f.Close()
	members := tar.NewReader(must[*gzip.Reader](t)(gzip.NewReader(f)))
	for {
		h, err := members.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(dir, filepath.FromSlash(h.Name))
		switch h.Typeflag {
		case tar.TypeDir:
			err = os.MkdirAll(target, 0o700)
		case tar.TypeSymlink:
			err = os.Symlink(h.Linkname, target)
		default:
			var data []byte
			if data, err = io.ReadAll(members); err == nil {
				err = os.WriteFile(target, data, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
