package exchange

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"

	"anytap/internal/rest"
)

func always(*rest.Response) bool { return true }

func TestRunCacheSpills(t *testing.T) {
	t.Parallel()
	c := newRunCache()
	t.Cleanup(func() { _ = c.close() })
	bodies := [][]byte{bytes.Repeat([]byte("a"), runMemory-1), []byte("bb"), {}, []byte("c"), bytes.Repeat([]byte("d"), 100)}
	asked := 0
	get := func(i int) *rest.Response {
		r, err := c.through(context.Background(), string(rune('0'+i)), always, func() (*rest.Response, error) {
			asked++
			return rest.NewResponse(http.StatusOK, nil, "", bodies[i]), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for range 2 {
		for i, want := range bodies {
			if got, _ := get(i).Held(); !bytes.Equal(got, want) {
				t.Errorf("body %d: got %d bytes, want %d", i, len(got), len(want))
			}
		}
	}
	if asked != len(bodies) || c.size == 0 {
		t.Errorf("asked %d times, %d bytes in the file", asked, c.size)
	}
}

func TestRunCacheFailureIsNotKept(t *testing.T) {
	t.Parallel()
	c := newRunCache()
	for i, want := range []string{"bad", "", ""} {
		r, err := c.through(context.Background(), "k", always, func() (*rest.Response, error) {
			if i == 0 {
				return nil, errors.New("bad")
			}
			return rest.NewResponse(http.StatusOK, nil, "", []byte("x")), nil
		})
		if err != nil && err.Error() != want || err == nil && (want != "" || r.FromCache != (i == 2)) {
			t.Errorf("step %d: %v, %v", i, r, err)
		}
	}
}
