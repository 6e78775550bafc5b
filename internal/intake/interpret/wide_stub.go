package interpret
import ("mingjing/internal/intake/document")
type longCols struct{}
func longColumns(g *document.Grid) (longCols,bool) {return longCols{},false}
func readLong(g *document.Grid, c longCols, place string, o Options) []*Reading {return nil}
type Mapping struct{}
type NeedsMapping struct{Place string}
func (*NeedsMapping) Error() string {return ""}
func readWide(g *document.Grid, place, file string, o Options) ([]*Reading, *NeedsMapping, bool) {return nil,nil,false}
