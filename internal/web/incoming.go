package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

// slowest is how long a file may be on its way: 100 MB over an office's uplink.
const slowest = 15 * time.Minute

// patient gives a request with a file the time that it takes to arrive.
func patient(c echo.Context) {
	to := http.NewResponseController(c.Response())
	// Not every writer can: then the server's own limits stand.
	_ = to.SetReadDeadline(time.Now().Add(slowest))
	_ = to.SetWriteDeadline(time.Now().Add(slowest + requestLimit))
}

// afresh gives the work behind an upload the usual time again, however long
// the file was on its way.
func afresh(c echo.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.Request().Context()), requestLimit)
}

// sent is a form with files, read into memory: nothing of it touches the disk
// before somebody has decided so.
type sent struct {
	fields url.Values
	files  []sentFile
}

type sentFile struct {
	field, name string
	data        []byte
}

// mostField bounds a field that is no file; pasted pages are the longest.
const mostField = 5 << 20

func receive(c echo.Context) (sent, error) {
	patient(c)
	out := sent{fields: url.Values{}}
	parts, err := c.Request().MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) || errors.Is(err, http.ErrMissingBoundary) {
		form, err := c.FormParams()
		if err != nil {
			return out, received(err)
		}
		out.fields = form
		return out, nil
	}
	if err != nil {
		return out, received(err)
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, received(err)
		}
		if err := out.take(part); err != nil {
			return out, received(err)
		}
	}
}

func (s *sent) take(part *multipart.Part) error {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if _, isFile := params["filename"]; err != nil || isFile {
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if name := part.FileName(); name != "" || len(data) > 0 {
			s.files = append(s.files, sentFile{field: part.FormName(), name: name, data: data})
		}
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(part, mostField+1))
	if err != nil {
		return err
	}
	if len(data) > mostField {
		return disclosure.Errorf(disclosure.ErrInvalid, "填写的内容过长,请改为上传文件。")
	}
	s.fields.Add(part.FormName(), string(data))
	return nil
}

// received gives the failure of a request's body a sentence.
func received(err error) error {
	var known *disclosure.Error
	if tooLarge(err) || errors.As(err, &known) {
		return err
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "文件没有传完整,请检查网络后重新上传。").Because(err)
}

// file is the only file of a form; ErrInvalid without one.
func (s sent) file() (sentFile, error) {
	if len(s.files) == 0 || s.files[0].name == "" && len(s.files[0].data) == 0 {
		return sentFile{}, disclosure.Errorf(disclosure.ErrInvalid, "没有选择文件,请先选择文件。")
	}
	return s.files[0], nil
}

func (s sent) brought() []office.BroughtFile {
	var out []office.BroughtFile
	for _, f := range s.files {
		out = append(out, office.BroughtFile{Name: f.name, Data: f.data})
	}
	return out
}

// sittingOf reads whose report of which year an address is about.
func sittingOf(c echo.Context) (disclosure.UnitNumber, disclosure.Period, error) {
	unit, err := parseUnit(c.Param("unit"))
	if err != nil {
		return 0, disclosure.Period{}, err
	}
	period, err := parsePeriod(c.Param("period"))
	return unit, period, err
}

// mendable says that what was sent can be put right and sent again on the same
// page.
func mendable(err error) bool {
	return err != nil && personsFault(err) && disclosure.CodeOf(err) != disclosure.ErrForbidden
}

// personsFault says that a person can mend what went wrong on the same page.
func personsFault(err error) bool {
	switch disclosure.CodeOf(err) {
	case disclosure.ErrInvalid, disclosure.ErrConflict, disclosure.ErrForbidden:
		var known *disclosure.Error
		return errors.As(err, &known)
	}
	return false
}
