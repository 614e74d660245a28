package spec

import (
	"fmt"
	"math/big"
	"strconv"
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
		return fmt.Sprintf("is %s, expected %s", kindOf(p.value), kindsIn(p.schema))
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
		return fmt.Sprintf("is %s, expected %s or more", kindOf(p.value), value.Str(limit))
	case "maximum":
		return fmt.Sprintf("is %s, expected %s or less", kindOf(p.value), value.Str(limit))
	case "exclusiveMinimum":
		return fmt.Sprintf("is %s, expected more than %s", kindOf(p.value), value.Str(limit))
	case "exclusiveMaximum":
		return fmt.Sprintf("is %s, expected less than %s", kindOf(p.value), value.Str(limit))
	case "minLength":
		return fmt.Sprintf("is too short, expected a text of %s characters or more", value.Str(limit))
	case "minItems":
		return fmt.Sprintf("has too few elements, expected %s or more", value.Str(limit))
	}
	return withoutValue(f.Message, p.value)
}

// withoutValue removes a wrong text from its message. Other values that a message quotes are those
// of a pattern.
func withoutValue(message string, v any) string {
	if text, ok := v.(string); ok && text != "" {
		return strings.ReplaceAll(message, text, "…")
	}
	return message
}

// noneOf says that a value is none of a few names. A text may be a secret in the wrong place, so
// only a name that is near to it is told.
func noneOf(v any, names []string) string {
	if text, ok := v.(string); ok {
		return "is none of " + joined(names, "or") + spelling.DidYouMean(text, names)
	}
	return "is " + kindOf(v) + ", expected " + joined(names, "or")
}

// kindNames are the types of JSON in plain words.
var kindNames = map[string]string{
	"null": "null", "boolean": "true or false", "integer": "a whole number", "number": "a number",
	"string": "a text", "array": "a list", "object": "an object",
}

func kindOf(v any) string {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case int64, float64, *big.Int:
		return "the number " + string(value.Append(nil, v))
	}
	return kindNames[value.JSONType(v)]
}

// kindsIn are the types that a schema allows, in plain words.
func kindsIn(schema *value.Dict) string {
	var kinds []string
	for _, t := range fit.Types(schema) {
		kinds = append(kinds, kindNames[t])
	}
	return joined(kinds, "or")
}
