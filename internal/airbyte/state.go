package airbyte

import (
	"fmt"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// readState reads the state of each stream from a state file in any form that clients send: a list
// of STATE messages (bare, in their envelope, or as PyAirbyte writes them, with nulls and
// `global_`), a single one, or the legacy object with a member for each stream. [], {} and null
// hold no state. A stream whose state is null begins anew.
func readState(path string, v any) (map[string]*value.Dict, error) {
	states := map[string]*value.Dict{}
	switch v := v.(type) {
	case nil:
		return states, nil
	case *value.List:
		for i, item := range v.All() {
			d, ok := item.(*value.Dict)
			if !ok {
				return nil, tap.Errorf(tap.Config, "%s: [%d] is a %s, expected a state message", path, i, value.TypeName(item))
			}
			if err := addState(states, path, fmt.Sprintf("[%d]", i), d); err != nil {
				return nil, err
			}
		}
		return states, nil
	case *value.Dict:
		return states, addState(states, path, "", v)
	}
	return nil, tap.Errorf(tap.Config, "%s: holds a %s, expected a list of state messages", path, value.TypeName(v))
}

// addState adds what one message holds. where is its place in the file.
func addState(states map[string]*value.Dict, path, where string, d *value.Dict) error {
	if inner := value.Member[*value.Dict](d, "state"); inner != nil && value.Member[string](d, "type") == "STATE" {
		return addState(states, path, where+".state", inner)
	}
	if stream := value.Member[*value.Dict](d, "stream"); stream != nil {
		return addStreamState(states, path, where+".stream", stream)
	}
	for _, name := range []string{"global", "global_"} {
		if global := value.Member[*value.Dict](d, name); global != nil {
			return addGlobalState(states, path, where+"."+name, global)
		}
	}
	if data := value.Member[*value.Dict](d, "data"); data != nil {
		d = data
	} else if _, typed := d.Get("type"); typed {
		return tap.Errorf(tap.Config, "%s: %s has the type %q but no stream, global or data", path, where, value.Member[string](d, "type"))
	}
	for name, state := range d.All() {
		s, ok := state.(*value.Dict)
		if !ok && state != nil {
			return tap.Errorf(tap.Config, "%s: the state of stream %q is a %s, expected an object", path, name, value.TypeName(state))
		}
		states[name] = s
	}
	return nil
}

// addStreamState adds {"stream_descriptor": {"name": …}, "stream_state": {…}}.
func addStreamState(states map[string]*value.Dict, path, where string, d *value.Dict) error {
	name := value.Member[string](value.Member[*value.Dict](d, "stream_descriptor"), "name")
	if name == "" {
		return tap.Errorf(tap.Config, "%s: %s.stream_descriptor.name is missing", path, where)
	}
	state, _ := d.Get("stream_state")
	s, ok := state.(*value.Dict)
	if !ok && state != nil {
		return tap.Errorf(tap.Config, "%s: %s.stream_state is a %s, expected an object", path, where, value.TypeName(state))
	}
	states[name] = s
	return nil
}

// addGlobalState adds the list of streams of a GLOBAL message.
func addGlobalState(states map[string]*value.Dict, path, where string, d *value.Dict) error {
	list, _ := d.Get("stream_states")
	items, ok := list.(*value.List)
	if !ok {
		return tap.Errorf(tap.Config, "%s: %s.stream_states is a %s, expected a list", path, where, value.TypeName(list))
	}
	for i, item := range items.All() {
		s, ok := item.(*value.Dict)
		if !ok {
			return tap.Errorf(tap.Config, "%s: %s.stream_states[%d] is a %s, expected an object", path, where, i, value.TypeName(item))
		}
		if err := addStreamState(states, path, fmt.Sprintf("%s.stream_states[%d]", where, i), s); err != nil {
			return err
		}
	}
	return nil
}
