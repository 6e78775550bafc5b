package web

import (
	"net/http/httptest"
	"testing"

	"mingjing/dashboards"

	cd "github.com/chromedp/chromedp"
)

// A supervisor chooses two matters on the list and finds them false alarms; what
// is left open stands as a mark on the unit's chart, and the mark leads to it.
func TestMarkingInABrowser(t *testing.T) {
	x := openDesk(t)
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handlerAs(supervisor))
	defer server.Close()
	// The one anomaly of the district that a chart of the unit page shows.
	do(t, ctx, cd.EmulateViewport(1366, 768), cd.Navigate(server.URL+"/matters?year=2024&rule=anomaly-"), cd.WaitReady("body[data-ready]"))
	if *pictures != "" {
		keepPicture(t, ctx, "matters-anomalies.png")
	}
	do(t, ctx, cd.Navigate(server.URL+"/units/2"), cd.WaitReady("body[data-ready]"))
	flags := evaluate[int](t, ctx, `document.querySelectorAll('table.rows a.flag').length`)
	drawn := evaluate[int](t, ctx, `Array.from(document.querySelectorAll('script[type="application/json"]')).filter(s => s.textContent.includes('"markPoint"')).length`)
	signs := evaluate[int](t, ctx, `document.querySelectorAll('.chart svg path[fill="`+dashboards.ColorError+`"][stroke="#ffffff"]').length`)
	if signs < drawn {
		t.Errorf("%d charts have marks, %d signs are drawn", drawn, signs)
	}
	if flags == 0 || drawn == 0 {
		t.Fatalf("%d marks in the tables and %d on the charts", flags, drawn)
	}
	if *pictures != "" {
		keepPicture(t, ctx, "unit-marked.png")
	}
	do(t, ctx, cd.Navigate(server.URL+evaluate[string](t, ctx, `document.querySelector('table.rows a.flag').getAttribute('href')`)), cd.WaitReady("body[data-ready]"))
	if !evaluate[bool](t, ctx, `!!document.querySelector('.matter, .matter-page')`) {
		t.Error("the mark does not lead to the matter")
	}
	// Marking: nothing chosen, no fields; all chosen, one reason for all.
	do(t, ctx, cd.Navigate(server.URL+"/matters?unit=2&year=2022&state=open"), cd.WaitReady("body[data-ready]"))
	before := evaluate[int](t, ctx, `document.querySelectorAll('.matter').length`)
	if before == 0 || evaluate[bool](t, ctx, `document.querySelector('.mark-fields').offsetHeight > 0`) {
		t.Fatalf("%d matters; the fields are shown before anything is chosen", before)
	}
	evaluate[bool](t, ctx, `(() => { document.querySelector('input[name="matter"]').click(); return true })()`)
	until(t, ctx, `document.querySelector('.mark-fields').offsetHeight > 0 && document.getElementById('chosen-count').textContent.endsWith(' 1')`)
	if *pictures != "" {
		keepPicture(t, ctx, "matters-choosing.png")
	}
	evaluate[bool](t, ctx, `(() => { document.querySelector('input[value="dismissed"]').click(); document.querySelector('textarea[name="reason"]').value = '规则误判,已核对原件';
		document.querySelector('.mark-bar button').click(); return true })()`)
	until(t, ctx, `document.querySelector('.banner.is-done') && document.body.getAttribute('data-ready')`)
	if after := evaluate[int](t, ctx, `document.querySelectorAll('.matter').length`); after != before-1 {
		t.Errorf("%d open matters after one of %d was marked", after, before)
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the console says: %v", said)
	}
}
