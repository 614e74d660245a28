package sampleapi_test

import (
	"net/http"
	"testing"

	"anytap/internal/sampleapi"
)

// TestControlAddsRecords asks for more records, and for what there is not.
func TestControlAddsRecords(t *testing.T) {
	t.Parallel()
	r, err := sampleapi.Start(t.Context(), sampleapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	count := func() (n int) {
		for range r.Truth(sampleapi.JSONPlaceholder, "posts") {
			n++
		}
		return n
	}
	before := count()
	for path, want := range map[string]struct{ status, added int }{
		"jsonplaceholder/posts?n=3":  {http.StatusOK, 3},
		"jsonplaceholder/posts":      {http.StatusBadRequest, 0},
		"jsonplaceholder/posts?n=-1": {http.StatusBadRequest, 0},
		"jsonplaceholder/nosuch?n=1": {http.StatusBadRequest, 0},
		"nosuch/posts?n=1":           {http.StatusBadRequest, 0},
	} {
		resp, err := http.Post(r.Control()+path, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if added := count() - before; resp.StatusCode != want.status || added != want.added {
			t.Errorf("%s: status %d, %d records more, want %+v", path, resp.StatusCode, added, want)
		}
		before = count()
	}
}
