package manifest

import (
	"slices"
	"strings"
)

// nearest gives the name that a misspelt one probably means; "" when none is near.
func nearest(name string, names []string) string {
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

// distance is Levenshtein's: the fewest letters to insert, delete or change.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
