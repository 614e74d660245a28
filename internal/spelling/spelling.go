// Package spelling finds the name that a misspelt one means.
package spelling

import (
	"fmt"
	"slices"
	"strings"

	"anytap/internal/value"
)

// Check refuses a member of d that is none of the settings: misspelt, it would have no effect. at
// is where d stands, for the message; it may be empty.
func Check(at string, d *value.Dict, settings ...string) error {
	if d == nil {
		return nil
	}
	for name := range d.All() {
		if slices.Contains(settings, name) {
			continue
		}
		full := name
		if at != "" {
			full = at + "." + name
		}
		if near := DidYouMean(name, settings); near != "" {
			return fmt.Errorf("%s is no setting%s", full, near)
		}
		return fmt.Errorf("%s is no setting, expected one of %s", full, strings.Join(settings, ", "))
	}
	return nil
}

// DidYouMean ends a message about a misspelt name with the one that it probably means; "" when none
// is near.
func DidYouMean(name string, names []string) string {
	if near := Nearest(name, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// Nearest gives the name that a misspelt one probably means; "" when none is near.
func Nearest(name string, names []string) string {
	best, bestCost := "", max(1, len(name)/3)+1
	names = slices.Clone(names)
	slices.Sort(names)
	for _, n := range names {
		if d := len(n) - len(name); d >= bestCost || -d >= bestCost {
			continue
		}
		if cost := distance(strings.ToLower(name), strings.ToLower(n)); cost < bestCost {
			best, bestCost = n, cost
		}
	}
	return best
}

// distance is the fewest letters to insert, delete, change, or swap with the next.
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := row[j]
			if a[i] != b[j] {
				cost++
			}
			next[j+1] = min(cost, next[j]+1, row[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
