package exchange

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"anytap/internal/rest"
)

func FuzzCacheFile(f *testing.F) {
	f.Add([]byte("{\"format\":1,\"size\":2,\"sum\":\"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"}\n{}"))
	f.Add([]byte("{}\n"))
	f.Add([]byte("no line"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if head, body, ok := parseCacheFile(data); ok && head.Size != len(body) {
			t.Errorf("size %d, body %d", head.Size, len(body))
		}
	})
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"error":{"code":"x","message":"m","request_id":"r"},"_embedded":{"errors":[{"path":"p"}]}}`), "application/json")
	f.Add([]byte("\xff\xfe<html>"), "text/html; charset=latin-1")
	f.Add([]byte(`[[{"errors":["a",{"msg":1}]}]]`), "")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		a := rest.NewAnswer(400, http.Header{"Content-Type": {kind}}, "http://h/", body)
		if text := apiMessage(a); len(text) > longestMessage+8 {
			t.Errorf("a message of %d bytes", len(text))
		}
		_ = a.RequestID()
	})
}

func FuzzDecompress(f *testing.F) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte("some text"))
	_ = z.Close()
	f.Add(b.Bytes(), "gzip")
	f.Add([]byte("x\x9c\x03\x00\x00\x00\x00\x01"), "deflate")
	f.Add([]byte("plain"), "deflate, gzip")
	f.Add(b.Bytes(), strings.Repeat("gzip, ", 100)+"gzip")
	c := NewClient(&rest.Runtime{})
	f.Fuzz(func(t *testing.T, data []byte, encoding string) {
		resp := &http.Response{Header: http.Header{"Content-Encoding": {encoding}}, Body: io.NopCloser(bytes.NewReader(data))}
		body, err := c.decompress(resp, len(data)%2 == 0)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(body, 1<<20))
		_ = body.Close()
	})
}
