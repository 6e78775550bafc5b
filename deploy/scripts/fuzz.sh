#!/bin/sh
# Runs each Fuzz function of the module for the given time, one after another.
# `go test -fuzz` takes one function of one package at a time.
set -eu
time=${1:-10s}
count=0
list=$(mktemp)
trap 'rm -f "$list"' EXIT

go list -e -f '{{$p := .}}{{range .TestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}{{range .XTestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}' ./... | while read -r package file; do
	[ -n "$file" ] || continue
	sed -n "s|^func \(Fuzz[A-Za-z0-9_]*\)(.*|$package \1|p" "$file"
done >"$list"

while read -r package function; do
	echo "fuzz $package $function $time"
	go test -run '^$' -fuzz "^$function\$" -fuzztime "$time" "$package" </dev/null
	count=$((count + 1))
done <"$list"
[ "$count" -gt 0 ] || {
	echo 'No Fuzz function was found.' >&2
	exit 1
}
echo "fuzz: $count functions, $time each, nothing found"
