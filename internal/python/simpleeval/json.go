package simpleeval

import (
	"strings"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// jsonDumps is json.dumps. Its options skipkeys, check_circular, allow_nan and cls have no effect.
var jsonDumps = python.Def("dumps",
	"obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False",
	func(th *python.Thread, a []any) (any, error) {
		style := python.JSONStyle{Unicode: !value.Truth(a[2]), Sorted: value.Truth(a[9])}
		if err := indentOf(a[6], &style); err != nil {
			return nil, err
		}
		if a[7] != nil {
			pair, err := python.UnpackPair(th, a[7])
			if err != nil {
				return nil, err
			}
			for i, to := range []*string{&style.Comma, &style.Colon} {
				if *to, err = pytext.Arg(pair[i]); err != nil {
					return nil, err
				}
			}
		}
		if a[8] != nil {
			style.Default = func(v any) (any, error) { return python.Call(th, a[8], []any{v}, nil) }
		}
		return wrap(python.DumpJSON(th, a[0], style))
	})

// indentOf reads the option indent: a text, or a number of spaces.
func indentOf(v any, style *python.JSONStyle) error {
	if v == nil {
		return nil
	}
	style.Pretty = true
	if s, ok := pytext.Of(v); ok {
		style.Indent = s
		return nil
	}
	n, err := number.IntArg(v)
	if err != nil {
		return err
	}
	if err := python.Room(max(n, 0)); err != nil {
		return err
	}
	style.Indent = strings.Repeat(" ", max(n, 0))
	return nil
}

// jsonLoads is json.loads without options.
var jsonLoads = python.Def("loads", "s", func(_ *python.Thread, a []any) (any, error) {
	var text []byte
	switch s := a[0].(type) {
	case value.Bytes:
		text = append(text, s...)
	default:
		t, ok := pytext.Of(s)
		if !ok {
			return nil, exception.TypeErrorf("the JSON object must be str, bytes or bytearray, not %s", value.TypeName(a[0]))
		}
		text = []byte(t)
	}
	v, err := value.DecodePython(text)
	if err != nil {
		return nil, exception.New("JSONDecodeError", "%s", err.Error())
	}
	return v, nil
})
