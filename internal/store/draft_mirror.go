package store

import "sync"

// mostMirrored bounds the states that are held, in bytes; a long report's
// draft takes some 50 kB.
const mostMirrored = 64 << 20

// draftMirror holds how drafts stand, as the drafter knows it: while sixty
// people save every few seconds, nobody has to ask the engine for the draft
// that was written a second ago. What it does not know is asked for.
type draftMirror struct {
	sync.Mutex
	known  bool // the drafts that are not in it do not exist
	drafts map[draftKey]Draft
	bytes  int
}

// forget says that nothing is sure any more.
func (m *draftMirror) forget() {
	m.Lock()
	defer m.Unlock()
	m.known, m.drafts, m.bytes = false, nil, 0
}

// learn takes over what was read: all drafts, without states.
func (m *draftMirror) learn(heads map[draftKey]*draftHead) {
	m.Lock()
	defer m.Unlock()
	m.known, m.drafts, m.bytes = true, make(map[draftKey]Draft, len(heads)), 0
	for k, h := range heads {
		d := h.Draft
		d.State = nil
		m.drafts[k] = d
	}
}

// put is what stands after a save or a removal.
func (m *draftMirror) put(d Draft) {
	m.Lock()
	defer m.Unlock()
	if m.known {
		m.set(d)
	}
}

// found is what the engine answered meanwhile: its state is held when the
// draft still stands so.
func (m *draftMirror) found(d Draft) {
	m.Lock()
	defer m.Unlock()
	if m.known && m.drafts[d.key()].Version == d.Version {
		m.set(d)
	}
}

func (m *draftMirror) set(d Draft) {
	if d.Removed {
		d.State = nil
	}
	m.bytes += len(d.State) - len(m.drafts[d.key()].State)
	m.drafts[d.key()] = d
	if m.bytes <= mostMirrored {
		return
	}
	for k, kept := range m.drafts {
		kept.State = nil
		m.drafts[k] = kept
	}
	m.bytes = 0
}

// get tells how a draft stands; ok is false when that has to be asked for. A
// draft that does not exist has the version 0.
func (m *draftMirror) get(k draftKey) (d Draft, ok bool) {
	m.Lock()
	defer m.Unlock()
	if !m.known {
		return Draft{}, false
	}
	d, exists := m.drafts[k]
	if !exists || d.Removed {
		return Draft{}, true
	}
	return d, d.State != nil
}
