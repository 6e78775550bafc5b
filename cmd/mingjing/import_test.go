package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/office"
)

func importJSON(t *testing.T, exit int, args ...string) importSummary {
	t.Helper()
	return decode[importSummary](t, must(t, exit, append([]string{"import", "--json"}, args...)...))
}

// figure asks the store for an approved figure; "" when there is none.
func figure(t *testing.T, data string, code disclosure.Code) string {
	t.Helper()
	out := must(t, 0, "sql", "--data", data, "--format", "csv", "SELECT toString(value) FROM approved_figures WHERE code = '"+string(code)+"'")
	return strings.TrimSpace(strings.TrimPrefix(out, "toString(value)"))
}

func TestImportTakesWhatIsGoodAndChangesNothingTwice(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	reports := filings(t, 2)
	write(t, dir, "a.html", page(t, reports[0]))
	write(t, dir, "b.html", page(t, reports[1]))
	write(t, dir, "bad.docx", "PK\x03\x04 broken")
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.Create("c.html")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(page(t, reports[2]))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "packed.zip", packed.String())

	if dry := importJSON(t, 1, "--data", data, "--dry-run", dir); dry.Count[office.OutcomeImported] != 3 || dry.Count[office.OutcomeFailed] != 1 {
		t.Fatalf("dry run: %v, want 3 imported and 1 failed", dry.Count)
	}
	if got := must(t, 0, "sql", "--data", data, "--format", "csv", "SELECT count() FROM log"); !strings.HasSuffix(got, "\n0\n") {
		t.Fatalf("the dry run wrote to the log: %q", got)
	}
	first := importJSON(t, 1, "--data", data, dir)
	if first.Count[office.OutcomeImported] != 3 || first.Count[office.OutcomeFailed] != 1 {
		t.Fatalf("first run: %v, want 3 imported and 1 failed", first.Count)
	}
	rows := must(t, 0, "sql", "--data", data, "SELECT count() FROM log")
	if again := importJSON(t, 1, "--data", data, dir); again.Count[office.OutcomeUnchanged] != 3 {
		t.Errorf("second run: %v, want 3 unchanged", again.Count)
	}
	if now := must(t, 0, "sql", "--data", data, "SELECT count() FROM log"); now != rows {
		t.Errorf("the second run appended to the log: %s, before %s", now, rows)
	}
	if got := must(t, 0, "sql", "--data", data, "--format", "csv", "SELECT uniqExact(unit), min(historic) FROM approved_reports"); !strings.HasSuffix(got, "\n1,true\n") {
		t.Errorf("three years of one unit are %q, want one unit and all historic", got)
	}
}

func TestImportTellsConflictFromAnotherSource(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	first := write(t, dir, "1.csv", "unit,year,code,value\n甲局,2024,T3_NEW_RECEIVED_TOT,5\n甲局,2024,T3_CARRIED_IN_TOT,0\n")
	same := write(t, dir, "2.csv", "单位,年份,代码,数值\n甲局,2024,T3_NEW_RECEIVED_TOT,5.0\n")
	other := write(t, dir, "3.csv", "unit,year,code,value\n甲局,2024,T3_NEW_RECEIVED_TOT,6\n")
	for _, step := range []struct {
		args  []string
		exit  int
		want  office.FileStatus
		value string
	}{
		{[]string{first}, 0, office.OutcomeImported, "5"},
		{[]string{same}, 0, office.OutcomeSource, "5"},
		{[]string{other}, 1, office.OutcomeConflict, "5"},
		{[]string{"--replace", "--dry-run", other}, 0, office.OutcomeReplaced, "5"},
		{[]string{"--replace", other}, 0, office.OutcomeReplaced, "6"},
		{[]string{other}, 0, office.OutcomeUnchanged, "6"},
	} {
		got := importJSON(t, step.exit, append([]string{"--data", data}, step.args...)...)
		if len(got.Files) != 1 || got.Files[0].Status != step.want {
			t.Fatalf("import %v: %+v, want %s", step.args, got.Files, step.want)
		}
		if v := figure(t, data, "T3_NEW_RECEIVED_TOT"); v != step.value {
			t.Errorf("after import %v the figure is %q, want %s", step.args, v, step.value)
		}
	}
	if v := figure(t, data, "T3_CARRIED_IN_TOT"); v != "0" {
		t.Errorf("a figure that the replacing file does not mention is %q, want 0", v)
	}
}

func TestTwoFilesOfOneReportInOneRun(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	r := filings(t, 2)[1]
	write(t, dir, "a.html", page(t, r))
	write(t, dir, "b.html", "<!-- another copy -->"+page(t, r))
	got := importJSON(t, 0, "--data", data, dir)
	if got.Files[0].Status != office.OutcomeImported || got.Files[1].Status != office.OutcomeSource {
		t.Errorf("two copies: %s and %s, want imported and source", got.Files[0].Status, got.Files[1].Status)
	}
}

func TestUnitListNamesAndMerging(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	report := write(t, dir, "r.csv", "unit,year,code,value\n云上区财政局,2024,T3_NEW_RECEIVED_TOT,5\n")
	importJSON(t, 0, "--data", data, report)
	list := write(t, dir, "单位.csv", "代码,名称,简称,别名,类型,考核分组,上级,起始年\nA1,云上区人民政府,,,政府,,,\nA2,云上区财政局(国资办),区财政局,云上区财政局;财政,部门,其他部门,云上区人民政府,2019\nA3,某局,,,机关,,,\n")
	got := importJSON(t, 0, "--data", data, "--units", list)
	if got.Units.Created != 2 || got.Units.Merged != 1 || len(got.Units.Problems) != 1 {
		t.Fatalf("unit list: %+v, want 2 created, 1 merged, 1 problem", *got.Units)
	}
	if again := importJSON(t, 0, "--data", data, "--units", list); again.Units.Unchanged != 2 || again.Units.Created+again.Units.Changed+again.Units.Merged != 0 {
		t.Errorf("the list once more: %+v, want 2 unchanged", *again.Units)
	}
	byAlias := write(t, dir, "r2.csv", "unit,year,code,value\n财 政,2023,T3_NEW_RECEIVED_TOT,4\nA2,2022,T3_NEW_RECEIVED_TOT,3\n未曾见过的局,2020,T3_NEW_RECEIVED_TOT,1\n")
	got = importJSON(t, 0, "--data", data, byAlias)
	for i, want := range []struct {
		unit string
		new  bool
	}{{"云上区财政局(国资办)", false}, {"云上区财政局(国资办)", false}, {"未曾见过的局", true}} {
		if r := got.Files[0].Reports[i]; r.Unit != want.unit || r.NewUnit != want.new {
			t.Errorf("report %d went to %q (new %v), want %q (new %v)", i, r.Unit, r.NewUnit, want.unit, want.new)
		}
	}
	corrected := write(t, dir, "r3.csv", "unit,year,code,value\n未曾见过的局,2020,T3_NEW_RECEIVED_TOT,2\n")
	importJSON(t, 0, "--data", data, "--replace", corrected)
	must(t, 0, "merge-unit", "--data", data, "未曾见过的局", "区财政局")
	if out := must(t, 0, "sql", "--data", data, "--format", "csv", "SELECT toString(sum(value)), count() FROM approved_figures WHERE code = 'T3_NEW_RECEIVED_TOT' AND year = 2020 AND value IS NOT NULL"); !strings.HasSuffix(out, "\n2,1\n") {
		t.Errorf("after the merge 2020 holds %q, want one figure of 2: the replaced revision must not come back", out)
	}
	if got := must(t, 2, "merge-unit", "--data", data, "未曾见过的局", "A1"); got != "" {
		t.Errorf("merging what is merged printed %q", got)
	}
	if out := must(t, 0, "sql", "--data", data, "--format", "csv", "SELECT toString(sum(value)) FROM approved_figures WHERE code = 'T3_NEW_RECEIVED_TOT' AND year = 2024"); !strings.HasSuffix(out, "\n5\n") {
		t.Errorf("after the merge 2024's sum is %q, want 5: withdrawn figures must not count", out)
	}
}

func TestAShorterUnitListKeepsWhatWasAgreed(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	full := write(t, dir, "全.csv", "名称,简称,类型,考核分组,计入区汇总,终止年\n区税务局,税务,部门,垂管,否,2024\n")
	short := write(t, dir, "简.csv", "名称,类型\n区税务局,部门\n区税务局,部门\n")
	importJSON(t, 0, "--data", data, "--units", full)
	got := importJSON(t, 0, "--data", data, "--units", short)
	if got.Units.Unchanged != 1 || got.Units.Created+got.Units.Changed != 0 || len(got.Units.Problems) != 1 {
		t.Errorf("a list of names and kinds, one twice: %+v, want 1 unchanged and 1 problem", *got.Units)
	}
}

func TestANameOutsideItsYearsStaysFindable(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	list := write(t, dir, "u.csv", "名称,终止年\n区信访局,2020\n")
	old := write(t, dir, "2019.csv", "unit,year,code,value\n区信访局,2019,T3_NEW_RECEIVED_TOT,1\n")
	late := write(t, dir, "2023.csv", "unit,year,code,value\n区信访局,2023,T3_NEW_RECEIVED_TOT,2\n")
	importJSON(t, 0, "--data", data, "--units", list, old)
	if r := importJSON(t, 0, "--data", data, late).Files[0].Reports[0]; !r.NewUnit {
		t.Errorf("a report after the unit's end went to %+v, want a new entry to be confirmed", r)
	}
	if f := importJSON(t, 0, "--data", data, old).Files[0]; f.Status != office.OutcomeUnchanged {
		t.Errorf("the old file again: %+v, want unchanged", f)
	}
}

func TestScopeIsNeverGuessedOverAnother(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	region := write(t, dir, "1.csv", "unit,year,code,value,scope\n区政府,2024,T3_NEW_RECEIVED_TOT,90,全域\n")
	unsaid := write(t, dir, "2.csv", "unit,year,code,value\n区政府,2024,T3_NEW_RECEIVED_TOT,9\n")
	importJSON(t, 0, "--data", data, region)
	if f := importJSON(t, 1, "--data", data, "--replace", unsaid).Files[0]; f.Status != office.OutcomeConflict {
		t.Errorf("other figures without a scope: %s, want a conflict", f.Status)
	}
	if f := importJSON(t, 0, "--data", data, "--scope", "本机关", unsaid).Files[0]; f.Status != office.OutcomeImported {
		t.Errorf("with the scope given: %s, want imported", f.Status)
	}
}

func TestAScopeLearnedLaterRefilesTheReport(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	unsaid := write(t, dir, "1.csv", "unit,year,code,value\n甲局,2024,T3_NEW_RECEIVED_TOT,9\n")
	importJSON(t, 0, "--data", data, unsaid)
	importJSON(t, 0, "--data", data, "--scope", "本机关", unsaid)
	scopes := func() string {
		return must(t, 0, "sql", "--data", data, "--format", "csv", "SELECT toString(scope), toString(value) FROM approved_figures WHERE value IS NOT NULL")
	}
	if got := scopes(); !strings.HasSuffix(got, "\n本机关,9\n") {
		t.Errorf("with its scope given the report stands as %q, want once, under 本机关", got)
	}
	corrected := write(t, dir, "2.csv", "unit,year,code,value\n甲局,2024,T3_NEW_RECEIVED_TOT,8\n")
	importJSON(t, 1, "--data", data, "--scope", "本机关", corrected)
	importJSON(t, 0, "--data", data, "--scope", "本机关", "--replace", corrected)
	if got := scopes(); !strings.HasSuffix(got, "\n本机关,8\n") {
		t.Errorf("corrected, the report stands as %q, want once with 8", got)
	}
}

func TestWhatThePersonGivesNeverOverridesTheFile(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	said := write(t, dir, "1.csv", "unit,year,code,value\n甲局,2024,T3_NEW_RECEIVED_TOT,9\n")
	for _, given := range [][]string{{"--unit", "乙局"}, {"--year", "2023"}} {
		f := importJSON(t, 1, append([]string{"--data", data, said}, given...)...).Files[0]
		if f.Status != office.OutcomeFailed || !strings.Contains(f.Reports[0].Message, given[1]) {
			t.Errorf("import %v of a file that says otherwise: %+v", given, f)
		}
	}
	ahead := write(t, dir, "2.csv", "unit,year,code,value\n甲局,2099,T3_NEW_RECEIVED_TOT,9\n")
	if f := importJSON(t, 1, "--data", data, ahead).Files[0]; f.Status != office.OutcomeFailed {
		t.Errorf("a report of 2099: %s, want failed", f.Status)
	}
}

func TestImportNeedsAWordOnWideColumnsOnce(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	wide := "单位,年度,新收,行政许可,备注\n甲局,2021,3,10,\n乙局,2021,0,0,\n合计,,3,10,\n"
	path := write(t, dir, "历年.csv", wide)
	got := importJSON(t, 1, "--data", data, path)
	if f := got.Files[0]; f.Status != office.OutcomeMapping || f.Mapping == nil || f.Message == "" {
		t.Fatalf("a wide table: %+v, want a proposal", f)
	}
	got = importJSON(t, 0, "--data", data, "--accept-mappings", path)
	if f := got.Files[0]; f.Status != office.OutcomeImported || len(f.Reports) != 2 {
		t.Fatalf("with the proposal accepted: %+v, want two reports and no total row", f)
	}
	next := write(t, dir, "次年.csv", strings.ReplaceAll(wide, "2021", "2022"))
	if f := importJSON(t, 0, "--data", data, next).Files[0]; f.Status != office.OutcomeImported {
		t.Errorf("the same heads again: %s, want imported without asking", f.Status)
	}
}

func TestAnEditedMappingComesBack(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	path := write(t, dir, "历年.csv", "单位,年度,新收,存疑数\n甲局,2021,3,10\n乙局,2021,0,0\n")
	proposals := filepath.Join(dir, "对应.json")
	must(t, 1, "import", "--data", data, "--save-mappings", proposals, path)
	text, err := os.ReadFile(proposals)
	if err != nil {
		t.Fatal(err)
	}
	mappings := decode[[]interpret.Mapping](t, string(text))
	last := &mappings[0].Columns[len(mappings[0].Columns)-1]
	if last.Header != "存疑数" {
		t.Fatalf("the last column is %+v, want 存疑数", *last)
	}
	last.Role, last.Code, last.Confidence = interpret.RoleFigure, "T2_LICENSE_DECISIONS", 1
	edited, err := json.Marshal(mappings)
	if err != nil {
		t.Fatal(err)
	}
	must(t, 0, "import", "--data", data, "--mappings", write(t, dir, "改.json", string(edited)), path)
	if v := figure(t, data, "T2_LICENSE_DECISIONS"); !strings.Contains(v, "10") {
		t.Errorf("the edited column holds %q, want 10", v)
	}
	last.Code = "T9_NONSENSE"
	if edited, err = json.Marshal(mappings); err != nil {
		t.Fatal(err)
	}
	if r := mingjing(t, "import", "--data", data, "--mappings", write(t, dir, "错.json", string(edited)), path); r.exit != 2 || !strings.Contains(r.err, "T9_NONSENSE") {
		t.Errorf("a mapping to an unknown code: exit %d, %q", r.exit, r.err)
	}
}

func TestImportRefusesNothingToDo(t *testing.T) {
	if r := mingjing(t, "import", "--data", t.TempDir()); r.exit != 2 || !strings.Contains(r.err, "--units") {
		t.Errorf("import of nothing: exit %d, %q", r.exit, r.err)
	}
	if _, err := os.Stat("data"); err == nil {
		t.Error("a command made a data folder in the working folder")
	}
}
