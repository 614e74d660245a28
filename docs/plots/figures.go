package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

// figures are what measure.py wrote: for each point its place on an axis, and the bench's own output.
type figures struct {
	Machine string  `json:"machine"`
	Points  []point `json:"points"`
}

// point is one case of the bench.
type point struct {
	Axis  string    `json:"axis"` // what was varied
	X     float64   `json:"x"`
	Date  string    `json:"date"`
	Case  string    `json:"case"`
	Bench benchCase `json:"bench"`
}

// benchCase is a case as `bench.py --json` writes it. A program that failed has no rounds.
type benchCase struct {
	Records float64            `json:"records"`
	Pages   float64            `json:"pages"`
	Rounds  map[string][]round `json:"rounds"`
}

// ratio compares two programs as the bench does, by the median of the rounds' own ratios. ok is false if there are none.
func (c benchCase) ratio(program, other string, value func(benchCase, round) float64) (m float64, ok bool) {
	a, b := c.Rounds[program], c.Rounds[other]
	quotients := make([]float64, 0, len(a))
	for i := range min(len(a), len(b)) {
		if d := value(c, b[i]); d > 0 {
			quotients = append(quotients, value(c, a[i])/d)
		}
	}
	return middle(quotients)
}

// round is one run of one program.
type round struct {
	Wall float64 `json:"wall"` // seconds
	CPU  float64 `json:"cpu"`  // seconds
	RSS  float64 `json:"rss_kb"`
}

// readFigures reads what measure.py wrote.
func readFigures(file string) (*figures, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f := &figures{}
	if err := json.Unmarshal(text, f); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return f, nil
}

// on gives the points of an axis, the lowest first.
func (f *figures) on(axis string) []point {
	var points []point
	for _, p := range f.Points {
		if p.Axis == axis {
			points = append(points, p)
		}
	}
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(a.X, b.X) })
	return points
}

// median gives the median of a value of a program's rounds. ok is false if it has none.
func median(c benchCase, program string, value func(benchCase, round) float64) (m float64, ok bool) {
	var all []float64
	for _, r := range c.Rounds[program] {
		all = append(all, value(c, r))
	}
	return middle(all)
}

// middle gives the median, and sorts the values. ok is false if there are none.
func middle(all []float64) (m float64, ok bool) {
	n := len(all)
	if n == 0 {
		return 0, false
	}
	slices.Sort(all)
	return (all[(n-1)/2] + all[n/2]) / 2, true
}
