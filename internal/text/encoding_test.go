package text

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct {
		encoding, in, want string // want "!": no text
	}{
		"utf-8":               {"utf-8", "aé", "aé"},
		"utf-8, mark stays":   {"UTF8", "\xef\xbb\xbfa", "\uFEFFa"},
		"utf-8, broken":       {"utf-8", "a\xff", "!"},
		"utf-8, cut":          {"utf-8", "a\xc3", "!"},
		"utf-8, surrogate":    {"utf-8", "\xed\xa0\x80", "!"},
		"utf-8-sig":           {"utf_8_sig", "\xef\xbb\xbfa", "a"},
		"utf-8-sig, no mark":  {"utf-8-sig", "a", "a"},
		"ascii":               {"us-ascii", "a", "a"},
		"ascii, broken":       {"ascii", "\xe9", "!"},
		"latin-1":             {"latin-1", "\xdcn\x85", "Ün\u0085"},
		"iso-8859-1":          {"ISO-8859-1", "\xe9", "é"},
		"iso-8859-15":         {"iso-8859-15", "\xa4", "€"},
		"cp1252":              {"windows-1252", "\x80", "€"},
		"cp1252, undefined":   {"cp1252", "\x81", "!"},
		"cp1251":              {"1251", "\xc0", "А"},
		"koi8-u":              {"koi8-u", "\xae", "╝"},
		"utf-16 with mark":    {"utf-16", "\xfe\xff\x00a", "a"},
		"utf-16 without mark": {"utf-16", "a\x00", "a"},
		"utf-16-le":           {"utf-16-le", "a\x00", "a"},
		"utf-16, lone":        {"utf-16-le", "\x00\xd8a\x00", "!"},
		"shift_jis":           {"sjis", "\x82\xa0", "あ"},
		"gbk":                 {"gbk", "\xc4\xe3", "你"},
		"euc-kr":              {"euc_kr", "\xb0\xa1", "가"},
		"big5":                {"big5", "\xa4\xa4", "中"},
	} {
		e, err := Lookup(c.encoding)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		whole, err := e.Decode([]byte(c.in))
		parts, err2 := io.ReadAll(NewReader(iotest.OneByteReader(strings.NewReader(c.in)), e))
		if e.IsUTF8() {
			parts, err2 = whole, err // nothing is looked at
		}
		if c.want == "!" {
			if !errors.Is(err, ErrText) || !errors.Is(err2, ErrText) {
				t.Errorf("%s: %q, %v; in parts %q, %v", name, whole, err, parts, err2)
			}
			continue
		}
		if string(whole) != c.want || string(parts) != c.want || err != nil || err2 != nil {
			t.Errorf("%s: %q, %v; in parts %q, %v; want %q", name, whole, err, parts, err2, c.want)
		}
	}
	if _, err := Lookup("no-such"); err == nil {
		t.Error("unknown encoding: no error")
	}
}

func TestLenient(t *testing.T) {
	for name, c := range map[string]struct{ encoding, in, want string }{
		"utf-8":   {"utf-8", "a\xffb", "a\uFFFDb"},
		"latin-1": {"latin-1", "\xe9", "é"},
		"cp1252":  {"cp1252", "\x81a", "\uFFFDa"},
	} {
		e, err := Lookup(c.encoding)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(e.Lenient([]byte(c.in))); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestLinesFailByPiece checks that lines before a broken byte are lost when they end in its piece,
// and only then.
func TestLinesFailByPiece(t *testing.T) {
	for name, c := range map[string]struct {
		before int
		want   int
	}{"same piece": {10, 0}, "next piece": {piece, piece / 2}} {
		l := NewLines(strings.NewReader(strings.Repeat("a\n", c.before/2)+"\xff\n"), UTF8, 1<<20)
		n := 0
		var err error
		for err == nil {
			if _, _, err = l.Next(); err == nil {
				n++
			}
		}
		if n != c.want || !errors.Is(err, ErrText) {
			t.Errorf("%s: %d lines, %v; want %d", name, n, err, c.want)
		}
	}
}
