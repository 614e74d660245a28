package jinja

import (
	"strings"

	"anytap/internal/value"
)

const hexDigits = "0123456789ABCDEF"

// quote is Python's urllib.parse.quote: letters, digits and "_.-~" stay, and
// what is in safe.
func quote(s, safe string) string {
	b := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9',
			c == '_' || c == '.' || c == '-' || c == '~',
			strings.IndexByte(safe, c) >= 0:
			b = append(b, c)
		default:
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return string(b)
}

// quotePlus is quote with "+" for blanks.
func quotePlus(s, safe string) string {
	return strings.ReplaceAll(quote(s, safe+" "), " ", "+")
}

// urlQuote quotes any value; in queries blanks become "+" and "/" is quoted.
func urlQuote(v any, query bool) (string, error) {
	var s string
	switch x := v.(type) {
	case value.Bytes:
		s = string(x)
	default:
		var err error
		if s, err = str(v); err != nil {
			return "", err
		}
		if err := encodable(s); err != nil {
			return "", err
		}
	}
	if query {
		return quotePlus(s, ""), nil
	}
	return quote(s, "/"), nil
}

// urlencode is Jinja's filter of this name: text is quoted, mappings and
// sequences of pairs become a query.
func urlencode(st *thread, a []any) (any, error) {
	v := a[0]
	if _, ok := text(v); ok {
		return urlQuote(v, false)
	}
	var parts []string
	add := func(k, x any) error {
		name, err := urlQuote(k, true)
		if err != nil {
			return err
		}
		val, err := urlQuote(x, true)
		parts = append(parts, name+"="+val)
		return err
	}
	if d, ok := v.(*value.Dict); ok {
		for k, x := range d.AllKeys() {
			if err := add(k, x); err != nil {
				return nil, err
			}
		}
		return strings.Join(parts, "&"), nil
	}
	if _, err := iterate(v); err != nil {
		return urlQuote(v, false)
	}
	err := each(st, v, func(pair any) error {
		kv, err := unpackPair(st, pair)
		if err != nil {
			return err
		}
		return add(kv[0], kv[1])
	})
	return strings.Join(parts, "&"), err
}

// unpackPair takes a pair apart, as "k, v = pair" does.
func unpackPair(st *thread, pair any) ([]any, error) {
	if _, err := iterate(pair); err != nil {
		return nil, raiseType("cannot unpack non-iterable %s object", value.TypeName(pair))
	}
	kv, err := collect(st, pair)
	switch {
	case err != nil:
		return nil, err
	case len(kv) > 2:
		return nil, raiseValue("too many values to unpack (expected 2)")
	case len(kv) < 2:
		return nil, raiseValue("not enough values to unpack (expected 2, got %d)", len(kv))
	}
	return kv, nil
}
