package paging

import (
	"errors"
	"net/http"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/state"
)

// resume goes to the position of an earlier run if it can still be used. The error is that of a
// token that had to be fetched for it.
func (w *walk) resume(p *state.Position) error {
	if p == nil || p.IsStart() {
		return nil
	}
	switch {
	case p.Kind != w.kind:
		w.startOver("it was made with another kind of pagination")
	case p.Query != w.query:
		w.startOver("it belongs to another query: the configuration changed, or an older version made it")
	case w.Settings.outdated(p, w.Runtime.Wall()):
		w.startOver("its " + w.guard.tokenName() + " is older than the API keeps it")
	default:
		token, err := w.unsealed(p.Token)
		if errors.Is(err, rest.ErrSecretGone) {
			w.startOver(err.Error())
			return nil
		}
		if err != nil {
			return err
		}
		if token != nil {
			w.token, w.issued = token, p.IssuedAt
		}
		w.resumed = true
		w.counted, w.came = -1, -1
		if p.Came > 0 {
			w.came = p.Came
		}
		w.ending.resumedAt(w.token)
		if p.LastID != nil {
			w.seek = seek{active: true, id: p.LastID}
		}
	}
	return nil
}

// startOver warns that the position of an earlier run is not used.
func (w *walk) startOver(reason string) {
	w.anew = true
	w.log.Warn("the position of the last run is not used, the slice is read from its beginning: "+reason, "stream", w.Stream, "slice", w.slice.Key())
}

// refusesResume reports whether err means that the API does not accept the position that the read
// was to go on from. The walk then stands where it goes on instead: where pages are counted, on the
// page before that holds the record, because the position may lie past the end by now; otherwise at
// the beginning of the slice.
func (w *walk) refusesResume(err error) bool {
	refused, ok := errors.AsType[tap.Refused](err)
	if !ok || w.token == nil {
		return false
	}
	if w.kind != state.Page && w.kind != state.Offset {
		if !w.Settings.expiry().Matches(refused.Refusal()) {
			return false
		}
		w.startOver("the API does not take its " + w.guard.tokenName() + " any more")
		w.toFirst()
		return true
	}
	if !pastEnd(err) {
		return false
	}
	if s := w.seek; s.active {
		if found, _, err := w.searchAround(s.id, nil); err == nil && found {
			w.seek, w.resumed = seek{active: true, id: s.id, searched: true}, false
			return true
		}
	}
	w.startOver("the API has no such page any more")
	w.toFirst()
	return true
}

// expired reports whether err means that the cursor expired during the read. The slice then begins
// anew, once. The reference runtime fails, so only streams that ask for it do this.
func (w *walk) expired(err error) bool {
	refused, ok := errors.AsType[tap.Refused](err)
	if !ok || w.token == nil || w.restarts > 0 || !w.Settings.Strict && w.Settings.Expired == nil {
		return false
	}
	if w.kind != state.Opaque && w.kind != state.NextURL || !w.Settings.expiry().Matches(refused.Refusal()) {
		return false
	}
	w.restarts++
	w.anew = true
	w.log.Warn("the API does not take its "+w.guard.tokenName()+" any more, the slice is read from its beginning and repeats records",
		"stream", w.Stream, "slice", w.slice.Key(), "records", w.emitted)
	w.toFirst()
	return true
}

// pastEnd reports whether err is an answer that APIs give for a page past the end.
func pastEnd(err error) bool {
	refused, ok := errors.AsType[tap.Refused](err)
	if !ok {
		return false
	}
	switch status, _ := refused.Refusal(); status {
	case http.StatusNotFound, http.StatusBadRequest, http.StatusRequestedRangeNotSatisfiable, http.StatusUnprocessableEntity:
		return true
	}
	return false
}
