// Package static has the static library, where `make go-static` was run. It is a package so that `go mod vendor` copies the folder.
package static
