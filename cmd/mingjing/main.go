// Command mingjing gathers, checks, compares and shows the yearly figures on
// government information disclosure. "mingjing help" lists what it can do.
package main

import "os"

var version = "dev" // set by the build

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
