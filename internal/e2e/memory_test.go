package e2e

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// memoryLimit is the most memory, in bytes, that the program may occupy while it reads an answer of
// any size.
const memoryLimit = 64 << 20

// answerSize is the size of the answer in MiB: that of ANYTAP_MEMORY_TEST, such as 1024 (make
// memory), or a small one.
func answerSize(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ANYTAP_MEMORY_TEST")
	if text == "" {
		return 64
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestManagedAnswerIsStreamed reads one large answer with the real binary. Each record must come
// once, and the memory at its peak must be small, whatever the answer's size.
func TestManagedAnswerIsStreamed(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc: the peak of memory can not be read")
	}
	binary, size := buildBinary(t), answerSize(t)
	for name, test := range map[string]struct {
		protocol string
		zip      bool
	}{"plain": {"airbyte", false}, "compressed": {"singer", true}} {
		t.Run(name, func(t *testing.T) {
			server := largeAnswer(t, size<<20, test.zip)
			config := writeJSON(t, "config.json", map[string]any{
				"source": "pullbay", "base_url": server.URL, "api_key": "key", "business_ids": []string{"b-1"}, "pagination": "managed",
			})
			c := &child{t: t, cmd: exec.Command(binary, readArgs(t, test.protocol, config, selection{})...)}
			c.cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GO") }) // as users have it
			begun := time.Now()
			c.start()
			records, peak := followOutput(t, c.pipe, c.cmd.Process.Pid)
			c.end().mustSucceed(t)
			t.Logf("%d MiB, %d records in %.1f s, at most %.1f MiB of memory", size, records, time.Since(begun).Seconds(), float64(peak)/(1<<20))
			if want := recordsIn(size << 20); records != want {
				t.Errorf("%d records, want %d", records, want)
			}
			if peak == 0 || peak > memoryLimit {
				t.Errorf("the program occupied %d bytes, want at most %d", peak, memoryLimit)
			}
		})
	}
}

// buildBinary builds the program as a release does.
func buildBinary(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "anytap")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// reviewText makes a record about a KiB long.
var reviewText = strings.Repeat("A review of some length. ", 36)

func appendReview(b []byte, n int) []byte {
	return fmt.Appendf(b, `{"id":"r-%08d","author":"someone","rating":%d,"title":"Title %d","content":%q,"date":"2026-01-02T03:04:05Z","version":"1.2.3","helpful_count":null}`,
		n, n%5+1, n, reviewText)
}

func recordsIn(size int) int { return size / len(appendReview(nil, 0)) }

// largeAnswer serves a managed answer of a size, which is made while it is sent.
func largeAnswer(t *testing.T, size int, zip bool) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		var out io.Writer = w
		if zip {
			w.Header().Set("Content-Encoding", "gzip")
			z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // fails for an unknown level only
			defer z.Close()                                //nolint:errcheck // the client has gone
			out = z
		}
		buffered := bufio.NewWriterSize(out, 256<<10)
		defer buffered.Flush() //nolint:errcheck // the client has gone
		fmt.Fprint(buffered, `{"data":[`)
		var b []byte
		total := recordsIn(size)
		for n := range total {
			if b = b[:0]; n > 0 {
				b = append(b, ',')
			}
			if _, err := buffered.Write(appendReview(b, n)); err != nil {
				return
			}
		}
		fmt.Fprintf(buffered, `],"meta":{"total_results":%d,"pages_fetched":1,"credits_used":1,"request_id":"req_1"}}`, total)
	}))
	t.Cleanup(server.Close)
	return server
}

var reviewID = regexp.MustCompile(`"id":"r-(\d+)"`)

// followOutput reads a program's messages to the end. It counts the records, each of which must
// come once and in order, and watches the memory.
//
// The rusage of the process would not do: on Linux its peak includes that of the process which
// started it.
func followOutput(t *testing.T, out io.Reader, pid int) (records int, peak int64) {
	t.Helper()
	lines := bufio.NewReaderSize(out, 1<<20)
	for n := 0; ; n++ {
		line, err := lines.ReadSlice('\n')
		if err == io.EOF {
			return records, peak
		}
		if err != nil {
			t.Fatal(err)
		}
		if n%256 == 0 || !bytes.Contains(line[:24], []byte("RECORD")) {
			peak = max(peak, peakMemory(pid))
		}
		if id := reviewID.FindSubmatch(line); id != nil {
			if got, _ := strconv.Atoi(string(id[1])); got != records { // the pattern has digits only
				t.Fatalf("record %d came in the place of %d", got, records)
			}
			records++
		}
	}
}

// peakMemory is the most memory that a running process has occupied, in bytes; 0 when it has ended.
func peakMemory(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	var kib int64
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(rest, &kib) // a process that has ended has no such line
	return kib << 10
}
