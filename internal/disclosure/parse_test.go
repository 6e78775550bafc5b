package disclosure

import "testing"

func TestParseCell(t *testing.T) {
	cases := []struct {
		raw    string
		kind   ValueKind
		unit   string
		want   CellKind
		value  string
		remark string
	}{
		{raw: "0", want: CellNumber, value: "0"},
		{raw: " 28 ", want: CellNumber, value: "28"},
		{raw: "１２", want: CellNumber, value: "12"},
		{raw: "1,234", want: CellNumber, value: "1234"},
		{raw: "1，234", want: CellNumber, value: "1234"},
		{raw: "12 345", want: CellNumber, value: "12345"},
		{raw: "1 2", want: CellNumber, value: "12"},
		{raw: "10 1", want: CellUnread},
		{raw: "1,23", want: CellUnread},
		{raw: "1\n2", want: CellUnread},
		{raw: "22（其中修订16件）", want: CellNumber, value: "22", remark: "其中修订16件"},
		{raw: "22\n(其中修订16件)", want: CellNumber, value: "22", remark: "其中修订16件"},
		{raw: "(无)", want: CellUnread},
		{raw: "3件", want: CellNumber, value: "3"},
		{raw: "1.2万件", want: CellNumber, value: "12000"},
		{raw: "零", want: CellNumber, value: "0"},
		{raw: "约30", want: CellUnread},
		{raw: "30余件", want: CellUnread},
		{raw: "O", want: CellUnread},
		{raw: "-3", want: CellNumber, value: "-3"},
		{raw: "3.5", want: CellNumber, value: "3.5"},
		{raw: "12.0", want: CellNumber, value: "12"},
		{raw: "5元", want: CellUnread},
		{raw: "增加3", kind: ValueDelta, want: CellNumber, value: "3"},
		{raw: "减少 2", kind: ValueDelta, want: CellNumber, value: "-2"},
		{raw: "＋3", kind: ValueDelta, want: CellNumber, value: "3"},
		{raw: "−2", kind: ValueDelta, want: CellNumber, value: "-2"},
		{raw: "增加3", want: CellUnread},
		{raw: "96171.6万元", kind: ValueMoney, unit: "万元", want: CellNumber, value: "96171.6"},
		{raw: "961716元", kind: ValueMoney, unit: "万元", want: CellNumber, value: "96.1716"},
		{raw: "961717.5元", kind: ValueMoney, unit: "万元", want: CellUnread},
		{raw: "251000元", kind: ValueMoney, unit: "元", want: CellNumber, value: "251000"},
		{raw: "25.1万元", kind: ValueMoney, unit: "元", want: CellNumber, value: "251000"},
		{raw: "3.14159", kind: ValueMoney, unit: "万元", want: CellUnread},
		{raw: "3件", kind: ValueMoney, unit: "万元", want: CellUnread},
		{raw: "100000000000000", want: CellUnread},
		{raw: "", want: CellBlank},
		{raw: "\u00a0\u3000\n", want: CellBlank},
		{raw: "/", want: CellSlash},
		{raw: "／", want: CellSlash},
		{raw: "—", want: CellSlash},
		{raw: "－", want: CellSlash},
		{raw: "无", want: CellSlash},
		{raw: "一", want: CellUnread},
		{raw: "1e3", want: CellUnread},
		{raw: "<script>", want: CellUnread},
	}
	for _, tc := range cases {
		got := ParseCell(tc.raw, tc.kind, tc.unit)
		if got.Kind != tc.want {
			t.Errorf("ParseCell(%q, %q) is %s (%s), want %s", tc.raw, tc.kind, got.Kind, got.Problem, tc.want)
			continue
		}
		if tc.want == CellNumber && got.Value.String() != tc.value {
			t.Errorf("ParseCell(%q) = %s, want %s", tc.raw, got.Value, tc.value)
		}
		if got.Remark != tc.remark && tc.want == CellNumber {
			t.Errorf("ParseCell(%q) remark %q, want %q", tc.raw, got.Remark, tc.remark)
		}
		if (got.Kind == CellUnread) != (got.Problem != "") {
			t.Errorf("ParseCell(%q): a problem belongs to unread cells only, got %q", tc.raw, got.Problem)
		}
	}
}

func FuzzParseCell(f *testing.F) {
	for _, s := range []string{"22(其中修订16件)", "１,２３４", "增加3", "96171.6万元", "/", "1 2 3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, kind := range []ValueKind{ValueCount, ValueDelta, ValueMoney} {
			c := ParseCell(raw, kind, "万元")
			if c.Kind == CellNumber && (!c.Value.Equal(c.Value.Truncate(MaxPlaces)) || c.Value.Abs().GreaterThanOrEqual(maxValue)) {
				t.Fatalf("%q gave %s, which the store cannot hold", raw, c.Value)
			}
		}
	})
}
