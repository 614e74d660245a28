package jinja

import (
	"errors"

	"anytap/internal/value"
)

// dictMethods are the methods of dicts.
var dictMethods = table(
	def("get", "self, key, default=None, /", dictGet),
	def("items", "self, /", func(_ *thread, a []any) (any, error) { return newDictView(a[0].(*value.Dict), "items"), nil }),
	def("keys", "self, /", func(_ *thread, a []any) (any, error) { return newDictView(a[0].(*value.Dict), "keys"), nil }),
	def("values", "self, /", func(_ *thread, a []any) (any, error) { return newDictView(a[0].(*value.Dict), "values"), nil }),
	def("copy", "self, /", func(_ *thread, a []any) (any, error) { return shallow(a[0].(*value.Dict)), nil }),
	def("fromkeys", "self, iterable, value=None, /", func(st *thread, a []any) (any, error) {
		d := value.NewDict(8)
		err := each(st, a[1], func(k any) error { return setKey(d, k, a[2]) })
		return d, err
	}),
	changing(def("clear", "self, /", func(_ *thread, a []any) (any, error) {
		d := a[0].(*value.Dict)
		for _, k := range dictKeys(d) {
			d.DeleteKey(k)
		}
		return nil, nil
	})),
	changing(def("pop", "self, key, *default", dictPop)),
	changing(def("popitem", "self, /", func(_ *thread, a []any) (any, error) {
		d := a[0].(*value.Dict)
		keys := dictKeys(d)
		if len(keys) == 0 {
			return nil, raise(keyError, "'popitem(): dictionary is empty'")
		}
		k := keys[len(keys)-1]
		v, _ := d.GetKey(k)
		d.DeleteKey(k)
		return value.Tuple{k, v}, nil
	})),
	changing(def("setdefault", "self, key, default=None, /", func(_ *thread, a []any) (any, error) {
		d := a[0].(*value.Dict)
		v, err := dictItem(d, a[1])
		if errors.Is(err, errNoKey) {
			return a[2], setKey(d, a[1], a[2])
		}
		return v, err
	})),
	changing(def("update", "self, /, *args, **kwargs", func(st *thread, a []any) (any, error) {
		d, args := a[0].(*value.Dict), a[1].(value.Tuple)
		if len(args) > 1 {
			return nil, raiseType("update expected at most 1 argument, got %d", len(args))
		}
		if len(args) == 1 {
			if err := updateDict(st, d, args[0]); err != nil {
				return nil, err
			}
		}
		return nil, updateDict(st, d, a[2])
	})),
)

// mappingMethods are the methods of objects that act as dicts.
var mappingMethods = table(
	def("get", "self, key, default=None", func(st *thread, a []any) (any, error) {
		return dictGet(st, []any{a[0].(mapping).Dict(), a[1], a[2]})
	}),
	def("items", "self", func(_ *thread, a []any) (any, error) { return newDictView(a[0].(mapping).Dict(), "items"), nil }),
	def("keys", "self", func(_ *thread, a []any) (any, error) { return newDictView(a[0].(mapping).Dict(), "keys"), nil }),
	def("values", "self", func(_ *thread, a []any) (any, error) { return newDictView(a[0].(mapping).Dict(), "values"), nil }),
)

func dictGet(_ *thread, a []any) (any, error) {
	d := a[0].(*value.Dict)
	if s, ok := a[1].(string); ok {
		if v, ok := d.Get(s); ok {
			return v, nil
		}
		return a[2], nil
	}
	v, err := dictItem(d, a[1])
	if errors.Is(err, errNoKey) {
		return a[2], nil
	}
	return v, err
}

func dictPop(_ *thread, a []any) (any, error) {
	d, dflt := a[0].(*value.Dict), a[2].(value.Tuple)
	if len(dflt) > 1 {
		return nil, raiseType("pop expected at most 2 arguments, got %d", len(dflt)+1)
	}
	v, err := dictItem(d, a[1])
	switch {
	case errors.Is(err, errNoKey) && len(dflt) == 1:
		return dflt[0], nil
	case errors.Is(err, errNoKey):
		return nil, raise(keyError, "%s", value.Repr(a[1]))
	case err == nil:
		d.DeleteKey(a[1])
	}
	return v, err
}

// shallow copies a dict but not what it holds.
func shallow(d *value.Dict) *value.Dict {
	c := value.NewDict(d.Len())
	for k, v := range d.AllKeys() {
		c.SetKey(k, v)
	}
	return c
}

// viewMethods are the methods of dict views.
var viewMethods = table(
	def("isdisjoint", "self, other, /", func(st *thread, a []any) (any, error) {
		s := value.NewSet(a[0].(*dictView).items()...)
		disjoint := true
		err := each(st, a[1], func(v any) error {
			disjoint = disjoint && !s.Has(v)
			return nil
		})
		return disjoint, err
	}),
)

// iteratorMethods are the methods of iterators.
var iteratorMethods = table(
	def("close", "self, /", func(*thread, []any) (any, error) { return nil, nil }),
)
