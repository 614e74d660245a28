package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"anytap/internal/golden"
)

// allocationsTable holds the last measurement. `go test -run TestAllocations -update` writes it
// anew.
const allocationsTable = "testdata/allocations/table.json"

// allocations counts the memory blocks of a read. Those of a page include about 60 of the test
// server.
type allocations struct {
	Record float64 `json:"per record"`
	Page   float64 `json:"per page"`
}

// A measurement may lie above the table by this much, since pools are emptied now and then.
const (
	recordTolerance = 0.05
	pageTolerance   = 15
)

// TestAllocations fails when reading a record or a page needs more memory blocks than the table
// says.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	found := map[string]allocations{}
	for _, protocol := range protocols {
		for _, stream := range []string{"as_it_came", "by_date", "filtered", "changed"} {
			found[protocol+" "+stream] = measureAllocations(t, protocol, stream)
		}
	}
	if golden.Updating() {
		text, err := json.MarshalIndent(found, "", "  ")
		if err == nil {
			err = os.WriteFile(allocationsTable, append(text, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(allocationsTable)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]allocations
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for name, got := range found {
		t.Logf("%-22s %6.2f a record, %4.0f a page", name, got.Record, got.Page)
		if most, ok := want[name]; !ok || got.Record > most.Record+recordTolerance || got.Page > most.Page+pageTolerance {
			t.Errorf("%s: %.2f a record and %.0f a page, the table has %.2f and %.0f", name, got.Record, got.Page, most.Record, most.Page)
		}
	}
}

// measureAllocations reads few and many pages, small and large ones. The differences are what a
// page and a record cost.
func measureAllocations(t *testing.T, protocol, stream string) allocations {
	t.Helper()
	const few, many, small, large = 20, 120, 10, 100
	perPage := func(size int) float64 {
		return float64(memoryBlocks(t, protocol, stream, many, size)-memoryBlocks(t, protocol, stream, few, size)) / (many - few)
	}
	atSmall, atLarge := perPage(small), perPage(large)
	record := (atLarge - atSmall) / (large - small)
	round := func(v float64, places int) float64 {
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', places, 64), 64)
		return rounded
	}
	return allocations{Record: round(record, 2), Page: round(atSmall-small*record, 0)}
}

// memoryBlocks counts the memory blocks of a whole read: the fewest of three tries.
func memoryBlocks(t *testing.T, protocol, stream string, pages, size int) uint64 {
	t.Helper()
	server := httptest.NewServer(pagesOf(pages, size))
	defer server.Close()
	config := writeJSON(t, "config.json", map[string]any{"base_url": server.URL, "page_size": size, "shop": "main"})
	args := append(readArgs(t, protocol, config, selection{streams: []string{stream}}), "--manifest-path", filepath.Join("testdata", "allocations", "manifest.yaml"))
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	fewest := ^uint64(0)
	for range 3 {
		var before, after runtime.MemStats
		var out, logs bytes.Buffer
		runtime.ReadMemStats(&before)
		code := program.Run(t.Context(), args, &out, &logs)
		runtime.ReadMemStats(&after)
		if code != 0 {
			t.Fatalf("exit code %d\n%.2000s", code, out.Bytes())
		}
		fewest = min(fewest, after.Mallocs-before.Mallocs)
	}
	return fewest
}

// pagesOf answers with pages of records, and then with an empty one.
func pagesOf(pages, size int) http.Handler {
	text := make([]string, pages+2)
	for page := 1; page <= pages; page++ {
		records := make([]string, size)
		for i := range records {
			id := page*size + i
			records[i] = fmt.Sprintf(`{"id":%d,"status":"open","amount":%d.25,"created_at":"2024-%02d-%02dT00:00:00Z","secret":"none of your business",`+
				`"customer":{"id":%d,"email":"user%d@example.test","tags":["a","b"]},"body":%q}`, id, id, 1+i%12, 1+i%28, id*7, id, strings.Repeat("some words ", 40))
		}
		text[page] = `{"data":[` + strings.Join(records, ",") + `]}`
	}
	text[pages+1] = `{"data":[]}`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		if page < 1 || page >= len(text) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(text[page])))
		_, _ = io.WriteString(w, text[page])
	})
}
