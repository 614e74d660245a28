package jinja

import (
	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// attributeMissing is the error of a method that a value does not have.
func attributeMissing(v any, name string) error {
	if err := exception.Raised(v); err != nil {
		return err
	}
	return exception.New(exception.AttributeError, "'%s' object has no attribute '%s'", value.TypeName(v), name)
}
