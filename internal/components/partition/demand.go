package partition

import (
	"fmt"
	"slices"
	"strings"

	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// demand is what a ParentStreamConfig's x-anytap says. The zero demand is the reference runtime's.
type demand struct {
	missing            string // fail or skip; empty: only records without the key are left out
	optional, identity []string
}

// parentPrefix begins the names of a partition's fields that x-anytap's identity adds.
const parentPrefix = "parent."

func readDemand(extension any) (d demand, err error) {
	if extension == nil {
		return d, nil
	}
	e, ok := extension.(*value.Dict)
	if !ok {
		return d, fmt.Errorf("is a %s, expected an object", value.TypeName(extension))
	}
	if err := spelling.Check("", e, "missing", "optional", "identity"); err != nil {
		return d, err
	}
	for name, v := range e.All() {
		switch name {
		case "missing":
			if v != "fail" && v != "skip" {
				return d, fmt.Errorf("missing is %s, expected fail or skip", value.Repr(v))
			}
			d.missing, _ = v.(string)
		default:
			l, ok := v.(*value.List)
			if !ok {
				return d, fmt.Errorf("%s is a %s, expected a list of names", name, value.TypeName(v))
			}
			into := &d.optional
			if name == "identity" {
				into = &d.identity
			}
			for _, item := range l.All() {
				*into = append(*into, value.Str(item))
			}
		}
	}
	return d, nil
}

// of adds to an extra field what is demanded of it.
func (d *demand) of(e extraField) extraField {
	e.required = d.missing != "" && !slices.Contains(d.optional, e.name)
	e.identity = slices.Contains(d.identity, e.name)
	return e
}

// lacks reports whether a value can not stand in an address.
func lacks(v any) bool { return v == nil || v == "" }

// refuse is the error for a record without a field; nil if it is left out.
func (d *demand) refuse(field string, record *value.Dict) error {
	if d.missing != "fail" {
		return nil
	}
	names := record.Keys()
	if more := len(names) - 12; more > 0 {
		names = append(names[:12], fmt.Sprintf("%d more", more))
	}
	return tap.Errorf(tap.Config, "a record has no value at %s, which the requests of its children need; it has %s: "+
		"refer to a field that every record has, or leave such records out (parent: {stream: …, missing: skip})", field, strings.Join(names, ", "))
}
