package restsource

import (
	"anytap/internal/value"
)

// endingOf adds to the settings of the page loop what the judge of a list's end goes by: where the
// answer says what, and what the user calls these places.
func endingOf(s, p, settings *value.Dict) error {
	names := value.DictOf("records", "records_path")
	for _, place := range []struct {
		of      *value.Dict
		setting string // in the configuration
		name    string // in the page loop's settings; empty: for messages only
		role    string // in names
		prefix  string
	}{
		{s, "records_path", "", "records", ""},
		{p, "cursor_path", "next", "next", "pagination."},
		{p, "has_more_path", "more", "more", "pagination."},
		{p, "total_path", "total", "total", "pagination."},
		{p, "pages_path", "total_pages", "pages", "pagination."},
	} {
		path, err := pathOf(place.of, place.setting)
		if err != nil && place.of == p {
			return err
		}
		if err != nil || path.Len() == 0 { // the extractor reports the path of the records
			continue
		}
		if place.name != "" {
			settings.Set(place.name, pathValue(path))
		}
		if place.role != "records" { // whose path the message has from elsewhere
			names.Set(place.role, exact(place.prefix+place.setting+" ("+path.String()+")"))
		}
	}
	if kind := text(p, "type"); kind == "link_header" {
		names.Set("next", "the Link header")
	} else if header := text(p, "cursor_header"); header != "" {
		names.Set("next", exact("pagination.cursor_header ("+header+")"))
	}
	settings.Set("names", names)
	for setting, of := range map[string]*value.Dict{"first_offset": p, "trust_total": p, "records_optional": s} {
		if of == nil {
			continue
		}
		if v, ok := of.Get(setting); ok && v != nil {
			settings.Set(setting, v)
		}
	}
	return nil
}

// pathValue is a path as the page loop's settings have it, in the form in which it was written.
func pathValue(p value.Path) any {
	if len(p.Readings()) > 1 {
		return exact(p.String())
	}
	return exactTexts(p.Names())
}
