package jinja

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// urlQuote quotes the text of a value. In a query it replaces blanks by "+" and quotes "/".
func urlQuote(th *python.Thread, v any, query bool) (string, error) {
	var s string
	switch x := v.(type) {
	case value.Bytes:
		s = string(x)
	default:
		var err error
		if s, err = python.Str(th, v); err != nil {
			return "", err
		}
		if err := pytext.Encodable(s); err != nil {
			return "", err
		}
	}
	if query {
		return pytext.QuotePlus(s, ""), nil
	}
	return pytext.Quote(s, "/"), nil
}

// urlencode is Jinja's filter urlencode. It quotes text, and makes a query of a mapping or a
// sequence of pairs.
func urlencode(th *python.Thread, a []any) (any, error) {
	v := a[0]
	if _, ok := pytext.Of(v); ok {
		return urlQuote(th, v, false)
	}
	var parts []string
	add := func(k, x any) error {
		name, err := urlQuote(th, k, true)
		if err != nil {
			return err
		}
		val, err := urlQuote(th, x, true)
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
	if _, err := python.Iter(v); err != nil {
		return urlQuote(th, v, false)
	}
	err := python.Each(th, v, func(pair any) error {
		kv, err := python.UnpackPair(th, pair)
		if err != nil {
			return err
		}
		return add(kv[0], kv[1])
	})
	return strings.Join(parts, "&"), err
}
