package office

import (
	"context"
	"fmt"

	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
)

// DUE-R1 says which rung of the escalation ladder was reached. The ladder, the
// plan and the days are settings, and for a unit that filed nothing time goes
// on, so the rung is put to the text when a finding is shown and is not kept.

const lateRule = "DUE-R1"

// escalated says of late reports among a unit's findings which rung had been
// reached on the day that they were handed in.
func (o *Office) escalated(ctx context.Context, found []check.Finding, u *disclosure.Unit, year disclosure.Year) error {
	for i := range found {
		if found[i].Rule != lateRule {
			continue
		}
		day, err := calendar.ParseDate(found[i].Actual)
		if err != nil {
			continue // nothing was handed in, or the wording is an older one
		}
		plan, _, err := o.plan(ctx, year)
		if err != nil {
			return err
		}
		ladder, _, err := o.ladder(ctx)
		if err != nil {
			return err
		}
		workdays, err := o.Workdays(ctx)
		if err != nil {
			return err
		}
		stage := calendar.Stage(ladder, dueOf(&plan, u, calendar.StepFinal).Applies, day.Start(), workdays)
		if stage.Reached != nil {
			found[i].Message += fmt.Sprintf("报送时催办已到“%s”(%s起)。", stage.Reached.Name, stage.Since.Chinese())
		}
	}
	return nil
}

// silentFindings are DUE-R1 on units that filed nothing, with the rung that
// each has reached by now.
func (o *Office) silentFindings(ctx context.Context, year disclosure.Year, units []*disclosure.Unit) ([]check.Finding, error) {
	if len(units) == 0 {
		return nil, nil
	}
	_, lines, err := o.progressLines(ctx, year)
	if err != nil {
		return nil, err
	}
	out := make([]check.Finding, len(units))
	for i, u := range units {
		out[i] = check.Silent(year, u)
		for _, l := range lines {
			if l.Unit.Number == u.Number && l.Stage.Reached != nil {
				out[i].Message += "催办" + l.Stage.Sentence()
			}
		}
	}
	return out, nil
}
