package sampleapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// cursor is a place in the answer to a query: the key of the next row, and the page that this row
// begins.
type cursor struct {
	page, key int
	hash      uint64
	issued    time.Time
}

// hashQuery is a hash of a query: its endpoint and its parameters without the cursor.
func hashQuery(path string, v url.Values) uint64 {
	cursors := v["cursor"]
	v.Del("cursor")
	sum := sha256.Sum256([]byte(path + "?" + v.Encode()))
	if cursors != nil {
		v["cursor"] = cursors
	}
	return binary.BigEndian.Uint64(sum[:])
}

const (
	cursorFields = 4 * 8
	cursorSize   = cursorFields + 8 // and a signature
)

// issue makes an opaque cursor. It is signed, so that clients can not invent one.
func (p *pullbay) issue(q reviewQuery, at cursor) string {
	b := make([]byte, 0, cursorSize)
	b = binary.BigEndian.AppendUint64(b, uint64(at.page))
	b = binary.BigEndian.AppendUint64(b, uint64(at.key))
	b = binary.BigEndian.AppendUint64(b, q.hash)
	b = binary.BigEndian.AppendUint64(b, uint64(p.opt.Now().Unix()))
	return base64.RawURLEncoding.EncodeToString(append(b, p.signature(b)...))
}

func (p *pullbay) signature(b []byte) []byte {
	h := hmac.New(sha256.New, strconv.AppendUint(nil, p.opt.Seed, 10))
	h.Write(b)
	return h.Sum(nil)[:cursorSize-cursorFields]
}

func (p *pullbay) parseCursor(text string) (cursor, bool) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != cursorSize || !hmac.Equal(b[cursorFields:], p.signature(b[:cursorFields])) {
		return cursor{}, false
	}
	field := func(i int) uint64 { return binary.BigEndian.Uint64(b[8*i:]) }
	return cursor{page: int(field(0)), key: int(field(1)), hash: field(2), issued: time.Unix(int64(field(3)), 0)}, true
}

// position finds where the request's page begins. It gives false after it has answered that the
// cursor can not be used.
func (p *pullbay) position(w http.ResponseWriter, r *http.Request, q reviewQuery) (cursor, bool) {
	text := r.URL.Query().Get("cursor")
	f := callOf(r).faults
	if text == "" || f.IgnorePaging {
		return cursor{page: 1, key: math.MinInt}, true
	}
	at, ok := p.parseCursor(text)
	name := strconv.FormatUint(q.hash, 16)
	switch {
	case !ok:
		p.invalid(w, r, "cursor: not one of ours")
	case at.hash != q.hash || reached(f.ForeignCursor, at.page) && p.once("foreign "+name):
		p.invalid(w, r, "cursor: belongs to another query")
	case !p.opt.Now().Before(at.issued.Add(p.opt.CursorLifetime)) || reached(f.ExpiredCursor, at.page) && p.once("expired "+name):
		p.fail(w, r, problem{status: http.StatusBadRequest, code: "cursor_expired", message: "Cursor expired"})
	default:
		return at, true
	}
	return cursor{}, false
}
