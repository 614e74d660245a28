package rest

import (
	"net/http"
	"testing"

	"anytap/internal/value"
)

func TestSpelledNames(t *testing.T) {
	t.Parallel()
	h := http.Header{"X-Next": {"a", "b"}, "Etag": {"e"}, "Other": {"o"}}
	d := HeaderDict(h, SpelledNames("{{ headers['x-next'] }}{{ headers.get(\"ETag\") }}", "{{ headers.other }}")...)
	if got := string(value.Append(nil, d)); got != `{"ETag":"e","other":"o","x-next":"a, b"}` {
		t.Errorf("got %s", got)
	}
}
