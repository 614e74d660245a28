package jinja

import (
	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Function makes a callable value of a Go function. It takes positional arguments. Its error is raised as a ValueError.
func Function(name string, f func(args []any) (any, error)) any {
	return python.Def(name, "*args", func(_ *python.Thread, a []any) (any, error) {
		args, _ := a[0].(value.Tuple)
		v, err := f(args)
		if err != nil {
			return nil, exception.ValueErrorf("%v", err)
		}
		return v, nil
	})
}
