package text

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// Encoding turns bytes into UTF-8. It is stateless.
type Encoding struct {
	name  string
	enc   encoding.Encoding // for several bytes a character, except UTF-8
	table *[256]rune        // for one byte a character; utf8.RuneError where there is none
	bom   bool              // a byte order mark at the beginning is dropped
}

// UTF8 is Python's "utf-8": a byte order mark stays in the text.
var UTF8 = Encoding{name: "utf-8"}

// IsUTF8 reports that text goes through unchanged.
func (e Encoding) IsUTF8() bool { return e.enc == nil && e.table == nil && !e.bom }

// Name is the codec's name in Python's spelling.
func (e Encoding) Name() string { return e.name }

// Lookup finds an encoding by one of the names that Python's codecs.lookup takes.
func Lookup(name string) (Encoding, error) {
	key := strings.Trim(strings.NewReplacer("-", "_", " ", "_", ".", "_").Replace(strings.ToLower(name)), "_")
	if plain, ok := aliases[key]; ok {
		key = plain
	}
	switch key {
	case "utf_8":
		return UTF8, nil
	case "utf_8_sig":
		return Encoding{name: "utf-8-sig", bom: true}, nil
	case "ascii":
		return Encoding{name: "ascii", table: asciiTable()}, nil
	}
	enc, ok := codecs[key]
	if !ok {
		return Encoding{}, fmt.Errorf("unknown encoding %q", name)
	}
	e := Encoding{name: strings.ReplaceAll(key, "_", "-"), enc: enc}
	if bytewise, ok := enc.(*charmap.Charmap); ok {
		e.enc, e.table = nil, pythonTable(key, bytewise)
	}
	return e, nil
}

func asciiTable() *[256]rune {
	var t [256]rune
	for i := range t {
		t[i] = utf8.RuneError
		if i < utf8.RuneSelf {
			t[i] = rune(i)
		}
	}
	return &t
}

// pythonTable is a table of the web with the characters in which Python's differs.
func pythonTable(key string, from *charmap.Charmap) *[256]rune {
	var t [256]rune
	for i := range t {
		t[i] = from.DecodeByte(byte(i))
		if strings.HasPrefix(key, "iso8859") && i >= 0x80 && i < 0xA0 {
			t[i] = rune(i)
		}
	}
	for _, c := range []byte(undefined[key]) {
		t[c] = utf8.RuneError
	}
	if key == "koi8_u" {
		t[0xAE], t[0xBE] = '╝', '╬'
	}
	return &t
}

// ErrText is wrapped by the errors about bytes that are no text in the encoding.
var ErrText = errors.New("not valid text")

func (e Encoding) mistake(at int64) error {
	return fmt.Errorf("%w in %s near byte %d", ErrText, e.name, at)
}

// Decode turns a whole text into UTF-8. It returns src itself when nothing has to change.
func (e Encoding) Decode(src []byte) ([]byte, error) {
	d := e.decoder()
	return d.next(src, true)
}

// Lenient is Decode with U+FFFD in place of what is no text.
func (e Encoding) Lenient(src []byte) []byte {
	switch {
	case e.table != nil:
		return appendTable(nil, e.table, src)
	case e.enc != nil:
		if out, err := e.enc.NewDecoder().Bytes(src); err == nil {
			return out
		}
	case e.bom:
		src = bytes.TrimPrefix(src, []byte(mark))
	}
	return bytes.ToValidUTF8(src, []byte("\uFFFD"))
}

func appendTable(dst []byte, table *[256]rune, src []byte) []byte {
	for _, c := range src {
		dst = utf8.AppendRune(dst, table[c])
	}
	return dst
}

const mark = "\xef\xbb\xbf" // the byte order mark in UTF-8

// decoder decodes piece by piece.
type decoder struct {
	Encoding
	tr    transform.Transformer
	rest  []byte // the beginning of a character that the next piece goes on with
	at    int64  // bytes seen before
	begun bool
	out   []byte
}

func (e Encoding) decoder() *decoder {
	d := &decoder{Encoding: e}
	if e.enc != nil {
		d.tr = e.enc.NewDecoder()
	}
	return d
}

// next decodes one more piece. The result is good until the next call, and as long as src is.
func (d *decoder) next(src []byte, final bool) ([]byte, error) {
	defer func(n int) { d.at += int64(n) }(len(src))
	switch {
	case d.table != nil:
		return d.fromTable(src)
	case d.enc != nil:
		return d.transform(src, final)
	}
	if len(d.rest) > 0 {
		src = append(d.rest, src...)
		d.rest = nil
	}
	if d.bom && !d.begun {
		if len(src) < len(mark) && !final && strings.HasPrefix(mark, string(src)) {
			d.rest = bytes.Clone(src)
			return nil, nil
		}
		src = bytes.TrimPrefix(src, []byte(mark))
	}
	d.begun = true
	if !final {
		cut := len(src) - partial(src)
		d.rest = bytes.Clone(src[cut:])
		src = src[:cut]
	}
	if !utf8.Valid(src) {
		return nil, d.mistake(d.at)
	}
	return src, nil
}

// partial counts the bytes at the end of b that begin a character without ending it.
func partial(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

func (d *decoder) fromTable(src []byte) ([]byte, error) {
	for i, c := range src {
		if d.table[c] == utf8.RuneError {
			return nil, d.mistake(d.at + int64(i))
		}
	}
	d.out = appendTable(d.out[:0], d.table, src)
	return d.out, nil
}

func (d *decoder) transform(src []byte, final bool) ([]byte, error) {
	if len(d.rest) > 0 {
		src = append(d.rest, src...)
		d.rest = nil
	}
	d.out = d.out[:0]
	for {
		if cap(d.out)-len(d.out) < 64+len(src) {
			grown := make([]byte, len(d.out), 2*cap(d.out)+2*len(src)+64)
			copy(grown, d.out)
			d.out = grown
		}
		nDst, nSrc, err := d.tr.Transform(d.out[len(d.out):cap(d.out)], src, final)
		d.out, src = d.out[:len(d.out)+nDst], src[nSrc:]
		switch {
		case errors.Is(err, transform.ErrShortDst):
			continue
		case errors.Is(err, transform.ErrShortSrc) && !final:
			d.rest = bytes.Clone(src)
		case err != nil:
			return nil, d.mistake(d.at)
		}
		break
	}
	if bytes.Contains(d.out, []byte("\uFFFD")) {
		return nil, d.mistake(d.at)
	}
	return d.out, nil
}
