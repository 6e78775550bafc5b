package office

import (
	"context"
	"encoding/json"
	"time"

	"mingjing/internal/store"
)

// SettingChange is one change of a setting, for its history.
type SettingChange struct {
	Time time.Time
	By   string // the person's name, the account where there is none
	Verb store.Verb
	// State is the setting afterwards, Before what it was; nil for the first.
	State, Before json.RawMessage
	Seq           uint64
}

// mostChanges bounds a history on a page; the audit holds all.
const mostChanges = 60

// settingChanges is a setting's history, newest first.
func (o *Office) settingChanges(ctx context.Context, id string) ([]SettingChange, error) {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindSetting, ID: id, Newest: true, States: true, Limit: mostChanges + 1})
	if err != nil {
		return nil, err
	}
	d, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	var out []SettingChange
	for i, e := range entries {
		c := SettingChange{Time: e.Time, By: d.nameOf(e.Actor.Name), Verb: e.Verb, State: e.State, Seq: e.Seq}
		if i+1 < len(entries) {
			c.Before = entries[i+1].State
		}
		out = append(out, c)
	}
	return out[:min(len(out), mostChanges)], nil
}
