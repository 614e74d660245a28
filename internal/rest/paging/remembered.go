package paging

// mostRemembered is how many entries a remembered has of the slice's beginning, and once to twice
// as many of the latest.
const mostRemembered = 2048

// remembered is a map that stays small: it keeps the first entries, which an API comes back to that
// begins anew, and the latest, among which a circle of cursors would lie. The zero value is empty.
type remembered struct {
	first, former, latest map[uint64]uint64
}

func (r *remembered) get(key uint64) (uint64, bool) {
	for _, m := range [...]map[uint64]uint64{r.latest, r.former, r.first} {
		if v, ok := m[key]; ok {
			return v, true
		}
	}
	return 0, false
}

func (r *remembered) put(key, v uint64) {
	if len(r.first) < mostRemembered {
		if r.first == nil {
			r.first = map[uint64]uint64{}
		}
		r.first[key] = v
		return
	}
	if len(r.latest) >= mostRemembered {
		r.former, r.latest = r.latest, r.former
		clear(r.latest)
	}
	if r.latest == nil {
		r.latest = map[uint64]uint64{}
	}
	r.latest[key] = v
}
