package streammap

import (
	"strings"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Settings are those of a configuration that this package reads, as the properties of a JSON
// schema.
func Settings() *value.Dict {
	setting := func(kind, title, description string) *value.Dict {
		return value.DictOf("type", kind, "title", title, "description", description)
	}
	return value.DictOf(
		"stream_maps", setting("object", "Stream maps", "Singer only: rename, remove, compute, filter and duplicate streams and properties, as the Meltano SDK does."),
		"stream_map_config", setting("object", "Values for stream maps", "Singer only: values that expressions of stream_maps find in config."),
		"faker_config", setting("object", "Faker", "Singer only, and not supported: expressions of stream_maps can not use fake."),
		"flattening_enabled", setting("boolean", "Flattening", "Singer only: make properties of their own of those in inner objects."),
		"flattening_max_depth", setting("integer", "Depth of flattening", "Singer only: how many levels of inner objects are flattened."),
		"flattening_max_key_length", setting("integer", "Length of flattened names", "Singer only: names of flattened properties that are as long are abbreviated."),
		"flattening_separator", setting("string", "Separator of flattened names", "Singer only: what stands between the parts of a flattened name."),
	)
}

// null stands for null in a configuration that has only texts.
const null = "__NULL__"

func isNull(v any) bool { return v == nil || v == null }

// The options of maps.
const (
	optionElse   = "__else__"
	optionFilter = "__filter__"
	optionSource = "__source__"
	optionAlias  = "__alias__"
	optionKeys   = "__key_properties__"
)

// Read takes the settings from a configuration. It returns nil where nothing is to be changed.
// Errors name the setting.
func Read(c *value.Dict) (*Mapper, error) {
	m := &Mapper{config: value.NewDict(0)}
	maps, err := setting[*value.Dict](c, "stream_maps", "an object")
	if err != nil {
		return nil, err
	}
	if d, err := setting[*value.Dict](c, "stream_map_config", "an object"); err != nil {
		return nil, err
	} else if d != nil {
		m.config = d
	}
	if m.flattening, err = readFlattening(c); err != nil {
		return nil, err
	}
	if maps == nil && m.flattening == nil {
		return nil, nil
	}
	if maps == nil {
		return m, nil
	}
	for name, v := range maps.All() {
		switch {
		case name == optionElse && isNull(v):
			m.others = true
		case name == optionElse:
			return nil, tap.Errorf(tap.Config, "stream_maps.%s is %s, expected null: the streams without a map are left out", name, value.Repr(v))
		case strings.HasPrefix(name, "__"):
			return nil, tap.Errorf(tap.Config, "stream_maps.%s is no name of a stream, and of options only __else__ can stand here", name)
		default:
			e := entry{name: name, source: name, value: v}
			if d, ok := v.(*value.Dict); ok {
				if source, ok := d.Get(optionSource); ok {
					text, isText := source.(string)
					if !isText {
						return nil, tap.Errorf(tap.Config, "stream_maps.%s.%s is a %s, expected the name of a stream", name, optionSource, value.TypeName(source))
					}
					e.source, e.extra = text, true
				}
			}
			m.entries = append(m.entries, e)
		}
	}
	return m, nil
}

// setting is a setting of a type; the zero value where it is missing or null.
func setting[T any](c *value.Dict, name, expected string) (v T, err error) {
	given, _ := c.Get(name)
	if given == nil {
		return v, nil
	}
	v, ok := given.(T)
	if !ok {
		return v, tap.Errorf(tap.Config, "%s is a %s, expected %s", name, value.TypeName(given), expected)
	}
	return v, nil
}
