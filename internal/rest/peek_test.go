package rest

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"anytap/internal/rawjson"
	"anytap/internal/value"
)

// FuzzPeek gives a body in pieces. What is told of it must be what stands in it.
func FuzzPeek(f *testing.F) {
	f.Add([]byte(`{"next":"c2","total":3,"data":[{"id":1}]}`), uint8(3))
	f.Add([]byte(` {"total":12345,"next":{"a":[1,2]},"data":[`), uint8(1))
	f.Add([]byte(`{"next":12,"next":13}`), uint8(7))
	f.Add([]byte(`[{"next":1}]`), uint8(2))
	f.Fuzz(func(t *testing.T, body []byte, piece uint8) {
		var told *value.Dict
		g := &Peek{Members: []string{"next"}, Tell: func(_ http.Header, head *value.Dict) { told = head }}
		in := &peeked{io.NopCloser(bytes.NewReader(body)), g, nil}
		for buffer := make([]byte, int(piece)+1); ; {
			if _, err := in.Read(buffer); err != nil {
				break
			}
		}
		if told == nil {
			return
		}
		var first any
		_ = rawjson.Members(body[skipBlank(body):], func(key, val []byte) bool {
			if rawjson.KeyIs(key, "next") {
				first = value.DecodeRaw(val)
				return false
			}
			return true
		})
		if got, _ := told.Get("next"); !value.Equal(got, first) {
			t.Errorf("told %v of %q, it holds %v", got, body, first)
		}
	})
}
