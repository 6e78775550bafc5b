#!/bin/sh
# Everything that can be said about the source without running it.
set -eu
staticcheck=$1

step() { printf '== %s\n' "$*"; }

step gofmt
unformatted=$(find cmd dashboards internal deploy sql -name '*.go' -exec gofmt -l {} + 2>/dev/null)
[ -z "$unformatted" ] || {
	printf 'gofmt -w is needed on:\n%s\n' "$unformatted" >&2
	exit 1
}

step go vet
go vet ./...

step staticcheck
go run "$staticcheck" ./...

step go mod tidy
go mod tidy -diff

step house rules
go test -count=1 ./internal/house ./deploy

# `mingjing check` must run where the engine cannot: what those machines get is
# this very command line tool.
for system in windows/amd64 linux/arm64 linux/loong64; do
	step "build for $system"
	GOOS=${system%/*} GOARCH=${system#*/} go build -buildvcs=false -o /dev/null ./cmd/mingjing
done
