package restsource

import (
	"errors"
	"fmt"

	"anytap/internal/value"
)

// setChanges makes a stream follow the change tokens of its API, where pagination.change_path says
// where answers hold them. An address takes the place of the first one; any other token goes to
// change_param, by default the parameter of the page's token.
func setChanges(stream, s *value.Dict, pages *pagination) error {
	p := dict(s, "pagination")
	path, err := pathOf(p, "change_path")
	if err != nil {
		return fmt.Errorf("pagination.%w", err)
	}
	param := text(p, "change_param")
	if path.Len() == 0 {
		if param != "" {
			return errors.New("pagination.change_param has no use without change_path, which says where answers hold the change token")
		}
		return nil
	}
	for _, name := range keySettings {
		if has(s, name) {
			return fmt.Errorf("%s does not go with pagination.change_path: the change token says what is new", name)
		}
	}
	address := pages.addresses && param == ""
	if param == "" && text(p, "type") == "cursor" {
		if param = text(p, "param"); param == "" {
			param = ways["cursor"].param
		}
	}
	if param == "" && !address {
		return errors.New("pagination.change_param is missing, expected the parameter that carries the change token")
	}
	raw, _ := p.Get("change_path")
	pages.settings.Set("changes", value.DictOf("path", raw, "address", address))
	cursor := value.DictOf("type", "ChangeTokenCursor")
	if field := cursorName(s); field != "" {
		cursor.Set("cursor_field", exact(field))
	}
	if !address {
		place, err := placeOf(s, text(p, "in"))
		if err != nil {
			return fmt.Errorf("pagination.in %w", err)
		}
		option, err := optionAt(place, param)
		if err != nil {
			return fmt.Errorf("pagination.change_param %w", err)
		}
		cursor.Set("request_option", option)
	}
	stream.Set("incremental_sync", cursor)
	return nil
}

// cursorName is the field that catalogs name for a stream that follows change tokens: the
// replication key, else the first field of the primary key, as clients look for it in records.
func cursorName(s *value.Dict) string {
	for _, name := range []string{"replication_key", "primary_key"} {
		v, _ := s.Get(name)
		if l, ok := v.(*value.List); ok && l.Len() > 0 {
			v = l.At(0)
		}
		if field, ok := v.(string); ok && field != "" {
			return field
		}
	}
	return ""
}
