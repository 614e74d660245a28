package ways

import (
	"maps"
	"slices"

	"anytap/internal/rest"
	"anytap/internal/rest/signs"
)

// numbers tries to count pages and records: by the numbers that the answer tells, else by the usual
// parameters.
func (s *searching) numbers() (*rest.Way, error) {
	if way, err := s.echoes(); way != nil || err != nil {
		return way, err
	}
	if !s.thorough && (s.vain || !s.round()) {
		return nil, nil
	}
	flag, flagged := s.signs.Flag()
	_, counted := s.signs.Total()
	if flagged && flag.More && !counted {
		if way, err := s.lastRecord(); way != nil || err != nil {
			return way, err
		}
	}
	if way, err := s.guessed(s.guesses()); way != nil || err != nil {
		return way, err
	}
	// An API that takes none of them knows which parameters it has.
	if !s.thorough && !s.lenient {
		s.thorough = true
		if way, err := s.guessed(s.guesses()); way != nil || err != nil {
			return way, err
		}
		s.thorough = false
	}
	if s.promised && !flagged {
		return s.lastRecord()
	}
	return nil, nil
}

// guessed tries parameters of numbers. Those that were tried before are left out.
func (s *searching) guessed(names []string) (*rest.Way, error) {
	for _, name := range names {
		if slices.Contains(s.named, name) {
			continue
		}
		s.named = append(s.named, name)
		guess := s.offsetGuess
		if slices.Contains(pageNames, name) {
			guess = s.pageGuess
		}
		if way, err := guess(name); way != nil || err != nil {
			return way, err
		}
	}
	return nil, nil
}

// echoes tries the numbers that the answer tells of its page.
func (s *searching) echoes() (*rest.Way, error) {
	if size := s.signs.Size; !s.promised && size.Known && int64(s.rows) < size.N {
		return nil, nil // a short page
	}
	if n := s.signs.Page; n.Known && n.N <= 1 {
		for _, name := range paramsForPage(pathOf(n)) {
			way, err := s.pageEcho(name, n.N)
			if way != nil || err != nil {
				return way, err
			}
			if !s.thorough {
				break
			}
		}
	}
	if n := s.signs.Offset; n.Known && n.N <= 1 {
		for _, name := range paramsForOffset(pathOf(n)) {
			way, err := s.offsetEcho(name, n.N)
			if way != nil || err != nil {
				return way, err
			}
			if !s.thorough {
				break
			}
		}
	}
	return nil, nil
}

// pathOf is the path of a number in the body; nil: a header has it.
func pathOf(n signs.Number) []string {
	if n.Header != "" {
		return nil
	}
	return n.Path
}

func (s *searching) pageEcho(name string, first int64) (*rest.Way, error) {
	t := s.counted(Page, name, first)
	got, _, err := s.page(t, first+1)
	return s.accept(t, first+1, got), err
}

// accept is the way of a trial by number whose second page came so; nil: it is none. An empty page
// says that the parameter is understood and the list at its end, unless more was promised.
func (s *searching) accept(t trial, second int64, got outcome) *rest.Way {
	if got == fresh || got == empty && !s.promised {
		return s.found(t.way, t.paginator, second)
	}
	return nil
}

func (s *searching) counted(kind Type, name string, first int64) trial {
	return s.guess(&Way{Type: kind, Param: []string{name}, First: first, Size: s.rows})
}

// guess is the trial of a way whose parameter goes where the request's own are.
func (s *searching) guess(w *Way) trial {
	if s.sent.body {
		w.In = "body"
	}
	return trial{way: w, paginator: s.Make(w), guess: true}
}

// pageGuess tries a parameter of which it is not known whether it counts from 0 or from 1: page 1
// is then the second page, or the first one again.
func (s *searching) pageGuess(name string) (*rest.Way, error) {
	fromOne, fromZero := s.counted(Page, name, 1), s.counted(Page, name, 0)
	third, page, err := s.page(fromOne, int64(2))
	if err != nil || third == same || third == odd {
		return nil, err
	}
	second, _, err := s.page(fromZero, int64(1))
	switch {
	case err != nil:
		return nil, err
	case second == same:
		return s.accept(fromOne, 2, third), nil
	case second != fresh:
		return nil, nil
	}
	if third == fresh && page != nil && s.shared(page) > 0 {
		return nil, nil // the list is another one each time
	}
	if !s.promised {
		if again, _, err := s.page(fromZero, int64(0)); err != nil || again != same {
			return nil, err
		}
	}
	return s.accept(fromZero, 1, second), nil
}

// offsetEcho tries a parameter that counts records from 0 or 1, as the answer does.
func (s *searching) offsetEcho(name string, first int64) (*rest.Way, error) {
	t := s.counted(Offset, name, first)
	second := first + int64(s.rows)
	got, _, err := s.page(t, second)
	if got == overlap && first == 0 && err == nil {
		return s.fromOne(name)
	}
	return s.accept(t, second, got), err
}

// offsetGuess tries a parameter of which it is not known whether it counts from 0 or from 1: the
// last record comes again where it counts from 1.
func (s *searching) offsetGuess(name string) (*rest.Way, error) {
	t := s.counted(Offset, name, 0)
	second := int64(s.rows)
	got, _, err := s.page(t, second)
	switch {
	case err != nil:
		return nil, err
	case got == overlap:
		return s.fromOne(name)
	case got == fresh && !s.promised:
		if again, _, err := s.page(t, int64(0)); err != nil || again != same {
			return nil, err
		}
	}
	return s.accept(t, second, got), nil
}

// fromOne tries a parameter that counts records from 1.
func (s *searching) fromOne(name string) (*rest.Way, error) {
	t := s.counted(Offset, name, 1)
	second := 1 + int64(s.rows)
	got, _, err := s.page(t, second)
	if err != nil {
		return nil, err
	}
	return s.accept(t, second, got), nil
}

// lastRecord tries parameters that carry the likeliest value of the last record.
func (s *searching) lastRecord() (*rest.Way, error) {
	if len(s.fields) == 0 {
		return nil, nil
	}
	f := s.fields[0]
	for _, name := range fieldParams {
		t := s.guess(&Way{Type: Cursor, Param: []string{name}, Field: []string{f.name}, More: s.moreAt(true)})
		got, _, err := s.page(t, f.value)
		if err != nil {
			return nil, err
		}
		if got == fresh {
			return s.found(t.way, t.paginator, f.value), nil
		}
	}
	return nil, nil
}

// guesses lists the parameters that are tried, the likeliest first: those that go with a size which
// the request or the answer has, those of the API's style, and the usual ones.
func (s *searching) guesses() []string {
	var names []string
	if s.signs.Size.Known {
		names = append(names, sizeNames[signs.Plain(lastName(s.signs.Size.Path))]...)
	}
	for _, name := range slices.Sorted(maps.Keys(s.sent.sizes)) {
		names = append(names, sizeNames[signs.Plain(name)]...)
		if name == "_limit" || name == "_per_page" {
			names = append(names, "_page", "_start")
		}
	}
	switch {
	case s.odata:
		names = append(names, "$skip")
	case s.sent.jsonAPI:
		names = append(names, "page[number]", "page[offset]")
	}
	names = append(names, "page", "offset", "skip", "start", "first")
	if s.thorough {
		names = append(names, "$skip", "from", "startIndex", "startAt", "pageNumber", "page_number", "pageNo", "_page", "__page", "_start", "p", "page[number]", "page[offset]")
	}
	return firsts(names)
}
