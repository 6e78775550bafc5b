// Package bulletin makes the documents of the office: reports to publish and to
// file, slips, notices, templates to fill in, lists. Each is a pure function of
// what it is given: the same data are the same bytes. It knows reports and
// forms, nothing of storage or pages; what it prints of a form comes from the
// form's description, so that a local table needs no code here.
package bulletin
