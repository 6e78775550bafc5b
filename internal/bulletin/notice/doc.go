// Package notice is the district's bulletin on open government (政务公开通报) and
// the brief for leaders, as a model that Word, pages and comparisons read: facts
// and a layout in, a Notice out. It knows nothing of storage or pages, has no
// clock, and the same facts make the same Notice.
//
// Every number in a sentence or a table carries the key of the figure that it
// is, so that a test can hold the document against the dashboard, and a new
// version against the one before.
package notice
