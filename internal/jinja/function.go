package jinja

import "anytap/internal/value"

// Function makes a callable of a Go function, to be set as a variable. It takes positional arguments; an error that it returns
// is raised as a ValueError.
func Function(name string, f func(args []any) (any, error)) any {
	return def(name, "*args", func(_ *thread, a []any) (any, error) {
		args, _ := a[0].(value.Tuple)
		v, err := f(args)
		if err != nil {
			return nil, raiseValue("%v", err)
		}
		return v, nil
	})
}
