// Package disclosure is the core of Mingjing: what a report on government
// information disclosure is. A report is a set of figures with codes; a form
// is data (forms/*.json); readers, checks, pages and exports all read the form.
//
// The package does no I/O and imports nothing of the product.
package disclosure
