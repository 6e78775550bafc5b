package store

import (
	"context"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// explain returns the part of EXPLAIN indexes = 1 that tells what is read.
func explain(t *testing.T, s *Store, name string, basis Basis, parameters []any, words ...string) string {
	t.Helper()
	rows, err := s.db.Query(context.Background(), "EXPLAIN indexes = 1 "+question(name, basis, words...), parameters...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.Trim(line, " │├└─"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// Every question uses the key that its file names: the columns stand in the
// primary key's condition, whatever else is filtered.
func TestQuestionsUseTheirKeys(t *testing.T) {
	s := openTest(t, Options{Temporary: true})
	fillBeside(t, s)
	file(t, s, oneReport, 0)
	figures := parameters("codes", []string{string(received)}, "years", []uint16{2023}, "units", []uint32{1}, "leave_out", leaveCompare)
	heads := headParameters(HeadQuery{Units: []disclosure.UnitNumber{1}, Years: []disclosure.Year{2023}})
	report := parameters("unit", uint32(1), "year", uint16(2023), "quarter", uint8(0), "family", "national", "scope", "本机关")
	for _, c := range []struct {
		name       string
		basis      Basis
		parameters []any
		words      []string
		keys       []string // columns in the key's condition
	}{
		{"figures", Approved, figures, nil, []string{"code", "year", "unit"}},
		{"unit_figures", Approved, figures, nil, []string{"unit"}},
		{"sums", Provisional, figures, nil, []string{"code", "year", "unit"}},
		{"medians", Approved, figures, nil, []string{"code", "year", "unit"}},
		{"measures", Approved, append(figures, parameters("measures", []string{"D"}, "parts", []string{string(received)}, "roles", []string{"row"})...), nil, []string{"code", "year", "unit"}},
		{"report_years", Approved, heads, nil, []string{"unit", "year"}},
		{"heads", Approved, heads, nil, []string{"unit", "year"}},
		{"histories", Provisional, parameters("family", "national", "codes", []string{string(received)}, "places", []uint16{1}, "first", uint16(2020), "last", uint16(2025), "units", []uint32{1}), nil, []string{"unit", "year"}},
		{"checks", Approved, heads, nil, []string{"unit", "year"}},
		{"finding_totals", Approved, heads, nil, []string{"unit", "year"}},
		{"report", Approved, report, nil, []string{"seq"}},
		{"reports", Approved, heads, nil, []string{"seq"}},
		{"revisions_at", "", parameters("seqs", []uint64{1}), nil, []string{"seq"}},
		{"latest_seqs", "", parameters("kinds", []string{"act"}, "ids", []string{"a"}), nil, []string{"kind", "id"}},
		{"latest_entry", "", parameters("kind", "unit", "id", "1"), nil, []string{"seq"}},
		{"former_codes", "", parameters("units", []uint32{1}, "years", []uint16{2023}), nil, []string{"unit", "year"}},
		{"scopes", Approved, parameters("units", []uint32{1}, "uncounted", []uint32{}), nil, []string{"unit"}},
		{"revisions", "", parameters("id", "1/2023/national/本机关"), nil, []string{"by_id"}},
		{"entries", "", EntryFilter{Act: "a", From: 1, To: 9}.parameters(), []string{"${direction}", "ASC"}, []string{"seq", "by_act"}},
		{"entry_before", "", parameters("seq", uint64(2), "kind", "report", "id", "1"), nil, []string{"seq", "by_id"}},
		{"entities", "", parameters("kind", "setting", "any", false, "id", "a"), nil, []string{"kind", "id"}},
		{"standings", "", heads, nil, []string{"unit", "year"}},
		{"standing", "", report, nil, []string{"unit", "year", "quarter", "family", "scope"}},
		{"filing_steps", "", parameters("ids", []string{"1/2023/national/本机关"}), nil, []string{"by_id"}},
		{"report_at_standing", "", report, nil, []string{"seq"}},
		{"drafts", "", draftQuery{unit: 1, period: disclosure.Period{Year: 2023}}.parameters(), nil, []string{"unit", "year", "quarter"}},
		{"draft", "", draftQuery{unit: 1, period: disclosure.Period{Year: 2023}}.key(), nil, []string{"unit", "year", "quarter"}},
		{"rows_to_erase", "", parameters("seqs", []uint64{1}), nil, []string{"seq"}},
		{"secrets", "", parameters("person", "a"), nil, []string{"person"}},
		{"sessions", "", parameters("hash", "a", "now", clickhouseTime(testDay)), nil, []string{"hash"}},
		{"whole_log", "", parameters("to", uint64(9)), nil, []string{"seq"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := explain(t, s, c.name, c.basis, c.parameters, c.words...)
			i := strings.Index(plan, "Indexes:")
			if i < 0 {
				t.Fatalf("no index at all:\n%s", plan)
			}
			for _, key := range c.keys {
				if !strings.Contains(plan[i:], "\n"+key+"\n") && !strings.Contains(plan[i:], "Name: "+key) {
					t.Errorf("key %s is not used:\n%s", key, plan)
				}
			}
		})
	}
}
