// Package word writes Word documents (.docx) in the layout of official ones
// (GB/T 9704-2012), on the standard library alone. It knows paragraphs, tables
// and pictures, nothing of reports. The same calls give the same bytes.
//
// Lengths are in millimetres (page, pictures, column widths) and points (type).
package word

// Fonts by the names that GB/T 9704 and the offices' machines use. They are
// named, never embedded: 方正小标宋 and 仿宋_GB2312 are not free. Where one is
// missing, the font table sends Word, WPS and LibreOffice to its alternates.
const (
	FontTitle = "方正小标宋_GBK" // 二号, titles
	FontBody  = "仿宋_GB2312" // 三号, text
	FontHei   = "黑体"        // headings 一、
	FontKai   = "楷体_GB2312" // headings (一)
	FontSong  = "宋体"        // page numbers, tables
)

// alternates are the fonts to be taken where one is missing, best first.
var alternates = []struct {
	name  string
	other string
}{
	{FontTitle, "方正小标宋简体,FZXiaoBiaoSong-B05S,宋体,SimSun"},
	{FontBody, "仿宋,FangSong,FangSong_GB2312"},
	{FontHei, "SimHei,微软雅黑"},
	{FontKai, "楷体,KaiTi,KaiTi_GB2312"},
	{FontSong, "SimSun,NSimSun"},
}

// Sizes of type in points, by their Chinese names.
const (
	SizeTitle  = 22.0 // 二号
	SizeBody   = 16.0 // 三号
	SizePage   = 14.0 // 四号
	SizeSmall4 = 12.0 // 小四
	Size5      = 10.5 // 五号
	SizeSmall5 = 9.0  // 小五
	Size6      = 7.5  // 六号
)

// LinePitch is the distance of lines in points that puts 22 lines on a page:
// 225 mm of type area.
const LinePitch = 28.95
