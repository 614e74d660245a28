package restsource

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/value"
)

// keySettings are the settings that have no use without a replication_key.
var keySettings = []string{
	"replication_param", "replication_in", "replication_template", "replication_format", "lookback", "start_value", "end_value", "end_param",
	"window_days", "newest_first", "filter_here",
}

// setCursor gives a stream its cursor, if it has a replication_key.
func (f *family) setCursor(stream, s *value.Dict) error {
	cursor, err := f.cursorOf(s)
	if cursor != nil {
		stream.Set("incremental_sync", cursor)
	}
	return err
}

// cursorOf returns the cursor of a stream; nil: it has no replication_key.
func (f *family) cursorOf(s *value.Dict) (*value.Dict, error) {
	key, err := pathOf(s, "replication_key")
	if err != nil {
		return nil, err
	}
	if key.Len() == 0 {
		for _, name := range keySettings {
			if has(s, name) && !slices.Contains(f.defaulted[text(s, "name")], name) {
				return nil, fmt.Errorf("%s has no use without replication_key: write replication_key: FIELD, the field of the records whose greatest value is kept", name)
			}
		}
		return nil, nil
	}
	cursor := value.DictOf("type", "ReplicationKeyCursor")
	setKey(cursor, s, key)
	for _, step := range []func(cursor, s *value.Dict) error{setLower, setUpper, setReading} {
		if err := step(cursor, s); err != nil {
			return nil, err
		}
	}
	return cursor, nil
}

// setKey sets the field that is followed. Where its object is flattened, its members stand in the
// record itself.
func setKey(cursor, s *value.Dict, key value.Path) {
	names := key.Names()
	if len(names) > 1 && slices.Contains(flattened(s), names[0]) {
		names = names[1:]
		key, _ = value.PathOf(value.FromGo(names))
	}
	v, _ := s.Get("replication_key")
	if _, isText := v.(string); isText && len(names) == key.Len() && key.String() == v {
		cursor.Set("cursor_field", exact(key.String()))
		return
	}
	cursor.Set("cursor_field", exact(strings.Join(names, ".")))
	if len(names) > 1 {
		cursor.Set("cursor_path", value.FromGo(names))
	}
}

// flattened are the objects whose members become the record's own.
func flattened(s *value.Dict) []string {
	v, _ := s.Get("flatten")
	switch v := v.(type) {
	case string:
		return []string{v}
	case *value.List:
		var names []string
		for _, item := range v.All() {
			names = append(names, value.Str(item))
		}
		return names
	}
	return nil
}

// setLower sets where the value goes in requests, and what the first read sends.
func setLower(cursor, s *value.Dict) error {
	param, err := boundOption(s, "replication_param")
	if err != nil {
		return err
	}
	template, _ := s.Get("replication_template")
	switch {
	case param != nil:
		cursor.Set("request_option", param)
	case template != nil:
		return errors.New("replication_template needs replication_param, the parameter (or with replication_in: body the path in the body) that it goes to")
	case text(s, "replication_in") != "":
		return errors.New("replication_in needs replication_param, the name that the value goes under")
	}
	if template != nil {
		if !holds(template, "{value}") {
			return errors.New(`replication_template lacks {value}, which stands for the value, as in "ts ge {value}"`)
		}
		cursor.Set("template", template)
	}
	if format := text(s, "replication_format"); format != "" {
		cursor.Set("format", format)
	}
	return setBound(cursor, s, "start_value")
}

// setBound sets start_value or end_value, which may be a text or a number.
func setBound(cursor, s *value.Dict, name string) error {
	v, _ := s.Get(name)
	if v == nil || v == "" {
		return nil
	}
	bound, err := listedText(v)
	if err != nil {
		return fmt.Errorf("%s %w", name, err)
	}
	cursor.Set(name, exact(bound))
	return nil
}

// boundOption returns where a bound goes in requests; nil: it is not sent.
func boundOption(s *value.Dict, name string) (*value.Dict, error) {
	v, _ := s.Get(name)
	if v == nil {
		return nil, nil
	}
	place, err := placeOf(s, text(s, "replication_in"))
	if err != nil {
		return nil, fmt.Errorf("replication_in %w", err)
	}
	option, err := optionAt(place, v)
	if err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	return option, nil
}

// setUpper sets the upper bound and the length of windows.
func setUpper(cursor, s *value.Dict) error {
	end, err := boundOption(s, "end_param")
	if err != nil {
		return err
	}
	template, _ := s.Get("replication_template")
	sent := end != nil || holds(template, "{end_value}")
	if has(s, "end_value") && !sent && !isTrue(s, "filter_here") {
		return errors.New("end_value has no use: write end_param: NAME, the parameter for it, or {end_value} in replication_template, or filter_here: true")
	}
	if end != nil {
		cursor.Set("end_option", end)
	}
	if days, _ := s.Get("window_days"); days != nil {
		if !sent {
			return errors.New("window_days needs end_param: NAME, the parameter for the end of a window, or {end_value} in replication_template")
		}
		if !has(s, "start_value") {
			return errors.New("window_days needs start_value, the time at which the first window begins")
		}
		cursor.Set("window", "P"+value.Str(days)+"D")
	}
	return setBound(cursor, s, "end_value")
}

// setReading sets how the list is read.
func setReading(cursor, s *value.Dict) error {
	switch v, _ := s.Get("lookback"); v.(type) {
	case nil, int64, string:
	default:
		return fmt.Errorf("lookback is %s, expected a duration such as P1D, or seconds", value.Repr(v))
	}
	carry(cursor, s, "lookback")
	if isTrue(s, "newest_first") {
		if has(s, "window_days") {
			return errors.New("newest_first does not go with window_days: leave one of them out")
		}
		cursor.Set("newest_first", true)
	}
	if isTrue(s, "filter_here") {
		cursor.Set("filter_here", true)
	}
	return nil
}

// holds reports whether a text, or one in an object, has a part.
func holds(v any, part string) bool {
	found := false
	_ = eachText("", v, func(_, text string) error {
		found = found || strings.Contains(text, part)
		return nil
	})
	return found
}
