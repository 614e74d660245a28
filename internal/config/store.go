package config

import (
	"fmt"

	"anytap/internal/files"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Configuration is the settings of all that a call gives, and where each came from.
type Configuration struct {
	Name    string            // what messages call it
	Values  *value.Dict       // what the run uses
	Secrets map[string]string // texts that are secret wherever they stand, by the references that gave them

	raw   *value.Dict       // Values as they are written, with their references
	parts []part            // the files, later ones over earlier ones
	above map[string]string // what replaces a setting of the files, such as "--set limit"
}

// AsWritten is a configuration that the run changed as it would be written: what did not change has
// its references.
func (c *Configuration) AsWritten(changed *value.Dict) *value.Dict {
	v, _ := merged(c.raw, true, c.Values, changed)
	return v.(*value.Dict)
}

// merged is what is to be written of a value: where the run did not change it, what is written now,
// if that is given. before is the value that the run had.
func merged(written any, given bool, before, after any) (v any, keep bool) {
	if value.Equal(before, after) {
		return written, given
	}
	w, _ := written.(*value.Dict)
	b, _ := before.(*value.Dict)
	a, _ := after.(*value.Dict)
	if w == nil || b == nil || a == nil {
		return Plain(after), true
	}
	d := value.NewDict(a.Len())
	for _, name := range append(w.Keys(), a.Keys()...) {
		after, ok := a.Get(name)
		if _, done := d.Get(name); !ok || done {
			continue
		}
		written, given := w.Get(name)
		before, _ := b.Get(name)
		if v, keep := merged(written, given, before, after); keep {
			d.Set(name, v)
		}
	}
	return d, true
}

// Store keeps a configuration that the run changed, such as a rotated refresh token. It is written
// back into the files: each changed setting into the one that it came from, new ones (an access
// token) into a file that changes anyway, or else into the last one. What has no file that can be
// written is left as it is: who can not do without asks Reserve before.
func (c *Configuration) Store(changed *value.Dict) error {
	var names []string
	for key, v := range changed.All() {
		if old, had := c.Values.Get(key); !had || !value.Equal(old, v) {
			names = append(names, key)
		}
	}
	homes, err := c.homesOf(names)
	if err != nil {
		return nil //nolint:nilerr // see above
	}
	for at, names := range homes {
		p := &c.parts[at]
		written := p.raw.Clone()
		for _, name := range names {
			v, _ := changed.Get(name)
			before, _ := c.Values.Get(name)
			old, given := p.raw.Get(name)
			if v, keep := merged(old, given, before, v); keep {
				written.Set(name, v)
			}
		}
		text, err := withChanged(p.path, p.text, written, names)
		if err == nil {
			err = p.replace(text)
		}
		if err != nil {
			return fmt.Errorf("keep the changed config: %w", err)
		}
		p.raw, p.text = written, text
	}
	for _, name := range names {
		v, _ := changed.Get(name)
		before, _ := c.Values.Get(name)
		old, given := c.raw.Get(name)
		if v, keep := merged(old, given, before, v); keep {
			c.raw.Set(name, v)
		}
		c.Values.Set(name, v)
	}
	return nil
}

// replace writes a new text of the file, into the place that was reserved where there is one.
func (p *part) replace(text []byte) error {
	at := p.place
	p.place = nil
	if at == nil {
		var err error
		if at, err = files.NewPlace(p.path); err != nil {
			return err
		}
	}
	return at.Replace(text)
}

// Reserve makes sure that settings can be stored, before a token is used that works only once. free
// gives up what was reserved and is not needed after all.
func (c *Configuration) Reserve(names []string) (free func(), err error) {
	homes, err := c.homesOf(names)
	if err != nil {
		return nil, err
	}
	free = func() {
		for at := range homes {
			if p := &c.parts[at]; p.place != nil {
				p.place.Drop()
				p.place = nil
			}
		}
	}
	for at := range homes {
		p := &c.parts[at]
		if p.place, err = reserve(p.path); err != nil {
			free()
			return nil, tap.Errorf(tap.Config, "%s can not be replaced: %w; make its folder writable with room for it, and mount the folder, not the file alone", p.path, err)
		}
	}
	return free, nil
}

// homesOf are the files that settings are stored in, with the names for each. It is an error where
// one of them has no such file.
func (c *Configuration) homesOf(names []string) (map[int][]string, error) {
	homes, home := map[int][]string{}, len(c.parts)-1
	var added []string
	for _, name := range names {
		if above, ok := c.above[name]; ok {
			return nil, tap.Errorf(tap.Config, "the setting %s changes when the API is asked for a token, but %s stands above all files, so a new value would have no effect in the next run: write it into a file for --config", name, above)
		}
		if home < 0 {
			return nil, tap.Errorf(tap.Config, "the setting %s changes when the API is asked for a token, but there is no config file to keep it in: give one with --config", name)
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
	for at, names := range homes {
		if p := c.parts[at]; p.once {
			return nil, tap.Errorf(tap.Config, "the setting %s changes when the API is asked for a token, and %s, which it came from, can not be written: give a file with --config", names[0], nameOf(p.path))
		}
	}
	return homes, nil
}

// fileOf is the index of the file that a setting came from; -1: it came from none.
func (c *Configuration) fileOf(key string) int {
	at := -1
	for i, p := range c.parts {
		if _, ok := p.raw.Get(key); ok {
			at = i
		}
	}
	return at
}
