package office

import (
	"context"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/issue"
	"mingjing/internal/people"

	"github.com/google/uuid"
)

// issueColumnsPrefix is of the settings that hold what heads of lists mean.
const issueColumnsPrefix = "issue-columns/"

// issueMapping is a person's mapping, or the remembered or proposed one; known
// says that a person has confirmed all of it, now or before.
func (o *Office) issueMapping(ctx context.Context, doc *document.Document, given *issue.Mapping) (m issue.Mapping, known bool, err error) {
	if given != nil {
		return *given, true, given.Validate()
	}
	proposed, err := issue.Propose(doc)
	if err != nil {
		return proposed, false, err
	}
	m, known = proposed.Remember(func(print string) (issue.Head, bool) {
		var h issue.Head
		seq, settingErr := o.setting(ctx, issueColumnsPrefix+print, &h)
		if settingErr != nil {
			err = settingErr
		}
		return h, seq != 0
	})
	return m, known, err
}

// rememberIssueColumns keeps what heads mean. Evaluators do so too: it is said
// of the file's shape, not of the district.
func (o *Office) rememberIssueColumns(ctx context.Context, v people.Visitor, m issue.Mapping) error {
	for _, h := range m.Heads {
		held := issue.Head{}
		id := issueColumnsPrefix + h.Fingerprint
		seen, err := o.setting(ctx, id, &held)
		if err != nil {
			return err
		}
		h.Places, h.Columns = nil, slices.Clone(h.Columns)
		for k := range h.Columns {
			h.Columns[k].Samples = nil // texts of a list are no setting
		}
		if seen != 0 && slices.EqualFunc(held.Columns, h.Columns, func(a, b issue.Column) bool { return a.Role == b.Role }) {
			continue
		}
		// Somebody else who confirmed the same heads meanwhile has the last word.
		if err := o.putSetting(ctx, v, id, h, seen, uuid.NewString()); err != nil && disclosure.CodeOf(err) != disclosure.ErrConflict {
			return err
		}
	}
	return nil
}
