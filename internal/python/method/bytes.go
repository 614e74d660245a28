package method

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/format"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// bytesMethods are the methods of bytes.
var bytesMethods = python.Table(
	python.Def("decode", "self, encoding='utf-8', errors='strict'", func(_ *python.Thread, a []any) (any, error) {
		return decodeBytes(a[0].(value.Bytes), a[1], a[2])
	}),
	python.Def("hex", "self", func(_ *python.Thread, a []any) (any, error) { return hex.EncodeToString(a[0].(value.Bytes)), nil }),
	likeText("startswith", "self, prefix, start=None, end=None, /"),
	likeText("endswith", "self, suffix, start=None, end=None, /"),
	likeText("find", "self, sub, start=None, end=None, /"),
	likeText("count", "self, sub, start=None, end=None, /"),
	likeText("replace", "self, old, new, count=-1, /"),
	likeText("split", "self, sep=None, maxsplit=-1"),
	likeText("strip", "self, chars=None, /"),
	likeText("lstrip", "self, chars=None, /"),
	likeText("rstrip", "self, chars=None, /"),
	likeText("upper", "self, /"),
	likeText("lower", "self, /"),
)

// likeText makes a method of bytes from the method of str with the same name. It takes each byte
// for the character with that code.
func likeText(name, signature string) *python.Builtin {
	return python.Def(name, signature, func(th *python.Thread, a []any) (any, error) {
		args := make([]any, len(a))
		for i, v := range a {
			switch x := v.(type) {
			case value.Bytes:
				args[i] = pytext.Latin1(x)
			case string:
				return nil, exception.TypeErrorf("a bytes-like object is required, not 'str'")
			default:
				args[i] = v
			}
		}
		v, err := strMethods[name].Fn(th, args)
		return bytesOf(v), err
	})
}

func bytesOf(v any) any {
	switch v := v.(type) {
	case string:
		b := make(value.Bytes, 0, len(v))
		for _, r := range v {
			b = append(b, byte(r))
		}
		return b
	case *value.List:
		for i := range v.Len() {
			v.Set(i, bytesOf(v.At(i)))
		}
	}
	return v
}

// codec gives the canonical name of a text encoding.
func codec(v any) (string, error) {
	name, ok := pytext.Of(v)
	if !ok {
		return "", exception.TypeErrorf("encoding must be str, not %s", value.TypeName(v))
	}
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name)) {
	case "utf8", "u8":
		return "utf-8", nil
	case "ascii", "usascii", "646":
		return "ascii", nil
	case "latin1", "iso88591", "latin", "l1", "cp819":
		return "latin-1", nil
	}
	return "", exception.New("LookupError", "unknown encoding: %s", name)
}

func strEncode(s string, a []any) (any, error) {
	enc, err := codec(a[1])
	if err != nil {
		return nil, err
	}
	handler, err := pytext.Arg(a[2])
	if err != nil {
		return nil, err
	}
	limit := map[string]rune{"utf-8": utf8.MaxRune, "ascii": 0x7f, "latin-1": 0xff}[enc]
	var b value.Bytes
	for i := 0; i < len(s); {
		r, n := value.DecodeRune(s[i:])
		bad := r > limit || r >= 0xd800 && r <= 0xdfff
		switch {
		case !bad && enc == "latin-1":
			b = append(b, byte(r))
		case !bad:
			b = append(b, s[i:i+n]...)
		default:
			t, err := encodeError(handler, enc, r, s[:i])
			if err != nil {
				return nil, err
			}
			b = append(b, t...)
		}
		if err := python.Room(len(b)); err != nil {
			return nil, err
		}
		i += n
	}
	return b, nil
}

func encodeError(handler, enc string, r rune, before string) (string, error) {
	switch handler {
	case "ignore":
		return "", nil
	case "replace":
		return "?", nil
	case "xmlcharrefreplace":
		return fmt.Sprintf("&#%d;", r), nil
	case "backslashreplace":
		q, err := format.ASCII(new(python.Thread), string(pytext.AppendRune(nil, r)))
		if err != nil {
			return "", err
		}
		return q[1 : len(q)-1], nil
	case "strict":
		return "", exception.New(exception.UnicodeEncodeError, "'%s' codec can't encode character in position %d", enc, pytext.Len(before))
	}
	return "", exception.New("LookupError", "unknown error handler name '%s'", handler)
}

func decodeBytes(b value.Bytes, encoding, errs any) (any, error) {
	enc, err := codec(encoding)
	if err != nil {
		return nil, err
	}
	handler, err := pytext.Arg(errs)
	if err != nil {
		return nil, err
	}
	if enc == "latin-1" {
		return pytext.Latin1(b), nil
	}
	var out strings.Builder
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if !(r == utf8.RuneError && n == 1) && (enc == "utf-8" || r < 0x80) {
			out.Write(b[i : i+n])
			i += n
			continue
		}
		switch handler {
		case "ignore":
		case "replace":
			out.WriteRune(utf8.RuneError)
		case "backslashreplace":
			fmt.Fprintf(&out, `\x%02x`, b[i])
		default:
			return nil, exception.New(exception.UnicodeDecodeError, "'%s' codec can't decode byte 0x%02x in position %d", enc, b[i], i)
		}
		i++
	}
	return out.String(), nil
}
