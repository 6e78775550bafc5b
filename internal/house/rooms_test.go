package house

import (
	"slices"
	"strings"
	"testing"
)

// rooms lists what each package may import of this module, and which
// third-party libraries are its own. A path stands for itself and for what
// lies below it; the longest one that fits a package is its room. A package
// without a room fails: a new one is given its place here.
var rooms = map[string][]string{
	"internal/disclosure":       {},
	"internal/fetch":            {"internal/disclosure"},
	"internal/people":           {"internal/disclosure"},
	"internal/filing":           {"internal/disclosure", "internal/people"},
	"internal/calendar":         {"internal/disclosure"},
	"internal/check":            {"internal/disclosure", "internal/calendar"}, // calendar for the law's last day
	"internal/check/expression": {"internal/disclosure"},
	"internal/anomaly":          {"internal/disclosure"},
	"internal/anomaly/evaluate": {"internal/disclosure", "internal/anomaly", "internal/demo", "internal/check"}, // check in its tests: faults that rules find

	"internal/intake":           {"internal/disclosure"},
	"internal/intake/document":  {"internal/disclosure"},
	"internal/intake/gather":    {"internal/disclosure"},
	"internal/intake/reader":    {"internal/disclosure", "internal/intake/document"},
	"internal/intake/worker":    {"internal/disclosure", "internal/intake/document", "internal/intake/reader"},
	"internal/intake/interpret": {"internal/disclosure", "internal/intake/document"},

	"internal/ledger": {"internal/disclosure", "internal/calendar", "internal/intake/document",
		"internal/intake/reader", "internal/check"}, // reader and check in its tests: ledgers as offices keep them, and the sums
	"internal/issue":            {"internal/disclosure", "internal/calendar", "internal/people", "internal/intake/document"},
	"internal/bulletin":         {"internal/disclosure", "internal/check"},                                                         // its tests read every document back with the intake
	"internal/bulletin/notice":  {"internal/disclosure", "internal/calendar", "internal/issue", "internal/bulletin", "dashboards"}, // its charts are the pages' own
	"internal/bulletin/word":    {},
	"internal/bulletin/picture": {},

	"internal/mail": {"internal/disclosure"},

	"internal/chdb":    {},
	"internal/control": {"internal/disclosure", "internal/intake/gather"},
	"sql":              {},
	"internal/store":   {"internal/disclosure", "internal/chdb", "sql"},

	"internal/demo": {"internal/disclosure", "internal/people", "internal/issue", "internal/calendar", "internal/check"}, // check in its tests: planted faults must be found
	"internal/office": {
		"internal/disclosure",
		"internal/calendar",
		"internal/people",
		"internal/filing",
		"internal/check",
		"internal/anomaly",
		"internal/intake",
		"internal/ledger",
		"internal/issue",
		"internal/bulletin",
		"internal/fetch",
		"internal/mail",
		"internal/store",
	},

	"internal/bench": {"internal", "dashboards", "sql"}, // it measures all of it

	"dashboards": {"internal/disclosure"},
	"internal/web": {
		"internal/disclosure",
		"internal/people",
		"internal/filing",
		"internal/calendar", // for what a due time is
		"internal/check",    // for what a Finding is
		"internal/check",    // for what a Finding is
		"internal/issue",    // for what an Issue is, its states and acts
		"internal/office",
		"internal/bulletin",
		"dashboards",
	},
	"cmd": {"internal", "dashboards", "sql"},

	"internal/house": {},
	"deploy":         {},
}

// owners lists libraries that only some rooms may import: what is around a
// library stays replaceable only while it has one door.
var owners = map[string][]string{
	"github.com/ClickHouse/clickhouse-go/v2": {"internal/store", "internal/chdb"}, // chdb answers its protocol
	"github.com/ebitengine/purego":           {"internal/chdb"},
	"github.com/labstack/echo/v4":            {"internal/web"},
	"github.com/go-echarts/go-echarts/v2":    {"dashboards"},
	"github.com/PuerkitoBio/goquery":         {"internal/intake/reader"},
	"github.com/klippa-app/go-pdfium":        {"internal/intake/reader"},
	"github.com/expr-lang/expr":              {"internal/check/expression"},
	"github.com/alecthomas/kong":             {"cmd"},
	"github.com/dop251/goja":                 {"internal/bulletin/picture"},
	"github.com/alexedwards/scs/v2":          {"internal/web"},
	"github.com/wneessen/go-mail":            {"internal/mail"},
	"github.com/alexedwards/argon2id":        {"internal/office"},
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		room, may := roomOf(p.path)
		if may == nil {
			t.Errorf("%s has no room: give it one in rooms, and its imports with it", p.path)
			continue
		}
		for _, imported := range p.imports {
			if inner, ours := strings.CutPrefix(imported, module+"/"); ours {
				if !within(inner, room) && !slices.ContainsFunc(may, func(allowed string) bool { return within(inner, allowed) }) {
					t.Errorf("%s imports %s: room %s may import %v only", p.path, inner, room, may)
				}
				continue
			}
			for library, doors := range owners {
				if within(imported, library) && !slices.ContainsFunc(doors, func(door string) bool { return within(p.path, door) }) {
					t.Errorf("%s imports %s: only %v may", p.path, imported, doors)
				}
			}
		}
	}
}

// Every room stands for a package that is there; a rule for nothing would
// hide a misspelt one.
func TestRoomsExist(t *testing.T) {
	for room := range rooms {
		if !slices.ContainsFunc(packages(t), func(p listed) bool { return within(p.path, room) }) {
			t.Errorf("room %s has no package", room)
		}
	}
}

func TestNoGenericPackages(t *testing.T) {
	generic := []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "types"}
	for _, p := range packages(t) {
		if slices.Contains(generic, p.name) {
			t.Errorf("%s is called %s: name it after what it holds", p.path, p.name)
		}
	}
}

func roomOf(path string) (room string, may []string) {
	for candidate, allowed := range rooms {
		if within(path, candidate) && len(candidate) > len(room) {
			room, may = candidate, allowed
		}
	}
	return room, may
}

// within says whether path is parent or lies below it.
func within(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}
