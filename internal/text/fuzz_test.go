package text

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// FuzzEncodings: text is the same as a whole, byte by byte and where mistakes are let pass.
func FuzzEncodings(f *testing.F) {
	for name := range codecs {
		f.Add([]byte("a,\"\xe9\"\r\n\xff\xfe\x00\xd8\x1b$B"), name)
	}
	for _, name := range []string{"UTF-8", "utf-8-sig", "us-ascii", "no such"} {
		f.Add([]byte("\xef\xbb\xbfa\xc3\xa9"), name)
	}
	f.Fuzz(func(t *testing.T, src []byte, name string) {
		enc, err := Lookup(name)
		if err != nil {
			return
		}
		lenient := enc.Lenient(src)
		if !utf8.Valid(lenient) {
			t.Errorf("%s: %q becomes %q, which is no text", name, src, lenient)
		}
		whole, err := enc.Decode(src)
		if err == nil && (!utf8.Valid(whole) || !bytes.Equal(whole, lenient)) {
			t.Errorf("%s: %q becomes %q, leniently %q", name, src, whole, lenient)
		}
		if enc.IsUTF8() {
			return
		}
		parts, err2 := io.ReadAll(NewReader(iotest.OneByteReader(bytes.NewReader(src)), enc))
		if (err == nil) != (err2 == nil) || err == nil && !bytes.Equal(whole, parts) {
			t.Errorf("%s: %q becomes %q, %v; byte by byte %q, %v", name, src, whole, err, parts, err2)
		}
	})
}
