package paging

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"anytap/internal/rest"
	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Some APIs end a list with a change token: an address or a text with which the next read asks for
// what has changed since. The cursor keeps it (tap.CursorAbilities.Changed), and the slice of the
// next read has it in its window.

// ChangeToken is the member of a slice's window that holds the change token of the read before.
const ChangeToken = "change_token"

// Changes says where answers hold a change token.
type Changes struct {
	Path value.Path
	// Address says that the token is the address to ask instead of the first page's.
	Address bool
}

// changes are the change tokens of one walk.
type changes struct {
	given  any    // the one that the slice begins with; nil: none
	found  any    // the one of the last answer that had one; nil: none did
	missed string // what the last answer has in its place, while none did; empty: no answer came
}

// beginChanges takes the token of the read before as the first page's address, where it is one. It
// gives the slice to ask for, whose token has its secrets again.
func (w *walk) beginChanges() (*tap.Slice, error) {
	if w.Settings.Changes == nil {
		return w.slice, nil
	}
	kept, _ := w.slice.Window.Get(ChangeToken)
	given, err := w.unsealed(kept)
	switch {
	case errors.Is(err, rest.ErrSecretGone):
		w.log.Warn("the change token of the last run can not be used, the stream is read from its beginning: "+err.Error(), "stream", w.Stream)
		return tap.NewSlice(w.slice.Partition, nil, w.slice.Extra), nil
	case err != nil:
		return nil, err
	case given == nil:
		return w.slice, nil
	}
	w.changes.given = given
	if w.Settings.Changes.Address {
		w.first = given
	}
	if value.Equal(given, kept) {
		return w.slice, nil
	}
	window := w.slice.Window.Clone()
	window.Set(ChangeToken, given)
	return tap.NewSlice(w.slice.Partition, window, w.slice.Extra), nil
}

// noteChanges looks for a change token in an answer.
func (w *walk) noteChanges(p *page) {
	if w.Settings.Changes == nil || p.response == nil || p.response.Value == nil {
		return
	}
	v, err := p.response.Value()
	if err != nil {
		return
	}
	path := w.Settings.Changes.Path
	if token, _ := path.At(v); value.Truth(token) {
		w.changes.found = value.Own(token)
	}
	if w.changes.found != nil {
		return
	}
	at, names := path.Stuck(v)
	if at != "" {
		at = " below " + at
	}
	w.changes.missed = fmt.Sprintf("the last one has%s: %s", at, strings.Join(names, ", "))
}

// endChanges tells the cursor which token the next read begins with.
func (w *walk) endChanges() error {
	if w.Settings.Changes == nil || w.abilities.Changed == nil {
		return nil
	}
	path := w.Settings.Changes.Path
	switch {
	case w.changes.found != nil:
		w.abilities.Changed(w.slice, w.sealedText(w.changes.found))
	case w.changes.given != nil:
		w.log.Warn("the API gave no new change token; the next run begins with the same one", "stream", w.Stream, "change_path", path.String())
	case w.changes.missed != "":
		return w.failf(tap.Config, "pagination.change_path is %s, but no answer has a change token there; %s", path.String(), w.changes.missed)
	}
	return nil
}

// refusesChanges reports whether err means that the API does not take the change token any more.
// The slice is then read from its beginning.
func (w *walk) refusesChanges(err error) bool {
	refused, ok := errors.AsType[tap.Refused](err)
	if !ok || w.Settings.Changes == nil || w.changes.given == nil {
		return false
	}
	status, text := refused.Refusal()
	if status != http.StatusGone && !(w.Settings.expiry().Matches(status, text) || status >= 400 && status < 500 && staleChanges().MatchString(text)) {
		return false
	}
	whole := tap.NewSlice(w.slice.Partition, nil, w.slice.Extra)
	asked, failed := w.view(whole)
	if failed != nil {
		return false
	}
	w.log.Warn(fmt.Sprintf("the API does not take the change token of the last run any more (status %d), the stream is read from its beginning", status),
		"stream", w.Stream, "partition", whole.Key())
	w.changes.given, w.asked, w.first = nil, asked, nil
	if first, err := w.paginator.First(); err == nil {
		w.first = first
	}
	w.toFirst()
	w.query = w.fingerprint()
	return true
}

// staleChanges match what APIs say of a change token that they do not take.
var staleChanges = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(sync|delta|change)[\s_-]?(token|link|state)|full[\s_-]?sync|re-?sync`)
})

func parseChanges(v any) (*Changes, error) {
	d, err := typed[*value.Dict](v)
	if err != nil {
		return nil, err
	}
	if err := spelling.Check("", d, "path", "address"); err != nil {
		return nil, err
	}
	c := &Changes{}
	if path, ok := d.Get("path"); ok {
		if c.Path, err = value.PathOf(path); err != nil {
			return nil, fmt.Errorf("path: %w", err)
		}
	}
	if address, ok := d.Get("address"); ok {
		if c.Address, err = typed[bool](address); err != nil {
			return nil, fmt.Errorf("address: %w", err)
		}
	}
	if c.Path.Len() == 0 {
		return nil, errors.New("path is missing, expected where answers hold the change token")
	}
	return c, nil
}
