package restsource

import "anytap/internal/value"

// endingOf adds to the settings of the page loop what the judge of a list's end goes by: where the
// answer says what, and what the user calls these places.
func endingOf(s, p, settings *value.Dict) error {
	names := value.DictOf("records", "records_path")
	for _, place := range []struct {
		setting string // in the configuration
		name    string // in the page loop's settings
		role    string // in names
	}{
		{"cursor_path", "next", "next"},
		{"has_more_path", "more", "more"},
		{"total_path", "total", "total"},
		{"pages_path", "total_pages", "pages"},
	} {
		path, err := pathOf(p, place.setting)
		if err != nil {
			return err
		}
		if path.Len() > 0 {
			settings.Set(place.name, pathValue(path))
			names.Set(place.role, exact("pagination."+place.setting+" ("+path.String()+")"))
		}
	}
	if text(p, "type") == "link_header" {
		names.Set("next", "the Link header")
	} else if header := text(p, "cursor_header"); header != "" {
		names.Set("next", exact("pagination.cursor_header ("+header+")"))
	}
	settings.Set("names", names)
	carry(settings, p, "first_offset", "trust_total")
	carry(settings, s, "records_optional")
	return nil
}
