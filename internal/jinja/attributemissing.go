package jinja

import "anytap/internal/value"

// attributeMissing is the error of a method that a value does not have.
func attributeMissing(v any, name string) error {
	if err := raised(v); err != nil {
		return err
	}
	return raise(attributeError, "'%s' object has no attribute '%s'", value.TypeName(v), name)
}
