package paging

import (
	"anytap/internal/tap"
	"anytap/internal/value"
)

// seek is a record behind which the read goes on: it and those before it are out already.
type seek struct {
	active   bool
	id       any
	again    bool // it was handed on in this run, by an answer that broke off
	searched bool // its page was found among the neighbours
}

// drop leaves out the records up to the one that is sought. As long as it is not found, that is all of them.
func (s *seek) drop(primaryKey [][]string, batch []tap.Record, p *page) []tap.Record {
	if !s.active || p.found {
		return batch
	}
	i := tap.IndexOf(primaryKey, batch, s.id)
	if i < 0 {
		return nil
	}
	p.found, p.lastID = true, s.id
	return batch[i+1:]
}

// search looks for a sought record that is not on its page any more: on the pages before, since records may
// have been removed, then on those behind, since some may have been added. Failing that the page is read from
// its start, or the slice from its beginning where there are more pages before than are worth a look: records may come twice, but
// none is lost. next is the page behind.
func (w *walk) search(next any) error {
	s, home := w.seek, w.token
	w.seek, w.again = seek{}, s.again
	if s.again {
		w.log.Warn("an answer that broke off came back changed; its records are written again", "stream", w.Stream)
		return nil
	}
	if !s.searched {
		found, all, err := w.searchAround(s.id, next)
		if err != nil || found {
			w.seek = seek{active: found, id: s.id, searched: true}
			return err
		}
		if !all {
			w.startOver("its last record is nowhere near its page")
			w.toFirst()
			return nil
		}
	}
	w.token = home
	w.log.Warn("the last record of the last run is nowhere near its page; the page is read from its start and may repeat records",
		"stream", w.Stream, "slice", w.slice.Key(), w.guard.tokenName(), shownToken(home))
	return nil
}

// searchAround moves to the page that holds the record; all says that every page before was looked at.
func (w *walk) searchAround(id, next any) (found, all bool, err error) {
	all = true
	if n, ok := w.numbers(); ok {
		token, more := n.before(w.token)
		for i := 0; more; i++ {
			if i >= beforeToBehind*w.Settings.neighbours() {
				all = false
				break
			}
			if found, _, err = w.probe(token, id, false); found || err != nil && !pastEnd(err) {
				return found, all, err
			}
			token, more = n.before(token)
		}
	}
	for i := 0; next != nil && i < w.Settings.neighbours(); i++ {
		var following any
		if found, following, err = w.probe(next, id, true); err != nil || found {
			return found, all, err
		}
		next = following
	}
	return false, all, nil
}

// beforeToBehind is how many times more pages before are searched than behind: what was removed shifts what was not read yet
// to where nobody would look, what was added only repeats.
const beforeToBehind = 10

// probe asks for a page only to see whether it holds the record; the walk then stands there. onward also asks
// for the page behind it.
func (w *walk) probe(token, id any, onward bool) (found bool, next any, err error) {
	w.token = token
	p := &page{}
	defer p.close(w)
	if p.request, err = w.request(token, nil); err != nil {
		return false, nil, err
	}
	send := w.sender()
	if p.response, err = send.send(w.ctx, p.request, nil); err != nil || p.response == nil {
		return false, nil, err
	}
	for batch, err := range w.Selector.Select(w.ctx, p.response, send.selection(p.request)) {
		if len(batch) > 0 {
			if tap.IndexOf(w.PrimaryKey, batch, id) >= 0 {
				return true, nil, nil
			}
			p.size += len(batch)
			p.last = batch[len(batch)-1].Data
		}
		if err != nil {
			return false, nil, err
		}
	}
	if !onward {
		return false, nil, nil
	}
	next, err = w.paginator.Next(p.response, p.size, p.last, p.request)
	if err != nil || !value.Truth(next) {
		return false, nil, err
	}
	return false, next, nil
}
