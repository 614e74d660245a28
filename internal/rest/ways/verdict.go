package ways

import (
	"anytap/internal/rest"
)

// outcome is what came of a trial.
type outcome uint8

const (
	refused outcome = iota // the API would not have the request
	same                   // the first page came again: the API ignores what was sent
	empty                  // no records
	odd                    // records of another kind
	overlap                // other records, of which the first is the first page's last
	fresh                  // other records of the same kind
)

// String says it in a message.
func (o outcome) String() string {
	return [...]string{"refused", "the same records", "no records", "records of another kind", "the last record again", "other records"}[o]
}

// compare says what a page is beside the first one.
func (l *look) compare(page *rest.Sample) outcome {
	if len(page.Keys) == 0 {
		return empty
	}
	if !l.alike(page) {
		return odd
	}
	shared := l.shared(page)
	switch {
	case 2*shared >= len(page.Keys) && !(shared == 1 && len(page.Keys) <= 2 && len(l.keys) > 2):
		return same
	case shared == 1 && page.Keys[0] == l.keys[len(l.keys)-1]:
		return overlap
	case 2*shared >= len(page.Keys):
		return same
	}
	return fresh
}

// shared counts the records of a page that the first page has too. Either may have very many.
func (l *look) shared(page *rest.Sample) (n int) {
	first := make(map[uint64]bool, len(l.keys))
	for _, key := range l.keys {
		first[key] = true
	}
	for _, key := range page.Keys {
		if first[key] {
			n++
		}
	}
	return n
}

// alike reports whether the records of a page have the names of the first page's: at least half of
// each other's usual ones.
func (l *look) alike(page *rest.Sample) bool {
	if len(l.names) == 0 || len(page.Names) == 0 {
		return len(l.names) == len(page.Names) || len(l.keys) == 0
	}
	common := 0
	for name := range page.Names {
		if l.names[name] > 0 {
			common++
		}
	}
	return 2*common >= min(len(l.names), len(page.Names))
}
