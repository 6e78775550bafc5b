package interpret

// placed is a printed line that was recognised as a row of the form.
type placed struct {
	line  *line
	row   int     // index in vocabulary.rows
	label int     // index of the label cell in line.cells; -1 without one
	base  float64 // similarity of the label
	score float64
	how   string // "" when the label is certain, else why it was taken
}

// candidate is a line with the rows that it may be.
type candidate struct {
	line   *line
	labels map[int]int // row -> index of the label cell
	hits   []hit
}

const (
	skipCost    = 0.02 // per recognisable line passed over inside a table
	groupBonus  = 0.15
	groupMalus  = 0.35
	valueBonus  = 0.10
	blankMalus  = 0.05
	hitFloor    = 0.35
	headingNeed = 0.95 // headings over blocks are short and alike: 第(五)项, 第(六)项
)

// matcher recognises the rows of one form in lines.
type matcher struct{ v *vocabulary }

// mostRemembered bounds the labels that a vocabulary remembers: those of many
// reports are the same few hundred, misprints apart.
const mostRemembered = 8192

func (m *matcher) hits(l label) []hit {
	key := l.number + "\x00" + l.full
	if h, ok := m.v.seen.Load(key); ok {
		return h.([]hit)
	}
	h := m.v.rowHits(l)
	if m.v.remembered.Add(1) < mostRemembered {
		m.v.seen.Store(key, h)
	}
	return h
}

// isRow says that a label is certainly one of the form's rows.
func (m *matcher) isRow(l label) bool {
	for _, i := range m.v.exact[l.text] {
		if m.v.rows[i].axis != nil {
			return true
		}
	}
	return false
}

// candidates lists the lines that may be rows. around gives the lines before
// and after, for labels that are folded over several lines.
func (m *matcher) candidates(lines []*line) []candidate {
	var out []candidate
	for i, ln := range lines {
		if c := m.candidate(ln); len(c.hits) > 0 {
			out = append(out, c)
			continue
		}
		if c := m.folded(lines, i); len(c.hits) > 0 {
			out = append(out, c)
		}
	}
	return out
}

func (m *matcher) candidate(ln *line) candidate {
	c := candidate{line: ln, labels: map[int]int{}}
	if ln.inner < 0 {
		return c
	}
	m.add(&c, ln.inner, ln.cells[ln.inner].label, 0)
	for i := ln.inner - 1; i >= ln.first && len(c.hits) == 0; i-- {
		if ln.cells[i].class == classText {
			m.add(&c, i, ln.cells[i].label, 0.03)
		}
	}
	if len(c.hits) == 0 && ln.inner > ln.first {
		joined := ""
		for _, lc := range ln.cells[ln.first : ln.inner+1] {
			joined += lc.cell.Text
		}
		m.add(&c, ln.inner, foldLabel(joined), 0.02)
	}
	return c
}

// folded tries a line without a known label together with the text lines
// around it: a label over three lines with the numbers on the middle one.
func (m *matcher) folded(lines []*line, i int) candidate {
	ln := lines[i]
	c := candidate{line: ln, labels: map[int]int{}}
	if ln.values == 0 || ln.sheet.run {
		return c
	}
	own, before, after := "", "", ""
	if ln.inner >= 0 {
		own = ln.cells[ln.inner].cell.Text
	}
	if i > 0 && lines[i-1].sheet == ln.sheet {
		before = loneText(lines[i-1])
	}
	if i+1 < len(lines) && lines[i+1].sheet == ln.sheet {
		after = loneText(lines[i+1])
	}
	if before == "" && after == "" {
		return c
	}
	for _, text := range []string{before + own + after, before + own, own + after} {
		if text != "" && text != own {
			if m.add(&c, ln.inner, foldLabel(text), 0.02); len(c.hits) > 0 {
				return c
			}
		}
	}
	return c
}

func loneText(ln *line) string {
	if ln.inner < 0 || ln.values > 0 {
		return ""
	}
	return ln.cells[ln.inner].cell.Text
}

func (m *matcher) add(c *candidate, at int, l label, cost float64) {
	for _, h := range m.hits(l) {
		r := &m.v.rows[h.row]
		if r.axis == nil {
			if h.score < headingNeed {
				continue
			}
		} else if at+1 >= len(c.line.cells) {
			continue // a row has cells behind its label
		}
		h.score -= cost
		h.score += m.groupFit(c.line, at, r)
		if r.axis != nil {
			if c.line.values > 0 {
				h.score += valueBonus
			} else {
				h.score -= blankMalus
			}
		} else if c.line.values > 0 {
			h.score -= groupMalus
		}
		if h.score < hitFloor {
			continue
		}
		c.hits = append(c.hits, h)
		c.labels[h.row] = at
	}
}

// groupFit weighs the merged cells before the label: they must not be those of
// another row of the same name.
func (m *matcher) groupFit(ln *line, at int, r *formRow) float64 {
	if at <= 0 || r.axis == nil {
		return 0
	}
	for i := at - 1; i >= 0; i-- {
		if ln.cells[i].class != classText {
			continue
		}
		l := ln.cells[i].label
		for _, g := range r.groups {
			if similarity(l, g) > 0 {
				return groupBonus
			}
		}
		for j := range m.v.rows {
			for _, g := range m.v.rows[j].groups {
				if l.text == g.text {
					return -groupMalus
				}
			}
		}
		return 0
	}
	return 0
}

// align finds the best assignment of lines to rows in which both keep their
// order (a local alignment): lines may be passed over at a small cost, rows
// for nothing.
func align(cands []candidate, rows int) []placed {
	n := len(cands)
	if n == 0 {
		return nil
	}
	// best[i*rows+r]: the best alignment whose last pair is candidate i and row r.
	type cell struct {
		score float64
		from  int32
	}
	best := make([]cell, n*rows)
	// reach[r]: the best alignment so far that ends at a row < r, its cost of
	// skipping paid up to the present line.
	type reached struct {
		score float64
		at    int32
	}
	ends := make([]reached, rows)
	for r := range ends {
		ends[r].at = -1
	}
	top, topAt := 0.0, int32(-1)
	prefix := make([]reached, rows+1)
	for i, c := range cands {
		prefix[0] = reached{0, -1}
		for r := range rows {
			prefix[r+1] = prefix[r]
			if ends[r].at >= 0 && ends[r].score > prefix[r+1].score {
				prefix[r+1] = ends[r]
			}
			ends[r].score -= skipCost
		}
		for _, h := range c.hits {
			at := int32(i*rows + h.row)
			from := prefix[h.row]
			best[at] = cell{from.score + h.score, from.at}
			if ends[h.row].at < 0 || best[at].score > ends[h.row].score {
				ends[h.row] = reached{best[at].score, at}
			}
			if best[at].score > top {
				top, topAt = best[at].score, at
			}
		}
	}
	var out []placed
	for at := topAt; at >= 0; at = best[at].from {
		i, r := int(at)/rows, int(at)%rows
		p := placed{line: cands[i].line, row: r, label: cands[i].labels[r]}
		for _, h := range cands[i].hits {
			if h.row == r {
				p.base, p.score = h.base, h.score
			}
		}
		out = append(out, p)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}
