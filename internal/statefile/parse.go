package statefile

import (
	"fmt"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Entry is the state of one stream in a file.
type Entry struct {
	Stream string
	State  *value.Dict // nil: the stream begins anew
	holder *value.Dict // has the state as a member
	member string
	list   *value.List // of messages, one of which is for this stream alone; nil: there is none
	item   any         // that message
}

// Singer finds the bookmarks of a Singer state: the value of a STATE message or, as people keep it
// by hand, the whole message. {} and null hold none. whole is the value, nil for null.
func Singer(path string, v any) (whole *value.Dict, bookmarks []Entry, err error) {
	if v == nil {
		return nil, nil, nil
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return nil, nil, tap.Errorf(tap.Config, "%s: holds %s, expected an object with bookmarks (a list is a state of Airbyte's protocol: anytap read takes it)", path, value.Describe(v))
	}
	if inner := value.Member[*value.Dict](d, "value"); inner != nil && value.Member[string](d, "type") == "STATE" {
		d = inner
	}
	all, _ := d.Get("bookmarks")
	if all == nil {
		return d, nil, nil
	}
	holder, ok := all.(*value.Dict)
	if !ok {
		return nil, nil, tap.Errorf(tap.Config, "%s: bookmarks is %s, expected an object", path, value.Describe(all))
	}
	for name, v := range holder.All() {
		bookmark, ok := v.(*value.Dict)
		if !ok && v != nil {
			return nil, nil, tap.Errorf(tap.Config, "%s: bookmarks.%s is %s, expected an object", path, name, value.Describe(v))
		}
		bookmarks = append(bookmarks, Entry{Stream: name, State: bookmark, holder: holder, member: name})
	}
	return d, bookmarks, nil
}

// Airbyte finds the state of each stream in any form that clients send: a list of STATE messages
// (bare, in their envelope, or as PyAirbyte writes them, with nulls and `global_`), a single one,
// or the legacy object with a member for each stream. [], {} and null hold no state.
func Airbyte(path string, v any) ([]Entry, error) {
	w := walk{path: path}
	switch v := v.(type) {
	case nil:
	case *value.List:
		for i, item := range v.All() {
			d, ok := item.(*value.Dict)
			if !ok {
				return nil, tap.Errorf(tap.Config, "%s: [%d] is %s, expected a state message", path, i, value.Describe(item))
			}
			if err := w.message(fmt.Sprintf("[%d]", i), d, Entry{list: v, item: item}); err != nil {
				return nil, err
			}
		}
	case *value.Dict:
		if err := w.message("", v, Entry{}); err != nil {
			return nil, err
		}
	default:
		return nil, tap.Errorf(tap.Config, "%s: holds %s, expected a list of state messages", path, value.Describe(v))
	}
	return w.found, nil
}

// walk collects the states of streams.
type walk struct {
	path  string
	found []Entry
}

// message adds what one message holds. where is its place in the file, in says in which list it is.
func (w *walk) message(where string, d *value.Dict, in Entry) error {
	if inner := value.Member[*value.Dict](d, "state"); inner != nil && value.Member[string](d, "type") == "STATE" {
		return w.message(where+".state", inner, in)
	}
	if stream := value.Member[*value.Dict](d, "stream"); stream != nil {
		return w.stream(where+".stream", stream, in)
	}
	for _, name := range []string{"global", "global_"} {
		if global := value.Member[*value.Dict](d, name); global != nil {
			return w.global(where+"."+name, global)
		}
	}
	if data := value.Member[*value.Dict](d, "data"); data != nil {
		d = data
	} else if _, typed := d.Get("type"); typed {
		return tap.Errorf(tap.Config, "%s: %s has the type %q but no stream, global or data", w.path, where, value.Member[string](d, "type"))
	}
	for name, state := range d.All() {
		s, ok := state.(*value.Dict)
		if !ok && state != nil {
			return tap.Errorf(tap.Config, "%s: the state of stream %q is %s, expected an object", w.path, name, value.Describe(state))
		}
		w.found = append(w.found, Entry{Stream: name, State: s, holder: d, member: name})
	}
	return nil
}

// stream adds {"stream_descriptor": {"name": …}, "stream_state": {…}}.
func (w *walk) stream(where string, d *value.Dict, in Entry) error {
	in.Stream = value.Member[string](value.Member[*value.Dict](d, "stream_descriptor"), "name")
	if in.Stream == "" {
		return tap.Errorf(tap.Config, "%s: %s.stream_descriptor.name is missing", w.path, where)
	}
	in.holder, in.member = d, "stream_state"
	state, _ := d.Get(in.member)
	var ok bool
	if in.State, ok = state.(*value.Dict); !ok && state != nil {
		return tap.Errorf(tap.Config, "%s: %s.stream_state is %s, expected an object", w.path, where, value.Describe(state))
	}
	w.found = append(w.found, in)
	return nil
}

// global adds the list of streams of a GLOBAL message.
func (w *walk) global(where string, d *value.Dict) error {
	all, _ := d.Get("stream_states")
	items, ok := all.(*value.List)
	if !ok {
		return tap.Errorf(tap.Config, "%s: %s.stream_states is %s, expected a list", w.path, where, value.Describe(all))
	}
	for i, item := range items.All() {
		s, ok := item.(*value.Dict)
		if !ok {
			return tap.Errorf(tap.Config, "%s: %s.stream_states[%d] is %s, expected an object", w.path, where, i, value.Describe(item))
		}
		if err := w.stream(fmt.Sprintf("%s.stream_states[%d]", where, i), s, Entry{list: items, item: item}); err != nil {
			return err
		}
	}
	return nil
}
