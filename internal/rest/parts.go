package rest

import (
	"strings"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Parts are the parts of a request that components fill. A nil Dict is an empty one.
type Parts struct {
	Params  *value.Dict // query parameters; a list value repeats its parameter
	Headers *value.Dict
	Form    *value.Dict // form fields (request_body_data as a mapping)
	Text    string      // a body as it is (request_body_data as text)
	JSON    *value.Dict // request_body_json
	Object  bool        // JSON is sent even where it has no members
	// Replaces says that these take the place of what the request's own address, form and body
	// have by the same names. Otherwise such a parameter is sent twice, and a field is a collision.
	Replaces bool
	// Mark is an authenticator's own note on what it signed, for Observe and Spare. It is not sent.
	Mark any
}

// dict gives the options' dict for a place, made where there was none.
func (o *Parts) dict(into Place) *value.Dict {
	slot := &o.Params
	switch into {
	case InHeader:
		slot = &o.Headers
	case InForm:
		slot = &o.Form
	case InJSON:
		slot = &o.JSON
	}
	if *slot == nil {
		*slot = value.NewDict(2)
	}
	return *slot
}

// Empty reports whether nothing is set.
func (o *Parts) Empty() bool {
	return o == nil || o.Text == "" && size(o.Params)+size(o.Headers)+size(o.Form)+size(o.JSON) == 0
}

func size(d *value.Dict) int {
	if d == nil {
		return 0
	}
	return d.Len()
}

// Merge joins the options of several components into new ones; nil options are skipped. The
// arguments stay as they are, but where only one of them fills a part, the result shares it. In
// JSON bodies objects are merged and equal values may meet; everywhere else a key may come from one
// component only. A body given as text meets no other text and no form field.
func Merge(all ...*Parts) (*Parts, error) {
	merged := &Parts{}
	var owned [4]bool
	for _, o := range all {
		if o == nil {
			continue
		}
		if err := mergeText(merged, o); err != nil {
			return nil, err
		}
		merged.Object, merged.Replaces = merged.Object || o.Object, merged.Replaces || o.Replaces
		for i, part := range [4]struct {
			into **value.Dict
			from *value.Dict
		}{{&merged.Params, o.Params}, {&merged.Headers, o.Headers}, {&merged.Form, o.Form}, {&merged.JSON, o.JSON}} {
			if err := mergePart(part.into, part.from, &owned[i], i == 3); err != nil {
				return nil, err
			}
		}
	}
	if merged.Text != "" && size(merged.Form) > 0 {
		return nil, tap.Errorf(tap.System, "request body: a body given as text can not be joined with form fields")
	}
	return merged, nil
}

func mergeText(into, from *Parts) error {
	if from.Text == "" {
		return nil
	}
	if into.Text != "" {
		return tap.Errorf(tap.System, "request body: two components give the body as text")
	}
	into.Text = from.Text
	return nil
}

func mergePart(into **value.Dict, from *value.Dict, owned *bool, isJSON bool) error {
	if size(from) == 0 {
		return nil
	}
	if *into == nil {
		*into = from
		return nil
	}
	if !*owned {
		*into, *owned = (*into).Clone(), true
	}
	return mergeDict(*into, from, nil, isJSON)
}

func mergeDict(into, from *value.Dict, path []string, isJSON bool) error {
	for key, v := range from.AllKeys() {
		have, ok := into.GetKey(key)
		if !ok {
			into.SetKey(key, cloned(v))
			continue
		}
		at := append(path, value.Str(key))
		inner, isDict := have.(*value.Dict)
		outer, both := v.(*value.Dict)
		switch {
		case isJSON && isDict && both:
			if err := mergeDict(inner, outer, at, true); err != nil {
				return err
			}
		case !isJSON || !value.Equal(have, v):
			return tap.Errorf(tap.System, "request option collision: two components set %q", strings.Join(at, "."))
		}
	}
	return nil
}

// cloned copies what a later merge could change in place.
func cloned(v any) any {
	if d, ok := v.(*value.Dict); ok {
		return d.Clone()
	}
	return v
}
