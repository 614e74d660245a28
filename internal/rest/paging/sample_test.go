package paging_test

import (
	"strings"
	"testing"

	"anytap/internal/rest/resttest"
)

// strained is a run that is short of requests.
type strained struct{}

func (strained) Rated() bool    { return false }
func (strained) Strained() bool { return true }

func TestSampleIsTheFirstPagesAndTheLast(t *testing.T) {
	tests := map[string]struct {
		paginator string
		records   int
		strained  bool
		ids       string
		asked     int
	}{
		"by page":               {"page", 15, false, "1 2 3 4 5 6 15", 4},
		"by page, all full":     {"page", 16, false, "1 2 3 4 5 6 15 16", 4},
		"by offset":             {"offset", 15, false, "1 2 3 4 5 6 15", 4},
		"a short list":          {"page", 5, false, "1 2 3 4 5", 3},
		"the last comes next":   {"page", 8, false, "1 2 3 4 5 6 7 8", 4},
		"without numbers":       {"cursor", 15, false, "1 2 3 4 5 6", 3},
		"short of requests":     {"page", 15, true, "1 2", 1},
		"one page":              {"page", 1, false, "1", 1},
		"nothing":               {"page", 0, false, "", 1},
		"exactly three, cursor": {"cursor", 6, false, "1 2 3 4 5 6", 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := &resttest.Listing{Records: resttest.Numbered(test.records), Size: 2}
			b := newBench(l, &resttest.Data{}, paginators[test.paginator])
			b.Settings.Sample = 3
			if test.strained {
				b.Limits = strained{}
			}
			ids, err := b.read(t, nil)
			if got := strings.Join(ids, " "); err != nil || got != test.ids || len(l.Asked()) != test.asked {
				t.Errorf("records are %s, %v, after %q; expected %s after %d requests", got, err, l.Asked(), test.ids, test.asked)
			}
		})
	}
}
