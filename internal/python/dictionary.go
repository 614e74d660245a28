package python

import (
	"anytap/internal/python/exception"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// NewDict is Python's dict(). a holds a value.Tuple of positional and a *value.Dict of keyword
// arguments.
func NewDict(th *Thread, a []any) (any, error) {
	args, kw := a[0].(value.Tuple), a[1].(*value.Dict)
	if len(args) > 1 {
		return nil, exception.TypeErrorf("dict expected at most 1 argument, got %d", len(args))
	}
	d := value.NewDict(kw.Len())
	if len(args) == 1 {
		if err := UpdateDict(th, d, args[0]); err != nil {
			return nil, err
		}
	}
	for k, v := range kw.All() {
		d.Set(k, v)
	}
	return d, nil
}

// UpdateDict is Python's d.update(v), where v is a mapping or a sequence of pairs.
func UpdateDict(th *Thread, d *value.Dict, v any) error {
	if m, ok := AsDict(v); ok {
		if err := th.Step(m.Len()); err != nil {
			return err
		}
		for k, x := range m.AllKeys() {
			d.SetKey(k, x)
		}
		return nil
	}
	if err := exception.Raised(v); err != nil {
		return err
	}
	i := 0
	return Each(th, v, func(pair any) error {
		kv, err := Collect(th, pair)
		if err != nil {
			return exception.TypeErrorf("cannot convert dictionary update sequence element #%d to a sequence", i)
		}
		if len(kv) != 2 {
			return exception.ValueErrorf("dictionary update sequence element #%d has length %d; 2 is required", i, len(kv))
		}
		i++
		return SetItem(th, d, kv[0], kv[1])
	})
}

// SetItem is Python's d[k] = v.
func SetItem(th *Thread, d *value.Dict, k, v any) error {
	if s, ok := k.(string); ok {
		d.Set(s, v)
		return nil
	}
	if _, err := Key(th, k); err != nil {
		return err
	}
	if m, ok := k.(pytext.Markup); ok {
		d.Set(string(m), v)
		return nil
	}
	d.SetKey(k, v)
	return nil
}

// DictKeys are the keys of d in their order.
func DictKeys(d *value.Dict) []any {
	keys := make([]any, 0, d.Len())
	for k := range d.AllKeys() {
		keys = append(keys, k)
	}
	return keys
}

// DictItem is Python's d[arg]. The error is ErrNoKey if the key is not there.
func DictItem(th *Thread, d *value.Dict, arg any) (any, error) {
	if s, ok := pytext.Of(arg); ok {
		if err := th.Spend(arg); err != nil {
			return nil, err
		}
		if x, ok := d.Get(s); ok {
			return x, nil
		}
		return nil, ErrNoKey
	}
	if _, err := Key(th, arg); err != nil {
		return nil, err
	}
	if x, ok := d.GetKey(arg); ok {
		return x, nil
	}
	return nil, ErrNoKey
}

// UnpackPair is Python's k, v = pair.
func UnpackPair(th *Thread, pair any) ([]any, error) {
	if _, err := Iter(pair); err != nil {
		return nil, exception.TypeErrorf("cannot unpack non-iterable %s object", value.TypeName(pair))
	}
	kv, err := Collect(th, pair)
	switch {
	case err != nil:
		return nil, err
	case len(kv) > 2:
		return nil, exception.ValueErrorf("too many values to unpack (expected 2)")
	case len(kv) < 2:
		return nil, exception.ValueErrorf("not enough values to unpack (expected 2, got %d)", len(kv))
	}
	return kv, nil
}
