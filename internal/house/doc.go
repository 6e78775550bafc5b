// Package house holds the rules of the house as tests: which package may
// import which, how long a file may be, and what must never be committed.
// The rooms themselves are described in CONTRIBUTING.md.
package house
