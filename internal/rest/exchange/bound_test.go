package exchange

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"anytap/internal/rest"
)

// TestEncodingsAreBounded nests gzip in gzip, as the header says.
func TestEncodingsAreBounded(t *testing.T) {
	t.Parallel()
	c := NewClient(&rest.Runtime{})
	for layers, fits := range map[int]bool{1: true, mostEncodings: true, mostEncodings + 1: false, 10_000: false} {
		data := []byte("text")
		for range min(layers, 2*mostEncodings) {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(data)
			_ = z.Close()
			data = b.Bytes()
		}
		header := http.Header{"Content-Encoding": {strings.Repeat("gzip, ", layers-1) + "gzip"}}
		body, err := c.decompress(&http.Response{Header: header, Body: io.NopCloser(bytes.NewReader(data))}, false)
		if !fits {
			if fault, ok := errors.AsType[*rest.Fault](err); !ok || fault.Kind != rest.TooLarge {
				t.Errorf("%d times: %v", layers, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(body); string(got) != "text" || err != nil {
			t.Errorf("%d times: %q, %v", layers, got, err)
		}
	}
}
