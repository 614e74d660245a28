package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"anytap/internal/rest"
	"anytap/internal/value"
)

// runCache keeps answers for one run, so that a stream which is also a parent of others is read
// from the API once. Two equal requests at the same time become one. What does not fit in memory
// goes to a temporary file that has no name.
type runCache struct {
	mu      sync.Mutex
	entries map[string]*runEntry
	memory  int
	file    *os.File
	size    int64
}

// runMemory is how many bytes of bodies are kept in memory.
const runMemory = 64 << 20

type runEntry struct {
	ready  chan struct{} // closed when the first who asked has the answer
	ok     bool          // whether it can be used
	status int
	header http.Header
	url    string
	from   string
	body   []byte // nil: in the file
	at     int64
	length int
}

func newRunCache() *runCache { return &runCache{entries: map[string]*runEntry{}} }

// through gives the kept answer, or asks and keeps it where keep agrees.
func (c *runCache) through(ctx context.Context, key string, keep func(*rest.Response) bool, ask func() (*rest.Response, error)) (*rest.Response, error) {
	c.mu.Lock()
	e, known := c.entries[key]
	if !known {
		e = &runEntry{ready: make(chan struct{})}
		c.entries[key] = e
		c.mu.Unlock()
		return c.fill(key, e, keep, ask)
	}
	c.mu.Unlock()
	select {
	case <-e.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if !e.ok {
		return ask()
	}
	body, err := c.load(e)
	if err != nil {
		return ask()
	}
	r := rest.NewResponse(e.status, e.header, e.url, body)
	r.From, r.FromCache = e.from, true
	return r, nil
}

func (c *runCache) fill(key string, e *runEntry, keep func(*rest.Response) bool, ask func() (*rest.Response, error)) (*rest.Response, error) {
	defer close(e.ready)
	r, err := ask()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || r == nil || !keep(r) || !c.store(e, heldBy(r)) {
		delete(c.entries, key)
		return r, err
	}
	if e.body != nil {
		r.Release = nil
	}
	e.ok, e.status, e.header, e.url, e.from = true, r.Status, r.Header, r.URL, r.From
	return r, nil
}

// store keeps a body; callers hold mu.
func (c *runCache) store(e *runEntry, body []byte) bool {
	if c.memory+len(body) <= runMemory {
		c.memory += len(body)
		e.body = body
		return true
	}
	if c.file == nil {
		f, err := os.CreateTemp("", "anytap-answers-")
		if err != nil {
			return false
		}
		_ = os.Remove(f.Name()) // it lives as long as it is open
		c.file = f
	}
	if _, err := c.file.WriteAt(body, c.size); err != nil {
		return false
	}
	e.at, e.length = c.size, len(body)
	c.size += int64(len(body))
	return true
}

func (c *runCache) load(e *runEntry) ([]byte, error) {
	if e.body != nil || e.length == 0 {
		return e.body, nil
	}
	body := make([]byte, e.length)
	_, err := c.file.ReadAt(body, e.at)
	return body, err
}

func (c *runCache) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries, c.memory = map[string]*runEntry{}, 0
	if c.file == nil {
		return nil
	}
	err := c.file.Close()
	c.file = nil
	return err
}

// key identifies equal requests: whatever is sent, other than the cookies that answers have set.
func (r *request) key() string {
	sum := sha256.New()
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, part := range []string{r.Method, r.URL.String()} {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	for _, name := range names {
		if name == "Cookie" && !r.ownCookie() {
			continue
		}
		sum.Write([]byte(name + ":" + strings.Join(r.Header[name], ",")))
		sum.Write([]byte{0})
	}
	sum.Write(r.Body)
	return hex.EncodeToString(sum.Sum(nil))
}

// ownCookie reports whether the header Cookie is what the request was made of.
func (r *request) ownCookie() bool {
	if r.parts == nil || r.parts.Headers == nil {
		return false
	}
	for key := range r.parts.Headers.AllKeys() {
		if http.CanonicalHeaderKey(value.Str(key)) == "Cookie" {
			return true
		}
	}
	return false
}
