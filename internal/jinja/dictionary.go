package jinja

import "anytap/internal/value"

// newDict is Python's dict().
func newDict(st *thread, a []any) (any, error) {
	args, kw := a[0].(value.Tuple), a[1].(*value.Dict)
	if len(args) > 1 {
		return nil, raiseType("dict expected at most 1 argument, got %d", len(args))
	}
	d := value.NewDict(kw.Len())
	if len(args) == 1 {
		if err := updateDict(st, d, args[0]); err != nil {
			return nil, err
		}
	}
	for k, v := range kw.All() {
		d.Set(k, v)
	}
	return d, nil
}

// updateDict is d.update(v): v is a mapping or a sequence of pairs.
func updateDict(st *thread, d *value.Dict, v any) error {
	if m, ok := asDict(v); ok {
		for k, x := range m.AllKeys() {
			d.SetKey(k, x)
		}
		return nil
	}
	if err := raised(v); err != nil {
		return err
	}
	i := 0
	return each(st, v, func(pair any) error {
		kv, err := collect(st, pair)
		if err != nil {
			return raiseType("cannot convert dictionary update sequence element #%d to a sequence", i)
		}
		if len(kv) != 2 {
			return raiseValue("dictionary update sequence element #%d has length %d; 2 is required", i, len(kv))
		}
		i++
		return setKey(d, kv[0], kv[1])
	})
}

// setKey is d[k] = v.
func setKey(d *value.Dict, k, v any) error {
	if s, ok := k.(string); ok {
		d.Set(s, v)
		return nil
	}
	if _, ok := key(k); !ok {
		return unhashable(k)
	}
	if m, ok := k.(markup); ok {
		d.Set(string(m), v)
		return nil
	}
	d.SetKey(k, v)
	return nil
}

func dictKeys(d *value.Dict) []any {
	keys := make([]any, 0, d.Len())
	for k := range d.AllKeys() {
		keys = append(keys, k)
	}
	return keys
}

func dictItem(d *value.Dict, arg any) (any, error) {
	if s, ok := text(arg); ok {
		if x, ok := d.Get(s); ok {
			return x, nil
		}
		return nil, errNoKey
	}
	if _, ok := key(arg); !ok {
		return nil, unhashable(arg)
	}
	if x, ok := d.GetKey(arg); ok {
		return x, nil
	}
	return nil, errNoKey
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
