// Command testsum reads what `go test -json` writes, shows what failed, and prints the sums: "N passed, N failed".
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct{ Action, Package, Test, Output, ImportPath string }

func main() {
	outputs := map[string]*strings.Builder{}
	passed, failed, skipped := 0, 0, 0
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var e event
		if err := json.Unmarshal(scanner.Bytes(), &e); err != nil {
			// Not of the tests: a message of the tools.
			fmt.Println(scanner.Text())
			continue
		}
		name := e.Package + e.ImportPath + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			if outputs[name] == nil {
				outputs[name] = new(strings.Builder)
			}
			outputs[name].WriteString(e.Output)
		case "fail", "build-fail":
			failed++
			if out := outputs[name]; out != nil {
				fmt.Print(out)
			}
		case "pass":
			// A package is no test of its own.
			if e.Test != "" {
				passed++
			}
		case "skip":
			if e.Test != "" {
				skipped++
				fmt.Println("SKIPPED", name)
			}
		}
	}
	if err := scanner.Err(); err != nil {
		fmt.Println("testsum:", err)
		failed++
	}
	// What is skipped was not shown.
	failed += skipped
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
