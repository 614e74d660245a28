package initialize

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"anytap/internal/config"
	"anytap/internal/value"
)

// Variable is a variable of the environment and what it holds.
type Variable struct{ Name, Value string }

var variableSigns = regexp.MustCompile(`[^A-Z0-9]+`)

// Hidden puts ${NAME} in the place of each text of a configuration that its specification says to
// be secret. schema says which are; see components.SecretSchema. written is the configuration as it
// is written, and values has what it amounts to: a text that refers to something already stays.
// taken are the variables that there are, with their values.
func Hidden(schema, written, values *value.Dict, taken map[string]string) (*value.Dict, []Variable) {
	h := &hiding{taken: map[string]string{}}
	for name, v := range taken {
		h.taken[name] = v
	}
	return h.in(schema, written, values, nil).(*value.Dict), h.variables
}

type hiding struct {
	taken     map[string]string
	variables []Variable
}

func (h *hiding) in(schema *value.Dict, written, v any, at []string) any {
	if schema == nil {
		return written
	}
	switch w := written.(type) {
	case string:
		text, _ := v.(string)
		if value.Member[bool](schema, "airbyte_secret") && text != "" && !refers(w, text) {
			return "${" + h.variable(at, text) + "}"
		}
	case *value.Dict:
		d := value.NewDict(w.Len())
		values, _ := v.(*value.Dict)
		for name, inner := range w.All() {
			var v any
			if values != nil {
				v, _ = values.Get(name)
			}
			inside := value.Member[*value.Dict](value.Member[*value.Dict](schema, "properties"), name)
			d.Set(name, h.in(inside, inner, v, append(at[:len(at):len(at)], name)))
		}
		return d
	case *value.List:
		l := value.NewList()
		values, _ := v.(*value.List)
		for i, inner := range w.All() {
			var v any
			if values != nil && i < values.Len() {
				v = values.At(i)
			}
			l.Append(h.in(value.Member[*value.Dict](schema, "items"), inner, v, append(at[:len(at):len(at)], strconv.Itoa(i))))
		}
		return l
	}
	return written
}

// refers reports whether a text of a configuration holds a reference: it then is not what it
// amounts to. Dollar signs that make plain text of one do not count.
func refers(written, text string) bool {
	return strings.ReplaceAll(written, "$${", "${") != text
}

// variable is the variable for the secret at a place: a new one, or one that holds it already.
func (h *hiding) variable(at []string, text string) string {
	words := slices.DeleteFunc(slices.Clone(at), func(word string) bool {
		_, err := strconv.Atoi(word)
		return err == nil || word == "streams" || word == "auth" || word == "credentials" || word == "headers" || word == "params"
	})
	name := strings.Trim(variableSigns.ReplaceAllString(strings.ToUpper(strings.Join(words, "_")), "_"), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "SECRET_" + name
	}
	if len(words) == 1 && (name == "TOKEN" || name == "KEY" || name == "PASSWORD") {
		name = "API_" + name
	}
	for i, base := 2, name; ; i++ {
		held, ok := h.taken[name]
		if ok && held == text {
			return name
		}
		if !ok {
			break
		}
		name = base + "_" + strconv.Itoa(i)
	}
	h.taken[name] = text
	h.variables = append(h.variables, Variable{name, text})
	return name
}

// Plain is a configuration as it is written down in which nothing refers to anything.
func Plain(values *value.Dict) *value.Dict { return config.Plain(values).(*value.Dict) }
