#!/bin/sh
# Runs each Fuzz function of the module for the given time, one after another.
# `go test -fuzz` takes one function of one package at a time.
set -eu
time=${1:-10s}
count=0
list=$(mktemp)
said=$(mktemp)
trap 'rm -f "$list" "$said"' EXIT

# fuzz PACKAGE FUNCTION runs one function. Go's fuzzer ends with "context
# deadline exceeded" and no failing input when the time runs out while it still
# makes an interesting input smaller: that is no finding, so it is run again, twice at most.
# Making smaller is kept short for the same reason.
fuzz() {
	for try in 1 2 3; do
		if go test -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 20x "$1" </dev/null >"$said" 2>&1; then
			cat "$said"
			return 0
		fi
		cat "$said"
		grep -q 'context deadline exceeded' "$said" || return 1
		! grep -q 'Failing input' "$said" || return 1
	done
	return 1
}

go list -e -f '{{$p := .}}{{range .TestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}{{range .XTestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}' ./... | while read -r package file; do
	[ -n "$file" ] || continue
	sed -n "s|^func \(Fuzz[A-Za-z0-9_]*\)(.*|$package \1|p" "$file"
done >"$list"

while read -r package function; do
	echo "fuzz $package $function $time"
	fuzz "$package" "$function"
	count=$((count + 1))
done <"$list"
[ "$count" -gt 0 ] || {
	echo 'No Fuzz function was found.' >&2
	exit 1
}
echo "fuzz: $count functions, $time each, nothing found"
