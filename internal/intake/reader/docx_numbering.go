package reader

import (
	"context"
	"encoding/xml"
	"strings"
)

// wordStyle is what of a style bears on text: its automatic number, and
// how it is shown. Zero for a style that the file does not define.
type wordStyle struct {
	basedOn string
	number  wordNumber
	hidden  bool
	struck  bool // crossed out
	raised  bool // set above or below the line
	isBase  bool // the default paragraph style
}

// wordNumber is a paragraph's w:numPr.
type wordNumber struct {
	style    string
	id       int // w:numId; 0 switches numbering off when direct
	direct   bool
	level    int
	hasLevel bool
}

func readWordStyles(ctx context.Context, a *archive, part string) (map[string]wordStyle, error) {
	styles := map[string]wordStyle{}
	data, found, err := a.part(part)
	if err != nil || !found {
		return styles, err
	}
	c := newXMLCursor(ctx, data)
	if _, err := c.root(); err != nil {
		return nil, a.damaged(err)
	}
	err = c.each(func(e xml.StartElement) error {
		if e.Name.Local != "style" {
			return c.skip()
		}
		id := attr(e, "styleId")
		s := wordStyle{isBase: attr(e, "type") == "paragraph" && attr(e, "default") == "1"}
		err := c.each(func(p xml.StartElement) error {
			switch p.Name.Local {
			case "basedOn":
				s.basedOn = attr(p, "val")
			case "pPr":
				return c.each(func(q xml.StartElement) error {
					if q.Name.Local != "numPr" {
						return c.skip()
					}
					return c.each(func(n xml.StartElement) error {
						switch n.Name.Local {
						case "numId":
							s.number.id, s.number.direct = intAttr(n, "val", 0), true
						case "ilvl":
							s.number.level, s.number.hasLevel = intAttr(n, "val", 0), true
						}
						return c.skip()
					})
				})
			case "rPr":
				return c.each(func(q xml.StartElement) error {
					switch q.Name.Local {
					case "vanish":
						s.hidden = onOff(q)
					case "strike", "dstrike":
						s.struck = onOff(q)
					case "vertAlign":
						s.raised = isRaised(q)
					}
					return c.skip()
				})
			}
			return c.skip()
		})
		styles[id] = s
		if s.isBase {
			styles[""] = s
		}
		return err
	})
	if err != nil {
		return nil, a.damaged(err)
	}
	return styles, nil
}

// numberLevel is one w:lvl: how a level counts and prints.
type numberLevel struct {
	start    int
	format   string // w:numFmt: decimal, chineseCountingThousand, bullet ...
	text     string // w:lvlText: "%1、", "(%2)"
	legal    bool   // every number in it printed as decimal
	restarts int    // -1: after any higher level; 0: never; n: after level n
	style    string // a paragraph style that carries this level
}

// numberList is one w:abstractNum, with the counters of the text so far.
type numberList struct {
	levels    [9]numberLevel
	counts    [9]int
	started   [9]bool
	styleLink string // the numbering style this list defines
	linksTo   string // the numbering style this list borrows
}

// numberInstance is one w:num: a list, with levels overridden.
type numberInstance struct {
	list     int
	restart  map[int]int
	override map[int]numberLevel
	used     map[int]bool
}

// numbering writes out automatic numbers, because parts of a report are
// recognised by their printed headings (一、总体情况).
type numbering struct {
	lists     map[int]*numberList
	instances map[int]*numberInstance
}

func readNumbering(ctx context.Context, a *archive, part string) (*numbering, error) {
	n := &numbering{lists: map[int]*numberList{}, instances: map[int]*numberInstance{}}
	data, found, err := a.part(part)
	if err != nil || !found {
		return n, err
	}
	c := newXMLCursor(ctx, data)
	if _, err := c.root(); err != nil {
		return nil, a.damaged(err)
	}
	err = c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNum":
			return n.readList(c, intAttr(e, "abstractNumId", -1))
		case "num":
			return n.readInstance(c, intAttr(e, "numId", -1))
		}
		return c.skip()
	})
	if err != nil {
		return nil, a.damaged(err)
	}
	n.resolveLinks()
	return n, nil
}

func (n *numbering) readList(c *xmlCursor, id int) error {
	list := &numberList{}
	n.lists[id] = list
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "lvl":
			at := intAttr(e, "ilvl", -1)
			level, err := readNumberLevel(c)
			if at >= 0 && at < len(list.levels) {
				list.levels[at] = level
			}
			return err
		case "styleLink":
			list.styleLink = attr(e, "val")
		case "numStyleLink":
			list.linksTo = attr(e, "val")
		}
		return c.skip()
	})
}

func readNumberLevel(c *xmlCursor) (numberLevel, error) {
	level := numberLevel{format: "decimal", restarts: -1}
	err := c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "start":
			level.start = intAttr(e, "val", 0)
		case "numFmt":
			level.format = attr(e, "val")
		case "lvlText":
			level.text = attr(e, "val")
		case "isLgl":
			level.legal = onOff(e)
		case "lvlRestart":
			level.restarts = intAttr(e, "val", -1)
		case "pStyle":
			level.style = attr(e, "val")
		case "AlternateContent":
			// Newer formats stand in a Choice with the plain one as Fallback.
			return c.each(func(b xml.StartElement) error {
				if b.Name.Local != "Fallback" {
					return c.skip()
				}
				return c.each(func(f xml.StartElement) error {
					if f.Name.Local == "numFmt" {
						level.format = attr(f, "val")
					}
					return c.skip()
				})
			})
		}
		return c.skip()
	})
	return level, err
}

func (n *numbering) readInstance(c *xmlCursor, id int) error {
	inst := &numberInstance{list: -1, restart: map[int]int{}, override: map[int]numberLevel{}, used: map[int]bool{}}
	n.instances[id] = inst
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNumId":
			inst.list = intAttr(e, "val", -1)
		case "lvlOverride":
			at := intAttr(e, "ilvl", -1)
			return c.each(func(o xml.StartElement) error {
				switch o.Name.Local {
				case "startOverride":
					inst.restart[at] = intAttr(o, "val", 1)
				case "lvl":
					level, err := readNumberLevel(c)
					inst.override[at] = level
					return err
				}
				return c.skip()
			})
		}
		return c.skip()
	})
}

// resolveLinks gives lists that only name a numbering style that style's levels.
func (n *numbering) resolveLinks() {
	byStyle := map[string]*numberList{}
	for _, list := range n.lists {
		if list.styleLink != "" {
			byStyle[list.styleLink] = list
		}
	}
	for _, list := range n.lists {
		if source := byStyle[list.linksTo]; list.linksTo != "" && source != nil {
			list.levels = source.levels
		}
	}
}

// next counts the paragraph in and returns its printed number, "" for none.
// It must be called once a paragraph, in the order of the text.
func (n *numbering) next(styles map[string]wordStyle, p wordNumber) string {
	p, style := effectiveNumber(styles, p)
	inst := n.instances[p.id]
	if !p.direct || p.id == 0 || inst == nil || n.lists[inst.list] == nil {
		return ""
	}
	list := n.lists[inst.list]
	if !p.hasLevel {
		for i, level := range list.levels {
			if level.style != "" && level.style == style {
				p.level = i
			}
		}
	}
	if p.level < 0 || p.level >= len(list.levels) {
		return ""
	}
	list.count(p.level, inst)
	return list.print(p.level, inst)
}

// effectiveNumber follows the paragraph's style chain to a numPr; style is the
// one that has it.
func effectiveNumber(styles map[string]wordStyle, p wordNumber) (found wordNumber, style string) {
	if p.direct {
		return p, p.style
	}
	style = p.style
	for range 16 { // a chain of styles may be a ring
		s, ok := styles[style]
		if !ok {
			break
		}
		if s.number.hasLevel && !p.hasLevel {
			p.level, p.hasLevel = s.number.level, true
		}
		if s.number.direct {
			p.id, p.direct = s.number.id, true
			return p, style
		}
		if s.basedOn == "" {
			break
		}
		style = s.basedOn
	}
	return p, style
}

func (l *numberList) level(at int, inst *numberInstance) numberLevel {
	if o, ok := inst.override[at]; ok {
		return o
	}
	return l.levels[at]
}

// count advances the level and restarts those below it (ECMA-376 17.9.10).
func (l *numberList) count(at int, inst *numberInstance) {
	for i := range at {
		if !l.started[i] {
			l.counts[i], l.started[i] = l.level(i, inst).start, true
		}
	}
	start, restart := inst.restart[at]
	switch {
	case restart && !inst.used[at]:
		l.counts[at] = start
	case !l.started[at]:
		l.counts[at] = l.level(at, inst).start
	case l.counts[at] < 1<<20:
		l.counts[at]++
	}
	inst.used[at], l.started[at] = true, true
	for i := at + 1; i < len(l.levels); i++ {
		if r := l.level(i, inst).restarts; r < 0 || (r > 0 && at < r) {
			l.started[i] = false
		}
	}
}

func (l *numberList) print(at int, inst *numberInstance) string {
	level := l.level(at, inst)
	if level.format == "bullet" || level.format == "none" && !strings.Contains(level.text, "%") {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(level.text); i++ {
		if level.text[i] == '%' && i+1 < len(level.text) && level.text[i+1] >= '1' && level.text[i+1] <= '9' {
			of := int(level.text[i+1] - '1')
			format := l.level(of, inst).format
			if level.legal {
				format = "decimal"
			}
			b.WriteString(printNumber(format, l.counts[of]))
			i++
			continue
		}
		b.WriteByte(level.text[i])
	}
	return b.String()
}
