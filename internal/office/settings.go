package office

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Settings are what a district decides about its work; the zero value is what
// is shipped.
type Settings struct {
	// OwnApproval lets a person review or approve what the same person filed.
	OwnApproval bool `json:"own_approval"`
	// Notice stands on every page; "" is the shipped sentence.
	Notice string `json:"notice,omitempty"`
	// NoAnnex: the local tables are not asked for with the report.
	NoAnnex bool `json:"no_annex,omitempty"`
	// Contact is who units ask, for slips and notices: 张三 0519-12345678.
	Contact string `json:"contact,omitempty"`
	// Office is the office's name on notices and slips: 某区人民政府办公室.
	Office string `json:"office,omitempty"`
}

const settingsID = "settings"

// Settings returns the settings in force, and the seq that a change gives as seen.
func (o *Office) Settings(ctx context.Context) (Settings, uint64, error) {
	var s Settings
	seq, err := o.setting(ctx, settingsID, &s)
	return s, seq, err
}

// PutSettings changes the settings; the change is an act in the log.
// Errors: ErrForbidden, ErrConflict when somebody else changed them meanwhile.
func (o *Office) PutSettings(ctx context.Context, v people.Visitor, s Settings, seen uint64, act string) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindSetting); err != nil || done {
		return err
	}
	s.Notice, s.Contact, s.Office = strings.TrimSpace(s.Notice), strings.TrimSpace(s.Contact), strings.TrimSpace(s.Office)
	if utf8.RuneCountInString(s.Notice) > 200 || utf8.RuneCountInString(s.Contact) > 100 || utf8.RuneCountInString(s.Office) > 60 {
		return disclosure.Errorf(disclosure.ErrInvalid, "页面提示不超过200个字,联系人不超过100个字,办公室名称不超过60个字。")
	}
	return o.conflictBy(ctx, o.putSetting(ctx, v, settingsID, s, seen, act), store.KindSetting, settingsID)
}

// SettingsPast are the last changes of the settings, newest first, each with
// what it changed. Error: ErrForbidden.
func (o *Office) SettingsPast(ctx context.Context, v people.Visitor, most int) ([]AuditEntry, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return nil, err
	}
	return o.settingPast(ctx, v, settingsID, most)
}

// settingPast are the last changes of one setting.
func (o *Office) settingPast(ctx context.Context, v people.Visitor, id string, most int) ([]AuditEntry, error) {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindSetting, ID: id, Newest: true, Limit: most + 1, States: true})
	if err != nil {
		return nil, err
	}
	reader, err := o.auditReader(ctx, v)
	if err != nil {
		return nil, err
	}
	var out []AuditEntry
	for i, e := range entries[:min(most, len(entries))] {
		var before json.RawMessage
		if i+1 < len(entries) {
			before = entries[i+1].State
		}
		out = append(out, AuditEntry{AuditLine: reader.line(e), Fields: reader.changes(e.Kind, before, e.State)})
	}
	return out, nil
}

// settingEntries are the latest states of all settings by id.
func (o *Office) settingEntries(ctx context.Context) (map[string]store.LogEntry, error) {
	return cachedOf(ctx, o, "settings", ofSettings, nil, func() (map[string]store.LogEntry, error) {
		entries, err := o.store.States(ctx, store.KindSetting)
		if err != nil {
			return nil, err
		}
		out := make(map[string]store.LogEntry, len(entries))
		for _, e := range entries {
			out[e.ID] = e
		}
		return out, nil
	})
}

// setting reads a setting into what; it is left as it is when nobody has set
// it. The seq is 0 then.
func (o *Office) setting(ctx context.Context, id string, what any) (uint64, error) {
	entries, err := o.settingEntries(ctx)
	if err != nil {
		return 0, err
	}
	e, ok := entries[id]
	if !ok {
		return 0, nil
	}
	if err := json.Unmarshal(e.State, what); err != nil {
		return 0, disclosure.Errorf(disclosure.ErrInternal, "设置“%s”损坏,请联系维护人员。", id).Because(err)
	}
	return e.Seq, nil
}

func (o *Office) putSetting(ctx context.Context, v people.Visitor, id string, what any, seen uint64, act string) error {
	verb := store.VerbChange
	if seen == 0 {
		verb = store.VerbCreate
	}
	return o.append(ctx, v, act, store.Entry{Kind: store.KindSetting, ID: id, Verb: verb, Seen: seen, State: what})
}
