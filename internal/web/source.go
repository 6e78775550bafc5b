package web

import (
	"github.com/labstack/echo/v4"
)

// sourceFile hands out the original file of a report, always as a download: a
// foreign HTML file must not run as a page of this site.
func (s *Server) sourceFile(c echo.Context) error {
	f, err := filterOf(c)
	if err != nil {
		return err
	}
	key, err := reportKeyOf(c)
	if err != nil {
		return err
	}
	file, source, err := s.office.SourceFile(c.Request().Context(), visitor(c), key, f.Basis, c.Param("sum"))
	if err != nil {
		return err
	}
	defer file.Close()
	return handOutAs(c, source.Name, echo.MIMEOctetStream, file)
}
