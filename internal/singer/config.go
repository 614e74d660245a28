package singer

import (
	"fmt"
	"strconv"
	"strings"

	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// configuration is the settings of all files together, and where each came from.
type configuration struct {
	values *value.Dict
	files  []configFile
}

type configFile struct {
	path   string
	values *value.Dict
	place  *place // reserved for a change; nil: none is
}

// environment is the value of --config that stands for variables of the environment.
const environment = "ENV"

// readConfig merges configuration files at their top level: later ones replace the settings of
// earlier ones. With ENV among the paths, ANYTAP_… variables replace all of them, wherever it
// stands, as in the Meltano SDK.
func readConfig(paths []string, spec *tap.Spec, lookup func(string) (string, bool)) (*configuration, error) {
	c := &configuration{values: value.NewDict(8)}
	fromEnv := false
	for _, path := range paths {
		if path == environment {
			fromEnv = true
			continue
		}
		d, err := frontend.ReadConfig(path)
		if err != nil {
			return nil, err
		}
		c.files = append(c.files, configFile{path: path, values: d})
		for key, v := range d.All() {
			c.values.Set(key, v)
		}
	}
	if !fromEnv {
		return c, nil
	}
	for _, s := range settings(spec) {
		name := "ANYTAP_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
		text, ok := lookup(name)
		if !ok {
			continue
		}
		v, err := s.parse(text)
		if err != nil {
			return nil, tap.Errorf(tap.Config, "variable %s: %w", name, err)
		}
		c.values.Set(s.name, v)
	}
	return c, nil
}

// name is what error messages call the configuration: the last file, whose settings replace the
// others.
func (c *configuration) name() string {
	if len(c.files) == 0 {
		return "config"
	}
	return c.files[len(c.files)-1].path
}

// setting is a property that a configuration may have.
type setting struct {
	name     string
	schema   *value.Dict
	required bool
}

// settings are the properties of a specification, each once. Those of several systems (oneOf)
// follow one another.
func settings(spec *tap.Spec) []setting {
	var all []setting
	seen := map[string]bool{}
	add := func(schema *value.Dict, shared bool) {
		required := map[string]bool{}
		for _, name := range list(schema, "required").All() {
			required[value.Str(name)] = shared
		}
		properties := value.Member[*value.Dict](schema, "properties")
		if properties == nil {
			return
		}
		for name, v := range properties.All() {
			if d, ok := v.(*value.Dict); ok && !seen[name] {
				seen[name] = true
				all = append(all, setting{name: name, schema: d, required: required[name]})
			}
		}
	}
	add(spec.Connection, true)
	for _, option := range list(spec.Connection, "oneOf").All() {
		if d, ok := option.(*value.Dict); ok {
			add(d, false)
		}
	}
	return all
}

// parse reads the text of a variable by the setting's type.
func (s setting) parse(text string) (any, error) {
	switch kind := typeOf(s.schema); kind {
	case "integer":
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("expected a whole number, for example 100")
		}
		return n, nil
	case "number":
		f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return nil, fmt.Errorf("expected a number, for example 0.5")
		}
		return f, nil
	case "boolean":
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true", "1", "yes", "on":
			return true, nil
		case "false", "0", "no", "off", "":
			return false, nil
		}
		return nil, fmt.Errorf("expected true or false")
	case "object", "array":
		v, err := value.Decode([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("expected JSON for a setting of type %s: %w", kind, err)
		}
		return v, nil
	}
	return text, nil
}

// typeOf is the type of a schema; of a list of types it is the first that is not null.
func typeOf(d *value.Dict) string {
	v, _ := d.Get("type")
	if l, ok := v.(*value.List); ok {
		for _, item := range l.All() {
			if item != "null" {
				return value.Str(item)
			}
		}
	}
	s, _ := v.(string)
	return s
}

// store keeps a configuration that the run changed, such as a rotated refresh token. Singer has no
// message for that, so it is written back into the files: each changed setting into the one that it
// came from, new ones (an access token) into a file that changes anyway, or else into the last one.
func (c *configuration) store(changed *value.Dict) error {
	var names []string
	for key, v := range changed.All() {
		if old, had := c.values.Get(key); !had || !value.Equal(old, v) {
			names = append(names, key)
		}
	}
	homes, err := c.homesOf(names)
	if err != nil {
		return err
	}
	for at, names := range homes {
		f := &c.files[at]
		for _, name := range names {
			v, _ := changed.Get(name)
			c.values.Set(name, v)
			f.values.Set(name, v)
		}
		text, err := frontend.Changed(f.path, f.values, names)
		if err == nil {
			err = f.replace(text)
		}
		if err != nil {
			return fmt.Errorf("keep the changed config: %w", err)
		}
	}
	return nil
}

// replace writes a new text of the file, into the place that was reserved where there is one.
func (f *configFile) replace(text []byte) error {
	p := f.place
	f.place = nil
	if p == nil {
		var err error
		if p, err = newPlace(f.path); err != nil {
			return err
		}
	}
	return p.replace(text)
}

// reserve makes sure that settings can be stored, before a token is used that works only once. free
// gives up what was reserved and is not needed after all.
func (c *configuration) reserve(names []string) (free func(), err error) {
	homes, err := c.homesOf(names)
	if err != nil {
		return nil, err
	}
	free = func() {
		for at := range homes {
			if f := &c.files[at]; f.place != nil {
				f.place.drop()
				f.place = nil
			}
		}
	}
	for at := range homes {
		f := &c.files[at]
		if f.place, err = reserve(f.path); err != nil {
			free()
			return nil, tap.Errorf(tap.Config, "%s can not be replaced: %w; make its folder writable with room for it, and mount the folder, not the file alone", f.path, err)
		}
	}
	return free, nil
}

// homesOf are the files that settings are stored in, with the names for each.
func (c *configuration) homesOf(names []string) (map[int][]string, error) {
	homes, home := map[int][]string{}, len(c.files)-1
	var added []string
	for _, name := range names {
		if home < 0 {
			return nil, tap.Errorf(tap.Config, "setting %s changes when the API is asked for a token, but there is no config file to keep it in: give one with --config", name)
		}
		if at := c.fileOf(name); at >= 0 {
			homes[at], home = append(homes[at], name), at
		} else {
			added = append(added, name)
		}
	}
	if len(added) > 0 {
		homes[home] = append(homes[home], added...)
	}
	return homes, nil
}

// fileOf is the index of the file that a setting came from; -1: it came from none.
func (c *configuration) fileOf(key string) int {
	at := -1
	for i, f := range c.files {
		if _, ok := f.values.Get(key); ok {
			at = i
		}
	}
	return at
}
