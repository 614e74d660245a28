package method

import (
	"errors"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// dictMethods are the methods of dict.
var dictMethods = python.Table(
	python.Quick(python.Def("get", "self, key, default=None, /", dictGet)),
	python.Quick(python.Def("items", "self, /", func(_ *python.Thread, a []any) (any, error) {
		return python.NewDictView(a[0].(*value.Dict), "items"), nil
	})),
	python.Quick(python.Def("keys", "self, /", func(_ *python.Thread, a []any) (any, error) {
		return python.NewDictView(a[0].(*value.Dict), "keys"), nil
	})),
	python.Quick(python.Def("values", "self, /", func(_ *python.Thread, a []any) (any, error) {
		return python.NewDictView(a[0].(*value.Dict), "values"), nil
	})),
	python.Def("copy", "self, /", func(_ *python.Thread, a []any) (any, error) { return shallow(a[0].(*value.Dict)), nil }),
	python.Def("fromkeys", "self, iterable, value=None, /", func(th *python.Thread, a []any) (any, error) {
		d := value.NewDict(8)
		err := python.Each(th, a[1], func(k any) error { return python.SetItem(th, d, k, a[2]) })
		return d, err
	}),
	python.Mutating(python.Def("clear", "self, /", func(_ *python.Thread, a []any) (any, error) {
		d := a[0].(*value.Dict)
		for _, k := range Reversed(python.DictKeys(d)) {
			d.DeleteKey(k)
		}
		return nil, nil
	})),
	python.Mutating(python.Def("pop", "self, key, *default", dictPop)),
	python.Mutating(python.Def("popitem", "self, /", func(_ *python.Thread, a []any) (any, error) {
		d := a[0].(*value.Dict)
		keys := python.DictKeys(d)
		if len(keys) == 0 {
			return nil, exception.New(exception.KeyError, "'popitem(): dictionary is empty'")
		}
		k := keys[len(keys)-1]
		v, _ := d.GetKey(k)
		d.DeleteKey(k)
		return value.Tuple{k, v}, nil
	})),
	python.Mutating(python.Quick(python.Def("setdefault", "self, key, default=None, /", func(th *python.Thread, a []any) (any, error) {
		d := a[0].(*value.Dict)
		v, err := python.DictItem(th, d, a[1])
		if errors.Is(err, python.ErrNoKey) {
			return a[2], python.SetItem(th, d, a[1], a[2])
		}
		return v, err
	}))),
	python.Mutating(python.Quick(python.Def("update", "self, /, *args, **kwargs", func(th *python.Thread, a []any) (any, error) {
		d, args := a[0].(*value.Dict), a[1].(value.Tuple)
		if len(args) > 1 {
			return nil, exception.TypeErrorf("update expected at most 1 argument, got %d", len(args))
		}
		if len(args) == 1 {
			if err := python.UpdateDict(th, d, args[0]); err != nil {
				return nil, err
			}
		}
		return nil, python.UpdateDict(th, d, a[2])
	}))),
)

// mappingMethods are the methods of a python.Mapping.
var mappingMethods = python.Table(
	python.Quick(python.Def("get", "self, key, default=None", func(th *python.Thread, a []any) (any, error) {
		return dictGet(th, []any{a[0].(python.Mapping).Dict(), a[1], a[2]})
	})),
	python.Quick(python.Def("items", "self", func(_ *python.Thread, a []any) (any, error) {
		return python.NewDictView(a[0].(python.Mapping).Dict(), "items"), nil
	})),
	python.Quick(python.Def("keys", "self", func(_ *python.Thread, a []any) (any, error) {
		return python.NewDictView(a[0].(python.Mapping).Dict(), "keys"), nil
	})),
	python.Quick(python.Def("values", "self", func(_ *python.Thread, a []any) (any, error) {
		return python.NewDictView(a[0].(python.Mapping).Dict(), "values"), nil
	})),
)

func dictGet(th *python.Thread, a []any) (any, error) {
	d := a[0].(*value.Dict)
	const short = 1024
	if s, ok := a[1].(string); ok && len(s) < short {
		if v, ok := d.Get(s); ok {
			return v, nil
		}
		return a[2], nil
	}
	v, err := python.DictItem(th, d, a[1])
	if errors.Is(err, python.ErrNoKey) {
		return a[2], nil
	}
	return v, err
}

func dictPop(th *python.Thread, a []any) (any, error) {
	d, dflt := a[0].(*value.Dict), a[2].(value.Tuple)
	if len(dflt) > 1 {
		return nil, exception.TypeErrorf("pop expected at most 2 arguments, got %d", len(dflt)+1)
	}
	v, err := python.DictItem(th, d, a[1])
	switch {
	case errors.Is(err, python.ErrNoKey) && len(dflt) == 1:
		return dflt[0], nil
	case errors.Is(err, python.ErrNoKey):
		return nil, exception.New(exception.KeyError, "%s", python.Brief(a[1]))
	case err == nil:
		// The places of all members change.
		if err := th.Step(d.Len()); err != nil {
			return nil, err
		}
		d.DeleteKey(a[1])
	}
	return v, err
}

// shallow copies a dict without copying its values.
func shallow(d *value.Dict) *value.Dict {
	c := value.NewDict(d.Len())
	for k, v := range d.AllKeys() {
		c.SetKey(k, v)
	}
	return c
}

// viewMethods are the methods of dict views.
var viewMethods = python.Table(
	python.Def("isdisjoint", "self, other, /", func(th *python.Thread, a []any) (any, error) {
		s := value.NewSet(a[0].(*python.DictView).Items()...)
		disjoint := true
		err := python.Each(th, a[1], func(v any) error {
			disjoint = disjoint && !s.Has(v)
			return nil
		})
		return disjoint, err
	}),
)

// iteratorMethods are the methods of iterators.
var iteratorMethods = python.Table(
	python.Def("close", "self, /", func(*python.Thread, []any) (any, error) { return nil, nil }),
)
