package frontend

import (
	"strings"

	"anytap/internal/config"
	"anytap/internal/value"
)

// MapSettings are the settings of stream maps and flattening. They stand beside those of the
// source, which is not given them.
var MapSettings = []string{
	"stream_maps", "stream_map_config", "faker_config",
	"flattening_enabled", "flattening_max_depth", "flattening_max_key_length", "flattening_separator",
}

// withoutMaps is a copy of a configuration without the settings of stream maps, but for those that
// the source has itself.
func (r *Run) withoutMaps(values *value.Dict) (*value.Dict, error) {
	values = values.Clone()
	var given []string
	for _, name := range MapSettings {
		if _, ok := values.Get(name); ok {
			given = append(given, name)
		}
	}
	if len(given) == 0 {
		return values, nil
	}
	spec, err := r.Connector.Spec()
	if err != nil {
		return nil, err
	}
	own := map[string]bool{}
	for _, s := range config.Settings(spec) {
		own[s.Name] = true
	}
	var apart []string
	for _, name := range given {
		if !own[name] {
			values.Delete(name)
			apart = append(apart, name)
		}
	}
	if len(apart) > 0 && !r.Maps {
		r.Log.Warn("stream maps and flattening are of the Singer form: here records go out as they are", "settings", strings.Join(apart, ", "))
	}
	return values, nil
}
