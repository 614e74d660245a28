package docs

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	promiseRow  = regexp.MustCompile(`(?m)^\| (.*) \| (.*) \|$`)
	namedTest   = regexp.MustCompile("`([^`]+)`")
	topLevelRun = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
)

// TestGuaranteesNameTheirTests checks that each row of guarantees.md names tests that exist, each
// as `folder TestName`, or the make target of a suite that is a module or a script of its own.
func TestGuaranteesNameTheirTests(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	for _, f := range sourceFiles(t) {
		if !f.isTest() {
			continue
		}
		for _, m := range topLevelRun.FindAllStringSubmatch(f.text, -1) {
			tests[path.Dir(f.path)+" "+m[1]] = true
		}
	}
	targets := document(t, "../Makefile")
	rows := 0
	for _, row := range promiseRow.FindAllStringSubmatch(document(t, "guarantees.md"), -1) {
		promise, by := row[1], row[2]
		if strings.Trim(promise, "-") == "" || promise == "Promise" {
			continue
		}
		rows++
		named := namedTest.FindAllStringSubmatch(by, -1)
		if len(named) == 0 {
			t.Errorf("no test is named for: %s", promise)
		}
		for _, n := range named {
			if target, ok := strings.CutPrefix(n[1], "make "); ok {
				if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(target) + `:`).MatchString(targets) {
					t.Errorf("the Makefile has no target %s, named for: %s", target, promise)
				}
				continue
			}
			if !tests[n[1]] {
				t.Errorf("there is no test %s, named for: %s", n[1], promise)
			}
		}
	}
	if rows < 20 {
		t.Errorf("only %d promises were found", rows)
	}
}
