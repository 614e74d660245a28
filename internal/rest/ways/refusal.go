package ways

import (
	"fmt"
	"strings"

	"anytap/internal/rest/signs"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// note keeps what was tried in vain.
func (l *look) note(w *Way, token any, got outcome) {
	what := ""
	switch {
	case w.Type == Link:
		what = "the address in the header Link"
	case w.Type == NextURL:
		what = "the address in " + w.pointer()
	case len(w.Params) > 0:
		what = "the members of " + strings.Join(w.Params[0].Path[:len(w.Params[0].Path)-1], ".") + " as parameters"
	case w.Type == Cursor:
		what = strings.Join(w.Param, ".") + "=…"
	default:
		what = strings.Join(w.Param, ".") + "=" + value.Str(token)
	}
	if w.QueryOnly {
		what += " (its query alone)"
	}
	l.tried = append(l.tried, what+" ("+got.String()+")")
}

// pointer is the place of a token or address.
func (w *Way) pointer() string {
	if w.Header != "" {
		return "the header " + w.Header
	}
	return strings.Join(w.Path, ".")
}

// refusal is the error of a list that goes on, in a way that was not found. why are the signs.
func (l *look) refusal(why []string) error {
	kind := tap.Config
	if l.failed != nil && tap.KindOf(l.failed) == tap.Transient {
		kind = tap.Transient
	}
	message := fmt.Sprintf("stream %s: the answer speaks for more than the %d records that came (%s), but the way to the next page was not found; the answer holds %s",
		l.Stream, l.rows, strings.Join(why, "; "), l.held)
	if len(l.tried) > 0 {
		message += "; tried: " + strings.Join(l.tried, ", ")
	}
	hint := `say in the stream's configuration how its pages are asked for: "pagination": ` + l.proposal()
	if !l.promises() {
		hint += `; or that there is one page: {"type": "none"}`
	}
	return &tap.Error{Kind: kind, Message: message, Hint: hint, Err: l.failed}
}

// noRecord is the error of an answer that was taken for a record, although a header leads to a next
// page.
func (l *look) noRecord(p signs.Pointer) error {
	return &tap.Error{
		Kind: tap.Config,
		Message: fmt.Sprintf("stream %s: the answer is an object and was taken for a record, but its %s leads to a next page; it holds %s",
			l.Stream, p.Place, l.held),
		Hint: `say in the stream's configuration where the records are: "records_path": "…"; or that there is one page: "pagination": {"type": "none"}`,
	}
}

// proposal is the pagination that the answer comes closest to, with what is not known left open.
func (l *look) proposal() string {
	if p, ok := l.signs.Pointer(); ok {
		w := Way{Type: Cursor, Param: []string{"…"}, Path: p.Path, Header: p.Header}
		if p.Address {
			w.Type, w.Param = NextURL, nil
		}
		return string(value.Append(nil, w.Settings()))
	}
	if l.signs.Offset.Known {
		return `{"type": "offset", "param": "…"}`
	}
	return `{"type": "page", "param": "…"} or {"type": "offset", "param": "…"}`
}

// promises reports whether the answer itself says that more follows.
func (l *look) promises() bool { return len(l.more()) > 0 }
