package paging

import (
	"fmt"
	"hash/maphash"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// guard watches the pages of one slice for repetitions: an API may ignore the page number, repeat
// its last page past the end, or hand out cursors that lead in a circle. A repeated page is held
// back. When a new page follows, the held pages are written after all, as the reference runtime
// would have written them. When none follows, the slice ends with an error.
type guard struct {
	stream   string
	key      [][]string
	kind     state.Kind
	patience int

	seed   maphash.Seed
	pages  remembered // by content
	tokens remembered // the content that each gave last
	before outline    // of the page before
	streak int        // repeated pages in a row
	held   []tap.Page
	twice  twice
}

// outline is the fingerprint of a page.
type outline struct {
	content     uint64
	count       int
	first, last uint64 // hashes of the keys; 0: no keys
	token       uint64
}

// Pages without keys and with few records may be equal by chance; this many in a row are not.
const (
	fewRecords     = 10
	patienceForFew = 200
	sampled        = 64 // records of a page that are compared whole; of the others only the length counts
)

func newGuard(p *Loop, kind state.Kind) *guard {
	g := &guard{stream: p.Stream, key: p.PrimaryKey, kind: kind, patience: Patience, seed: maphash.MakeSeed()}
	if p.Settings.Strict {
		g.patience = 0
	}
	g.twice = twice{seed: g.seed, key: g.key, counted: kind == state.Page || kind == state.Offset}
	g.reset()
	return g
}

// reset forgets everything: the slice is read from its beginning, so that its pages must come
// again.
func (g *guard) reset() {
	g.pages, g.tokens, g.before, g.streak, g.held = remembered{}, remembered{}, outline{}, 0, nil
	g.twice.forget()
}

// outline makes the fingerprint of a page that was asked for with the token. Of a large page only a
// sample is hashed whole: hashing every byte would be a large part of the cost of reading.
func (g *guard) outline(token any, records []tap.Record) outline {
	o := outline{count: len(records), token: g.hashValue(token)}
	if len(records) == 0 {
		return o
	}
	step := max(1, (len(records)+sampled-1)/sampled)
	for i, r := range records {
		raw, ok := r.Data.Untouched()
		if ok {
			o.content = mix(o.content, uint64(len(raw)))
		}
		if i%step == 0 || i == len(records)-1 {
			if !ok {
				raw = value.Append(nil, r.Data)
			}
			o.content = mix(o.content, maphash.Bytes(g.seed, raw))
		}
	}
	o.content |= 1 // never that of an empty page
	o.first, o.last = g.hashKey(records[0]), g.hashKey(records[len(records)-1])
	return o
}

// mix joins hashes; their order counts.
func mix(a, b uint64) uint64 { return (a ^ b) * 0x9E3779B97F4A7C15 }

// knows reports whether any page is remembered yet.
func (g *guard) knows() bool { return len(g.tokens.first) > 0 }

func (g *guard) hashKey(r tap.Record) uint64 {
	id := tap.KeyOf(g.key, r)
	if id == nil {
		return 0
	}
	return g.hashValue(id)
}

func (g *guard) hashValue(v any) uint64 {
	if v == nil {
		return 0
	}
	return maphash.Bytes(g.seed, value.AppendCompactSorted(nil, v))
}

// repeats reports whether the page is one that came before, and how it does; an empty reason: it
// does not. A page that is new is remembered.
func (g *guard) repeats(o outline) string {
	reason := g.reason(o)
	if reason == "" {
		g.pass(o)
	} else {
		g.streak++
	}
	g.before = o
	return reason
}

func (g *guard) reason(o outline) string {
	switch {
	case g.sameToken(o):
		return "the same " + g.tokenName() + " came again with the same answer"
	case o.count == 0:
		return ""
	}
	if _, seen := g.pages.get(o.content); seen {
		return "the same records came again"
	}
	b := g.before
	if b.count == o.count && o.count > 1 && b.first != 0 && o.first != o.last && b.first == o.first && b.last == o.last {
		return "records with the same keys came again"
	}
	return ""
}

// pass remembers a page that is new, or is taken for it.
func (g *guard) pass(o outline) {
	g.streak = 0
	g.pages.put(o.content, o.token)
	g.tokens.put(o.token, o.content)
}

// sameToken reports whether the page repeats an answer to its own token.
func (g *guard) sameToken(o outline) bool {
	content, asked := g.tokens.get(o.token)
	return asked && content == o.content
}

// exhausted reports whether so many pages in a row came before that nothing new is to be expected.
// Rows without keys may be equal; only a token that comes again is sure to lead nowhere.
func (g *guard) exhausted(o outline) bool {
	limit := g.patience
	if o.first == 0 && !g.sameToken(o) {
		limit = max(limit, Patience)
	}
	if o.count < fewRecords && o.first == 0 && g.kind != state.Opaque && g.kind != state.NextURL {
		limit = max(limit, patienceForFew)
	}
	return g.streak > limit
}

// metBefore reports whether the token was asked with before.
func (g *guard) metBefore(token any) bool {
	_, ok := g.tokens.get(g.hashValue(token))
	return ok && token != nil
}

func (g *guard) tokenName() string {
	switch g.kind {
	case state.Page:
		return "page number"
	case state.Offset:
		return "offset"
	case state.NextURL:
		return "next address"
	default:
		return "cursor"
	}
}

// fail is the error that ends the slice; what was held back is not written. token is what the last
// page was asked with.
func (g *guard) fail(token any, o outline, reason string) error {
	g.held = nil
	kind, hint := tap.Transient, "the API seems to ignore the parameter that carries the cursor: check its name, and where the next cursor stands in the answer"
	if g.kind == state.Page || g.kind == state.Offset {
		kind = tap.System
		hint = "the API seems to ignore the paging parameters, or to repeat its last page past the end: check their names and the page size"
	}
	return &tap.Error{
		Kind: kind,
		Message: fmt.Sprintf("stream %s: pages repeat: %s (%s %s, records: %d); they were not written again",
			g.stream, reason, g.tokenName(), shownToken(token), o.count),
		Hint: hint,
	}
}

// shownToken is a token for messages: addresses lose their query, which may hold secrets, and the
// rest its length.
func shownToken(token any) string {
	if token == nil {
		return "of the first page"
	}
	text := value.Str(token)
	if bare := rest.BareURL(text); bare != "" && bare != text {
		text = bare
	}
	if len(text) > 60 {
		text = text[:60] + "…"
	}
	return text
}
