package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// Accounts in bulk: the template is filled in Excel, uploaded, looked at, and
// created; each good row gets a slip, a bad one a sentence.
func TestAccountsFromAWorkbook(t *testing.T) {
	x := openFilesDesk(t)
	f := excelize.NewFile()
	defer f.Close()
	values := map[string][]string{"账号": {"xlsx.jia", "xlsx.yi", "xlsx.bing"}, "姓名": {"表甲", "表乙", "表丙"}, "角色": {"填报员", "审核员、填报员", "科员"}, "单位": {"清源区教育局", "清源区水利局", "清源区教育局"}}
	for c, head := range office.AccountListHeads {
		for r, v := range append([]string{head}, values[head]...) {
			at, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err == nil {
				err = f.SetCellValue("Sheet1", at, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	book, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	preview := post(t, x, supervisor, "/admin/accounts/list", nil, sentFile{"file", "账号名单.xlsx", book.Bytes()})
	expect(t, "the preview", preview, http.StatusOK, "xlsx.jia", "表乙", "没有名为“科员”的角色")
	typed := regexp.MustCompile(`name="rows" value="([^"]*)"`).FindStringSubmatch(preview.Body.String())
	if typed == nil {
		t.Fatal("the preview offers nothing to create")
	}
	w := ask(x, supervisor, POST, "/admin/accounts/list/create", url.Values{"rows": {html.UnescapeString(typed[1])}, "act": {uuid.NewString()}})
	slips := ask(x, supervisor, GET, w.Header().Get("Location"), nil)
	expect(t, "the slips", slips, http.StatusOK, "xlsx.jia", "xlsx.yi", "表甲")
	if strings.Contains(slips.Body.String(), "xlsx.bing") {
		t.Error("a row with a problem was created")
	}
	p := visitorFor(t, x, "xlsx.yi")
	if len(p.Grants) != 2 || p.Grants[0].Unit != 5 || p.Grants[1].Unit != 5 || !p.MustChange {
		t.Errorf("created as %+v", p.Person)
	}
	expect(t, "no workbook", post(t, x, supervisor, "/admin/accounts/list", nil, sentFile{"file", "a.xlsx", []byte("nothing")}), http.StatusBadRequest)
	expect(t, "a filer", post(t, x, filer, "/admin/accounts/list", nil, sentFile{"file", "账号名单.xlsx", book.Bytes()}), http.StatusForbidden)
}
