package cursor

import (
	"fmt"
	"strings"

	"anytap/internal/python/pytime"
	"anytap/internal/value"
)

// The names that a template has for the two bounds of a read.
const (
	valueName = "{value}"
	endName   = "{end_value}"
)

// keyFormat says how bounds are written in requests.
type keyFormat struct {
	// form is that of a date-time format as a DatetimeBasedCursor has it; without one bounds are
	// written as the values of the records are.
	form timeForm
	// template is what is sent for a bound: a text, or an object of texts; nil: the bound alone.
	template any
}

// bound is what stands for a key in requests.
func (f *keyFormat) bound(k *key) (any, error) {
	if f.form.strftime == "" {
		return k.value, nil
	}
	at, _, ok := k.moment()
	if !ok {
		if t, err := pytime.ParseDatetime(f.form.strftime, k.value); err == nil {
			at, ok = t, true
		}
	}
	if !ok {
		return nil, fmt.Errorf("is %s, which is no time, so it can not be written in the format %q", value.Repr(k.value), f.form.strftime)
	}
	return f.form.write(at), nil
}

// fill puts bounds into the template. An object stays an object. In a text that is JSON the bounds
// are written as parts of JSON strings.
func (f *keyFormat) fill(low, high any) any {
	if f.template == nil {
		return low
	}
	return fillIn(f.template, low, high)
}

func fillIn(template, low, high any) any {
	switch t := template.(type) {
	case string:
		switch t {
		case valueName:
			return low
		case endName:
			return high
		}
		a, b := boundText(low), boundText(high)
		if isJSON(t) {
			a, b = inJSON(a), inJSON(b)
		}
		return strings.NewReplacer(valueName, a, endName, b).Replace(t)
	case *value.Dict:
		out := value.NewDict(t.Len())
		for name, v := range t.All() {
			out.Set(name, fillIn(v, low, high))
		}
		return out
	case *value.List:
		out := value.NewList()
		for _, v := range t.All() {
			out.Append(fillIn(v, low, high))
		}
		return out
	}
	return template
}

func boundText(v any) string {
	if v == nil {
		return ""
	}
	return value.Str(v)
}

// isJSON reports whether a template is an object or a list of JSON.
func isJSON(text string) bool {
	if trimmed := strings.TrimSpace(text); trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
		return false
	}
	_, err := value.DecodeString(text)
	return err == nil
}

// inJSON is a text as it stands inside the quotes of a JSON string.
func inJSON(text string) string {
	quoted := value.Append(nil, text)
	return string(quoted[1 : len(quoted)-1])
}

// names reports whether a template has a place for a bound.
func names(template any, bound string) bool {
	return template != nil && strings.Contains(string(value.Append(nil, template)), bound)
}
