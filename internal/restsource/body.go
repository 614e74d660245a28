package restsource

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"anytap/internal/value"
)

// methodOf returns the method of the stream s: POST where a request has a body, unless the
// configuration says otherwise.
func methodOf(s *value.Dict) string {
	otherwise := "GET"
	if has(s, "body") || has(s, "form") || text(dict(s, "pagination"), "in") == "body" || text(s, "replication_in") == "body" {
		otherwise = "POST"
	}
	return cmp.Or(text(s, "method"), otherwise)
}

// setBody sets the body of a requester; at is the template expression of s in the configuration,
// where texts are looked up. parts are what the texts may hold of the partition.
func setBody(requester, s *value.Dict, at string, parts *partitions) error {
	body, _ := s.Get("body")
	form := dict(s, "form")
	if body != nil && form != nil {
		return errors.New("body and form are both given, expected one of them")
	}
	switch body := body.(type) {
	case *value.Dict:
		left, err := withoutMoving("body", body, movingFields(s, "body"), nil)
		if err != nil {
			return err
		}
		requester.Set("request_body", value.DictOf("type", "ExactJsonBody", "value", parts.texts(left, at+"['body']")))
	case string:
		if body != "" {
			requester.Set("request_body", value.DictOf("type", "RequestBodyPlainText", "value", parts.texts(body, at+"['body']")))
		}
	}
	if body == nil && form == nil && len(movingFields(s, "body")) > 0 {
		requester.Set("request_body", value.DictOf("type", "ExactJsonBody", "value", value.NewDict(0)))
	}
	if form == nil || form.Len() == 0 {
		return nil
	}
	form, err := withoutMoving("form", form, movingFields(s, "body"), nil)
	if err != nil {
		return err
	}
	fields, err := parts.formOf(form, at+"['form']")
	if err != nil {
		return fmt.Errorf("form.%w", err)
	}
	requester.Set("request_body", value.DictOf("type", "RequestBodyUrlEncodedForm", "value", fields))
	return nil
}

// texts returns v with templates in place of its texts, which look them up in the configuration,
// where v stands at. A text that is nothing but a value of the partition keeps that value's type.
func (p *partitions) texts(v any, at string) any {
	switch v := v.(type) {
	case string:
		if v == "" {
			return v
		}
		return quoted(p.textAt(v, at))
	case *value.Dict:
		d := value.NewDict(v.Len())
		for name, member := range v.All() {
			d.Set(name, p.texts(member, at+"["+value.Repr(name)+"]"))
		}
		return d
	case *value.List:
		l := value.NewList()
		for i, item := range v.All() {
			l.Append(p.texts(item, fmt.Sprintf("%s[%d]", at, i)))
		}
		return l
	}
	return v
}

// textAt is the template expression of a text that stands at a place of the configuration.
func (p *partitions) textAt(text, at string) string {
	if filled, ok := p.filled(text); ok {
		return filled
	}
	return at
}

// formOf returns the fields of a form: texts, and lists of texts for fields that come several
// times.
func (p *partitions) formOf(form *value.Dict, at string) (*value.Dict, error) {
	fields := value.NewDict(form.Len())
	for name, v := range form.All() {
		field, err := p.fieldText(v, at+"["+value.Repr(name)+"]")
		if err != nil {
			return nil, fmt.Errorf("%s %w", name, err)
		}
		if field != "" {
			fields.Set(exact(name), field)
		}
	}
	return fields, nil
}

// fieldText returns the template of a field of a form; empty: it is left out.
func (p *partitions) fieldText(v any, at string) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return quoted(p.textAt(v, at)), nil
	case bool:
		return quoted(value.Repr(fmt.Sprint(v))), nil
	case *value.Dict:
		return "", errors.New("is a dict, expected a text, a number, a boolean or a list of those")
	case *value.List:
		var items []string
		for i, item := range v.All() {
			switch item := item.(type) {
			case string:
				items = append(items, p.textAt(item, fmt.Sprintf("%s[%d]", at, i)))
			case nil, *value.Dict, *value.List:
				return "", fmt.Errorf("holds a %s, expected texts, numbers and booleans", value.TypeName(item))
			default:
				items = append(items, value.Repr(string(value.Append(nil, item))))
			}
		}
		if len(items) == 0 {
			return "", nil
		}
		return "{{ [" + strings.Join(items, ", ") + "] }}", nil
	}
	return quoted(value.Repr(string(value.Append(nil, v)))), nil
}
