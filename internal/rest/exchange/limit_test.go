package exchange

import (
	"slices"
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anytap/internal/rest"
)

// TestLimiterNeverExceeds lets requests with any delays on the way run through a limiter, and
// counts as the API would: by when each arrived there. No window may hold more than the limit.
func TestLimiterNeverExceeds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rates []rest.Rate
		for range rapid.IntRange(1, 2).Draw(t, "rates") {
			rates = append(rates, rest.Rate{Calls: rapid.IntRange(1, 6).Draw(t, "calls"), Per: time.Duration(rapid.IntRange(1, 60).Draw(t, "per")) * time.Second})
		}
		l := newLimiter(rates)
		now := time.Unix(1_000_000, 0)
		type flight struct {
			arrives, answers time.Time
			weight           int
		}
		var flights, all []flight
		land := func(until time.Time) {
			sort.Slice(flights, func(i, j int) bool { return flights[i].answers.Before(flights[j].answers) })
			for len(flights) > 0 && !flights[0].answers.After(until) {
				l.done(flights[0].answers, flights[0].weight)
				flights = flights[1:]
			}
		}
		for range rapid.IntRange(1, 60).Draw(t, "requests") {
			weight := rapid.IntRange(1, l.most()).Draw(t, "weight")
			now = now.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "pause")) * time.Millisecond)
			land(now)
			for {
				wait, ok := l.try(now, weight)
				if ok {
					break
				}
				if wait < 0 {
					sort.Slice(flights, func(i, j int) bool { return flights[i].answers.Before(flights[j].answers) })
					wait = max(flights[0].answers.Sub(now), 0)
				}
				now = now.Add(wait)
				land(now)
			}
			way := time.Duration(rapid.IntRange(0, 9000).Draw(t, "way")) * time.Millisecond
			back := time.Duration(rapid.IntRange(0, 9000).Draw(t, "back")) * time.Millisecond
			f := flight{now.Add(way), now.Add(way + back), weight}
			flights, all = append(flights, f), append(all, f)
		}
		slices.SortFunc(all, func(a, b flight) int { return a.arrives.Compare(b.arrives) })
		for _, r := range rates {
			for i, from := range all {
				calls := 0
				for _, f := range all[i:] {
					if f.arrives.Sub(from.arrives) < r.Per {
						calls += f.weight
					}
				}
				if calls > r.Calls {
					t.Fatalf("%d calls within %v of %v, allowed are %v", calls, r.Per, from.arrives, r)
				}
			}
		}
	})
}

func TestLimiterFill(t *testing.T) {
	t.Parallel()
	l := newLimiter([]rest.Rate{{Calls: 5, Per: time.Minute}})
	now := time.Unix(0, 0)
	if _, ok := l.try(now, 2); !ok {
		t.Fatal("no room at the start")
	}
	l.fill(now)
	if wait, ok := l.try(now, 1); ok || wait != time.Minute {
		t.Fatalf("after fill: wait %v, ok %v; want a minute", wait, ok)
	}
	l.done(now, 2)
	if _, ok := l.try(now.Add(time.Minute), 5); !ok {
		t.Fatal("no room after a minute")
	}
}
