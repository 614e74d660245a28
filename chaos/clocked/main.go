// Command clocked is anytap with a clock that jumps and drifts, for the fault suite.
//
// CHAOS_CLOCK is four values: when the run begins (RFC 3339), how fast the clock goes (1: as it
// should), after how long it jumps, and how far (durations; it may jump back).
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"anytap/internal/cli"
)

func main() {
	now, err := clock(os.Getenv("CHAOS_CLOCK"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "CHAOS_CLOCK:", err)
		os.Exit(2)
	}
	spec, err := os.ReadFile(os.Getenv("CHAOS_SPEC"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "CHAOS_SPEC:", err)
		os.Exit(2)
	}
	os.Exit(cli.Program{Version: "chaos", Spec: spec, Now: now}.Main())
}

func clock(text string) (func() time.Time, error) {
	part := strings.Fields(text)
	if len(part) != 4 {
		return nil, fmt.Errorf("%q has %d values, expected 4", text, len(part))
	}
	start, err := time.Parse(time.RFC3339, part[0])
	if err != nil {
		return nil, err
	}
	rate, err := strconv.ParseFloat(part[1], 64)
	if err != nil {
		return nil, err
	}
	after, err := time.ParseDuration(part[2])
	if err != nil {
		return nil, err
	}
	jump, err := time.ParseDuration(part[3])
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	return func() time.Time {
		passed := time.Since(begun)
		now := start.Add(time.Duration(float64(passed) * rate))
		if passed >= after {
			now = now.Add(jump)
		}
		return now
	}, nil
}
