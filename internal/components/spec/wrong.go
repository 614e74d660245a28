package spec

import (
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"anytap/internal/fit"
	"anytap/internal/spelling"
	"anytap/internal/value"
)

// wrong says what is wrong with one value: what it is, and what was expected. A text is only told
// where it is one of a few, and no secret.
func (e *explainer) wrong(p place, f *jsonschema.ValidationError) string {
	limit, _ := value.At(p.schema, p.keyword)
	switch p.keyword {
	case "type":
		return fmt.Sprintf("is %s, expected %s", value.Describe(p.value), kindsIn(p.schema))
	case "enum":
		list, _ := limit.(*value.List)
		if list == nil {
			break
		}
		var names []string
		for _, v := range list.All() {
			names = append(names, value.Str(v))
		}
		return noneOf(p.value, names)
	case "const":
		return fmt.Sprintf("is not %s", value.Str(limit))
	case "minimum":
		return fmt.Sprintf("is %s, expected %s or more", value.Describe(p.value), value.Str(limit))
	case "maximum":
		return fmt.Sprintf("is %s, expected %s or less", value.Describe(p.value), value.Str(limit))
	case "exclusiveMinimum":
		return fmt.Sprintf("is %s, expected more than %s", value.Describe(p.value), value.Str(limit))
	case "exclusiveMaximum":
		return fmt.Sprintf("is %s, expected less than %s", value.Describe(p.value), value.Str(limit))
	case "pattern":
		if like, ok := value.At(p.schema, "pattern_descriptor"); ok {
			return fmt.Sprintf("does not look like %s", value.Str(like))
		}
		return fmt.Sprintf("does not match the pattern %s", value.Str(limit))
	case "minLength":
		return fmt.Sprintf("is too short, expected a text of %s characters or more", value.Str(limit))
	case "minItems":
		return fmt.Sprintf("has too few elements, expected %s or more", value.Str(limit))
	}
	return withoutValue(f.Message, p.value)
}

// withoutValue removes a wrong text from its message, where it is quoted.
func withoutValue(message string, v any) string {
	if text, ok := v.(string); ok {
		return strings.ReplaceAll(message, quoted(text), "it")
	}
	return message
}

// noneOf says that a value is none of a few names. A text may be a secret in the wrong place, so
// only a name that is near to it is told.
func noneOf(v any, names []string) string {
	if text, ok := v.(string); ok {
		return "is none of " + joined(names, "or") + spelling.DidYouMean(text, names)
	}
	return "is " + value.Describe(v) + ", expected " + joined(names, "or")
}

// kindsIn are the types that a schema allows, in plain words.
func kindsIn(schema *value.Dict) string {
	var kinds []string
	for _, t := range fit.Types(schema) {
		kinds = append(kinds, value.KindName(t))
	}
	return joined(kinds, "or")
}
