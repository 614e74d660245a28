package paging

import (
	"errors"
	"math"
	"strconv"

	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// Records that are added or removed while a list is read shift those behind them to other pages, so
// that some would come twice and some would be skipped. Where the API tells how many records there
// are, a change of that number between two pages is the sign to find the record that was written
// last, and to go on behind it.

// mostGoneBack is how often in a row the read goes back without a new record in between.
const mostGoneBack = 3

// mostVain is how often the read goes back because a list became longer, although nothing had
// moved: some lists grow at their end, and some totals are estimates.
const mostVain = 2

// moved reports whether the list changed before the page, so that the page is not handed on. The
// walk then stands on the page that is read in its place.
func (w *walk) moved(p *page) (bool, error) {
	count, ok := w.count(p)
	if !ok {
		return false, nil
	}
	before := w.had
	w.had = count
	w.fullest = max(w.fullest, p.response.Extracted)
	if w.telling.explains(w, p, before, count) {
		return false, nil
	}
	if math.IsNaN(before) || count == before || w.lastOut == nil || w.seek.active || p.handed || w.kind != state.Page && w.kind != state.Offset {
		return false, nil
	}
	if i := tap.IndexOf(w.PrimaryKey, p.records, w.lastOut); i >= 0 {
		w.log.Info("records were added while the list was read; those that are written already are left out", "stream", w.Stream, "records", i+1)
		p.records, p.lastID = p.records[i+1:], w.lastOut
		return false, nil
	}
	if count > before && w.vain >= mostVain {
		return false, nil
	}
	if w.goneBack++; w.goneBack > mostGoneBack {
		w.log.Warn("the list changes with every page; records of it may be missed or come twice", "stream", w.Stream, "slice", w.slice.Key())
		return false, nil
	}
	w.telling.doubt(w, before, count)
	return true, w.goBack(before - count)
}

// telling finds out that the number which answers tell is not that of all records but of those that
// are left of the list. It is smaller with each page, as it would be if records were removed; but a
// page that is asked for again tells the same.
type telling struct {
	told float64 // by the page before, when the reading went back because of it
	step tellingStep
}

type tellingStep int8

const (
	untold    tellingStep = iota // the number never changed
	doubted                      // it is smaller by the records of the first page, which is read again
	toldAgain                    // that page told what it had told before
	ofTheRest                    // and the one behind it too: it is the number of what is left
	ofAll                        // it is not
)

// explains reports whether the page tells another number than the one before for a reason that is
// no change of the list.
func (t *telling) explains(w *walk, p *page, before, count float64) bool {
	rows := float64(w.ending.before)
	isLeft := rows > 0 && count == before-rows
	switch {
	case rows > 0 && before == rows && count == float64(p.response.Extracted):
		return true // each page tells how many it has itself
	case t.step == doubted && w.seek.active && count == t.told:
		t.step = toldAgain
		return true
	case t.step == toldAgain && isLeft:
		t.step = ofTheRest
	}
	return t.step == ofTheRest && isLeft
}

// doubt notes that the reading goes back because of another number.
func (t *telling) doubt(w *walk, before, count float64) {
	if t.step == untold && w.ending.good == 1 && count == before-float64(w.ending.before) {
		*t = telling{before, doubted}
		return
	}
	t.step = ofAll
}

// goBack moves to the page that holds the record written last. If that record is gone, it moves to
// the first page that may hold a record which was not written: records moved forward by no more
// places than the list lost.
func (w *walk) goBack(lost float64) error {
	home, id := w.token, w.lastOut
	if err := w.letGo(); err != nil {
		return err
	}
	w.queue.close()
	w.counted, w.again = -1, true
	found, _, err := w.searchAround(id, w.counting().After(home))
	if err != nil {
		return err
	}
	if found {
		w.seek = seek{active: true, id: id, searched: true}
		return nil
	}
	w.guard.reset() // pages come again now
	w.token = w.backBy(home, lost)
	w.log.Warn("the list changed while it was read, and the record written last is gone; pages before are read again and repeat records",
		"stream", w.Stream, "slice", w.slice.Key(), w.guard.tokenName(), shownToken(w.sealed(w.token)))
	return nil
}

// backBy is the token of the page that many records before, and at least of the page before.
func (w *walk) backBy(token any, records float64) any {
	n, ok := w.numbers()
	if !ok {
		return token
	}
	perPage := float64(n.Step)
	if w.kind == state.Page {
		perPage = float64(max(w.fullest, 1))
	}
	for pages := max(math.Ceil(records/perPage), 1); pages > 0; pages-- {
		before, more := n.before(token)
		if !more {
			break
		}
		token = before
	}
	return token
}

// count is the number of all records as the answer tells it.
func (w *walk) count(p *page) (float64, bool) {
	if p.response == nil {
		return 0, false
	}
	if name := w.Settings.CountHeader; name != "" {
		n, err := strconv.ParseFloat(p.response.Header.Get(name), 64)
		return n, err == nil
	}
	path := w.Settings.Count
	if path.Len() == 0 {
		path = w.Settings.Total
	}
	if path.Len() == 0 && w.Settings.Strict {
		return w.ending.count(p)
	}
	return peekNumber(p.response, path)
}

// count is a total of records under a usual name; ok is false where there is none, or where it may
// be the number of the page's own records.
func (e *ending) count(p *page) (n float64, ok bool) {
	if e.w.Settings.Distrust || e.w.kind != state.Page && e.w.kind != state.Offset {
		return 0, false
	}
	c, ok := p.signs().Total()
	if !ok || c.AtLeast || c.Weak && c.N <= int64(p.response.Extracted) && c.Place.String() != e.proven {
		return 0, false
	}
	return float64(c.N), true
}

// parseCount reads where an answer tells the number of all records.
func (o *Settings) parseCount(v any) error {
	if name, ok := v.(string); ok {
		o.CountHeader = name
		return nil
	}
	path, err := value.PathOf(v)
	if err != nil {
		return errors.New("a path, or the name of a header, is expected")
	}
	o.Count = path
	return nil
}
