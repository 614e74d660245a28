package restsource

import (
	"errors"
	"fmt"
	"strings"

	"anytap/internal/value"
)

// onePointer refuses several settings that say what leads to the next page.
func onePointer(p *value.Dict) error {
	var given []string
	for _, name := range []string{"cursor_path", "cursor_header", "cursor_field", "params"} {
		if has(p, name) {
			given = append(given, name)
		}
	}
	if len(given) > 1 {
		return fmt.Errorf("%s and %s are both given, expected one of them", given[0], given[1])
	}
	return nil
}

// pointerAt returns the template expression of what leads to the next page. what says what that is.
func pointerAt(s, p *value.Dict, what string) (string, error) {
	if err := onePointer(p); err != nil {
		return "", err
	}
	path, err := pathOf(p, "cursor_path")
	if err != nil {
		return "", err
	}
	field, err := pathOf(p, "cursor_field")
	header := text(p, "cursor_header")
	switch {
	case err != nil:
		return "", err
	case path.Len() > 0:
		return lookUp(path), nil
	case field.Len() > 0:
		return lastField(s, field), nil
	case header != "":
		return "headers.get(" + value.Repr(header) + ")", nil
	}
	return "", fmt.Errorf("cursor_path is missing, expected where the answer holds %s, or cursor_header", what)
}

// tokenOf returns the template of the cursor next: a text, a number, or what a body in JSON can
// take besides. A truth value is no cursor.
func tokenOf(p *value.Dict) (string, error) {
	around := text(p, "cursor_template")
	if around == "" {
		return "{{ " + inQuotes("next") + " if next is string else (next if next is not boolean else '') }}", nil
	}
	before, after, ok := strings.Cut(around, "{value}")
	if !ok {
		return "", errors.New(`cursor_template lacks {value}, which stands for the cursor, as in "id > {value}"`)
	}
	filled := value.Repr(before) + " ~ next ~ " + value.Repr(after)
	return "{{ " + inQuotes(filled) + " if next is number and next is not boolean or next is string and next else '' }}", nil
}

// lastField returns the template expression of a field of a page's last record. That record may
// have been dropped before its objects were flattened.
func lastField(s *value.Dict, field value.Path) string {
	expression := lookUpIn("last_extracted", field)
	for _, object := range flattened(s) {
		inner := lookUpIn("(last_extracted["+value.Repr(object)+"] or {})", field)
		expression = "(" + expression + " if " + expression + " is defined else " + inner + ")"
	}
	return expression
}

// continuation returns the template of several parameters that an answer gives for the next page:
// an object of those that it has, or nothing.
func continuation(p *value.Dict) (string, error) {
	if err := onePointer(p); err != nil {
		return "", err
	}
	for _, name := range []string{"param", "cursor_template"} {
		if has(p, name) {
			return "", fmt.Errorf("%s and params are both given, expected one of them", name)
		}
	}
	params := dict(p, "params")
	if params == nil {
		path, err := pathOf(p, "params")
		return "{% set next = " + lookUp(path) + " %}{{ next if next is mapping else '' }}", err
	}
	var names, members, some []string
	for name, v := range params.All() {
		path, err := value.PathOf(v)
		if err != nil {
			return "", fmt.Errorf("params.%s %w", name, err)
		}
		variable := fmt.Sprintf("p%d", len(names))
		names = append(names, "{% set "+variable+" = "+lookUp(path)+" %}")
		members = append(members, value.Repr(name)+": "+variable+" if "+variable+" is defined else none")
		some = append(some, variable)
	}
	if len(names) == 0 {
		return "", errors.New("params is empty, expected a parameter and where the answer holds its value")
	}
	return strings.Join(names, "") + "{{ {" + strings.Join(members, ", ") + "} if " + strings.Join(some, " or ") + " else '' }}", nil
}
