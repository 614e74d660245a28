package paging

import (
	"anytap/internal/tap"
	"anytap/internal/value"
)

// seek is the record behind which the read goes on. It and those before it were written already.
type seek struct {
	active   bool
	id       any
	again    bool // it was handed on in this run, by an answer that broke off
	searched bool // its page was found among the neighbours
}

// drop leaves out the records up to the one that is sought; all of them if it is not there.
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

// search looks for a sought record that is no longer on its page: on the pages before, because
// records may have been removed, then on those behind, because some may have been added. If it is
// not found, the page is read from its start, or the slice from its beginning if not every page
// before was searched. Records may then come twice, but none is lost. next is the token of the page
// behind.
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
		"stream", w.Stream, "slice", w.slice.Key(), w.guard.tokenName(), shownToken(w.sealed(home)))
	return nil
}

// searchAround moves to the page that holds the record; all says that every page before was
// searched.
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

// beforeToBehind is how many times more pages are searched before than behind: records that were
// removed move unread ones to pages that would not be read again, while records that were added
// only cause repetitions.
const beforeToBehind = 10

// probe asks for a page only to see whether it holds the record. The walk then stands on that page.
// With onward it also gives the token of the page behind.
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
