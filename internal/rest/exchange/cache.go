package exchange

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anytap/internal/files"
	"anytap/internal/redact"
	"anytap/internal/rest"
)

// DiskCache keeps answers between runs as plain files, one for each answer. The file's name is a
// hash of the whole request and of whose credentials sign it, so that nobody reads what another
// account was given. It holds the body and the headers, nothing of the request, and no
// answer in which a secret of this run occurs.
type DiskCache struct {
	dir string
	ttl time.Duration
}

// NewDiskCache makes a cache in a folder, which is made where it is missing; answers are fresh for
// ttl.
func NewDiskCache(dir string, ttl time.Duration) (*DiskCache, error) {
	if ttl <= 0 {
		return nil, fmt.Errorf("cache: ttl %v: expected more than 0", ttl)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	return &DiskCache{dir, ttl}, nil
}

// cacheFormat is the version of the files' form; files of another one are dropped.
const cacheFormat = 1

// cacheHead is the first line of a file; the body follows it.
type cacheHead struct {
	Format int         `json:"format"`
	At     time.Time   `json:"at"`
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	URL    string      `json:"url"`
	Size   int         `json:"size"`
	Sum    string      `json:"sum"`
}

// throughDisk answers from the cache between runs, or asks and keeps the answer.
func (x *Endpoint) throughDisk(ctx context.Context, cache *DiskCache, c *call) (*rest.Response, error) {
	key, err := x.keyOf(c)
	if err != nil {
		return nil, err
	}
	if key == "" {
		return x.throughRun(ctx, c)
	}
	now := x.client.Wall()
	if r := cache.load(key, now); r != nil {
		return r, nil
	}
	r, err := x.throughRun(ctx, c)
	if err != nil || r == nil || !x.client.keepable(r) || x.client.redact.Holds(heldBy(r)) {
		return r, err
	}
	if err := cache.store(key, now, r, x.client.redact); err != nil {
		x.client.rt.Logger().Warn("an answer could not be kept in the cache", "stream", x.Stream, "error", err)
	}
	return r, nil
}

func hashOf(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:])
}

func (c *DiskCache) path(key string) string { return filepath.Join(c.dir, key[:2], key[2:]) }

// load gives a fresh answer; nil: none. What is old or damaged is removed.
func (c *DiskCache) load(key string, now time.Time) *rest.Response {
	data, err := files.Read(c.path(key), 4*holdLimit)
	if err != nil {
		return nil
	}
	head, body, ok := parseCacheFile(data)
	age := now.Sub(head.At)
	if !ok || age >= c.ttl || age < -c.ttl {
		_ = os.Remove(c.path(key))
		return nil
	}
	r := rest.NewResponse(head.Status, head.Header, head.URL, body)
	r.FromCache = true
	return r
}

func parseCacheFile(data []byte) (head cacheHead, body []byte, ok bool) {
	line, body, found := bytes.Cut(data, []byte("\n"))
	if !found || json.Unmarshal(line, &head) != nil || head.Format != cacheFormat || head.Size != len(body) {
		return head, nil, false
	}
	sum := sha256.Sum256(body)
	return head, body, head.Sum == hex.EncodeToString(sum[:])
}

// store writes a file aside and renames it, so that no reader sees a part of it.
func (c *DiskCache) store(key string, now time.Time, r *rest.Response, secrets *redact.Redactor) error {
	body := heldBy(r)
	header := make(http.Header, len(r.Header))
	for name, values := range r.Header {
		if name != "Set-Cookie" && name != "Www-Authenticate" && !secrets.Holds([]byte(strings.Join(values, "\n"))) {
			header[name] = values
		}
	}
	sum := sha256.Sum256(body)
	line, err := json.Marshal(cacheHead{cacheFormat, now, r.Status, header, r.URL, len(body), hex.EncodeToString(sum[:])})
	if err != nil {
		return err
	}
	folder := filepath.Dir(c.path(key))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "new-") // readable by its owner only
	if err != nil {
		return err
	}
	_, err = f.Write(append(append(line, '\n'), body...))
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), c.path(key))
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// heldBy is the body of a response that holds it; nil where it does not.
func heldBy(r *rest.Response) []byte {
	body, _ := r.Held()
	return body
}
