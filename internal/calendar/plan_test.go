package calendar

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

func moment(t *testing.T, text string) Moment {
	t.Helper()
	m, err := ParseMoment(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheDefaultPlanIsSound(t *testing.T) {
	for _, year := range []disclosure.Year{2023, 2024, 2025, 2026} {
		p := DefaultPlan(year, Shipped())
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParsePlan(data)
		if err != nil {
			t.Fatalf("%d: %v", year, err)
		}
		if !reflect.DeepEqual(p, again) {
			t.Errorf("%d: the plan changed on its way through JSON:\n%+v\n%+v", year, p, again)
		}
		for _, m := range p.Steps {
			if !Shipped().IsWorkday(m.Due.Date) {
				t.Errorf("%d: %s falls on %s, no working day", year, m.Step, m.Due)
			}
		}
	}
}

func TestDueOf(t *testing.T) {
	p := DefaultPlan(2025, Shipped())
	p.Groups = []GroupDue{
		{Group: "镇街", Step: StepFinal, Due: moment(t, "2026-02-10"), Notice: "区办通知"},
		{Group: "执法部门", Step: StepFinal, Due: moment(t, "2026-01-28 12:00")},
	}
	p.Extensions = []Extension{
		{Unit: 7, Step: StepFinal, Due: moment(t, "2026-01-27"), Reason: "机构合并"},
		{Unit: 7, Step: StepFinal, Due: moment(t, "2026-01-26"), Reason: "机构合并,更正"},
		{Group: "执法部门", Step: StepFinal, Due: moment(t, "2026-02-03"), Reason: "系统停机"},
		{Unit: 8, Step: StepFinal, Due: moment(t, "2026-01-29"), Reason: "早于分组延期"},
		{Unit: 9, Step: StepPublish, Due: moment(t, "2026-02-06 17:00"), Reason: "网站改版"},
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	department := func(n disclosure.UnitNumber) *disclosure.Unit {
		return &disclosure.Unit{Number: n, Kind: disclosure.UnitDepartment}
	}
	ofGroup := &disclosure.Unit{Number: 8, Kind: disclosure.UnitDepartment, Years: []disclosure.UnitYear{{From: 2024, Group: "执法部门"}}}
	government := &disclosure.Unit{Number: 1, Kind: disclosure.UnitGovernment}
	for _, test := range []struct {
		what                string
		unit                *disclosure.Unit
		group               string
		step                Step
		internal, statutory string
		basis               Basis
		applies             string
		by                  Basis
		flagged             bool
	}{
		{"nobody known", nil, "", StepFinal, "2026-01-23 17:00", "2026-01-31", BasisPlan, "2026-01-23 17:00", BasisPlan, false},
		{"a step the law does not know", department(2), "", StepDraft, "2026-01-12", "", BasisPlan, "2026-01-12", BasisPlan, false},
		{"the last extension of a unit stands", department(7), "", StepFinal, "2026-01-26", "2026-01-31", BasisExtension, "2026-01-26", BasisExtension, false},
		{"the later of unit and group, the law applies", ofGroup, "", StepFinal, "2026-02-03", "2026-01-31", BasisExtension, "2026-01-31", BasisStatute, true},
		{"a group by name", department(3), "执法部门", StepFinal, "2026-02-03", "2026-01-31", BasisExtension, "2026-01-31", BasisStatute, true},
		{"a locality after the law, by local notice", &disclosure.Unit{Number: 4, Kind: disclosure.UnitLocality}, "镇街", StepFinal, "2026-02-10", "2026-01-31", BasisGroup, "2026-02-10", BasisGroup, true},
		{"published late by extension", department(9), "", StepPublish, "2026-02-06 17:00", "2026-01-31", BasisExtension, "2026-01-31", BasisStatute, true},
		{"a government has until March", government, "", StepFinal, "2026-01-23 17:00", "2026-03-31", BasisPlan, "2026-01-23 17:00", BasisPlan, false},
		{"the district's own report", department(2), "", StepDistrict, "2026-03-25", "2026-03-31", BasisPlan, "2026-03-25", BasisPlan, false},
	} {
		d, err := DueOf(&p, test.unit, test.group, test.step)
		if err != nil {
			t.Fatalf("%s: %v", test.what, err)
		}
		if d.Internal.String() != test.internal || d.Statutory.String() != test.statutory || d.Basis != test.basis ||
			d.Applies.String() != test.applies || d.By != test.by || (len(d.Flags) > 0) != test.flagged {
			t.Errorf("%s: %+v", test.what, d)
		}
	}
	flagged := p.Flags([]disclosure.Unit{*department(2), *ofGroup, *government, {Number: 9, Kind: disclosure.UnitDepartment}, {Number: 10, Last: 2020}})
	if len(flagged) != 2 || flagged[0].Unit != 8 || flagged[1].Unit != 9 || flagged[1].Due.Step != StepPublish {
		t.Errorf("flags: %+v", flagged)
	}
	if _, err := DueOf(&p, nil, "", "没有"); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("an unknown step: %v", err)
	}
}

// An extension never changes what is late by law.
func TestLatenessAgainstTheLawStays(t *testing.T) {
	p := DefaultPlan(2025, Shipped())
	unit := &disclosure.Unit{Number: 9, Kind: disclosure.UnitDepartment}
	p.Extensions = []Extension{{Unit: 9, Step: StepFinal, Due: moment(t, "2026-02-06"), Reason: "系统停机"}}
	d, err := DueOf(&p, unit, "", StepFinal)
	if err != nil {
		t.Fatal(err)
	}
	internal, statutory := d.Late(time.Date(2026, 2, 3, 9, 0, 0, 0, China))
	if internal != 0 || statutory != 3 || d.Original.String() != "2026-01-23 17:00" {
		t.Errorf("late by %d and %d, original %s", internal, statutory, d.Original)
	}
	days, note := d.Countdown(time.Date(2026, 1, 26, 9, 0, 0, 0, China), Shipped())
	if days != 4 || note != "" { // 27 to 30 January; the 31st is a Saturday
		t.Errorf("%d working days left, note %q", days, note)
	}
}

func TestPlansThatCannotBeUsed(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"no year":                  func(p *Plan) { p.Year = 0 },
		"no steps":                 func(p *Plan) { p.Steps = nil },
		"a step without name":      func(p *Plan) { p.Steps[1].Step = " " },
		"a step twice":             func(p *Plan) { p.Steps[1].Step = p.Steps[0].Step },
		"an unknown statute":       func(p *Plan) { p.Steps[1].Statute = "x" },
		"a due time of last year":  func(p *Plan) { p.Steps[2].Due = moment(t, "2025-01-19") },
		"no due time":              func(p *Plan) { p.Steps[2].Due = Moment{} },
		"steps out of order":       func(p *Plan) { p.Steps[2].Due = moment(t, "2026-03-30") },
		"a group without name":     func(p *Plan) { p.Groups = []GroupDue{{Step: StepDraft, Due: moment(t, "2026-01-13")}} },
		"a group's unknown step":   func(p *Plan) { p.Groups = []GroupDue{{Group: "甲", Step: "x", Due: moment(t, "2026-01-13")}} },
		"extension without reason": func(p *Plan) { p.Extensions = []Extension{{Unit: 1, Step: StepDraft, Due: moment(t, "2026-01-13")}} },
		"extension for nobody": func(p *Plan) {
			p.Extensions = []Extension{{Step: StepDraft, Due: moment(t, "2026-01-13"), Reason: "x"}}
		},
		"extension for two": func(p *Plan) {
			p.Extensions = []Extension{{Unit: 1, Group: "甲", Step: StepDraft, Due: moment(t, "2026-01-13"), Reason: "x"}}
		},
		"extension that shortens": func(p *Plan) {
			p.Extensions = []Extension{{Group: "甲", Step: StepDraft, Due: moment(t, "2026-01-05"), Reason: "x"}}
		},
	} {
		p := DefaultPlan(2025, Shipped())
		change(&p)
		if err := p.Validate(); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParsePlan([]byte(`{"year":2025,"steps":[{"step":"x","due":"2026-13-01"}]}`)); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("a month 13: %v", err)
	}
}

func TestStage(t *testing.T) {
	l, c := DefaultLadder(), Shipped()
	at := func(text string, hour int) time.Time {
		return day(t, text).Start().Add(time.Duration(hour) * time.Hour)
	}
	for _, test := range []struct {
		what, due     string
		now           time.Time
		reached, next string
		on            string
	}{
		{"long before", "2026-01-31", at("2026-01-05", 9), "", "提醒", "2026-01-26"},
		{"the first minute of the reminder", "2026-01-31", at("2026-01-26", 0), "提醒", "催办", "2026-02-02"},
		{"the due day itself", "2026-01-31", at("2026-01-31", 23), "提醒", "催办", "2026-02-02"},
		{"the Monday after", "2026-01-31", at("2026-02-02", 8), "催办", "通报点名", "2026-02-06"},
		{"at the top", "2026-01-31", at("2026-03-02", 8), "通报点名", "", ""},
		{"across the Spring Festival", "2025-01-27 17:00", at("2025-01-27", 18), "提醒", "催办", "2025-02-05"},
	} {
		s := Stage(l, moment(t, test.due), test.now, c)
		name := func(r *Rung) string {
			if r == nil {
				return ""
			}
			return r.Name
		}
		if name(s.Reached) != test.reached || name(s.Next) != test.next || s.On != day(t, test.on) || s.Note != "" {
			t.Errorf("%s: %s, then %s on %s, note %q", test.what, name(s.Reached), name(s.Next), s.On, s.Note)
		}
		if s.Sentence() == "" {
			t.Errorf("%s: no sentence", test.what)
		}
	}
	if s := Stage(l, At(Day(2031, 1, 31)), at("2031-01-31", 9), c); s.Note == "" {
		t.Error("an unloaded year is passed over")
	}
	for name, bad := range map[string]string{"empty": "[]", "no name": `[{"name":"","workdays":1}]`, "out of order": `[{"name":"a","workdays":2},{"name":"b","workdays":1}]`,
		"twice": `[{"name":"a","workdays":1},{"name":"a","workdays":2}]`, "far": `[{"name":"a","workdays":1000}]`, "no JSON": "x"} {
		if _, err := ParseLadder([]byte(bad)); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
