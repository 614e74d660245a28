package statefile

import (
	"slices"
	"strings"

	"anytap/internal/files"
	"anytap/internal/spelling"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// File is a state file.
type File struct {
	Path    string
	Airbyte bool // its form is one of Airbyte's, else Singer's
	root    any
	entries []Entry
}

// Parse takes apart what a file holds. {} and null are taken for Singer's, [] for Airbyte's.
func Parse(path string, v any) (*File, error) {
	value.Expand(v)
	f := &File{Path: path, Airbyte: isAirbyte(v), root: v}
	if f.root == nil {
		f.root = value.NewDict(1)
	}
	var err error
	if f.Airbyte {
		f.entries, err = Airbyte(path, f.root)
	} else {
		_, f.entries, err = Singer(path, f.root)
	}
	return f, err
}

// isAirbyte tells the forms apart: Singer's is an object with bookmarks, or a STATE message whose
// value is one.
func isAirbyte(v any) bool {
	d, ok := v.(*value.Dict)
	if !ok {
		return v != nil
	}
	if _, singer := d.Get("bookmarks"); singer || d.Len() == 0 {
		return false
	}
	if _, message := d.Get("value"); message && value.Member[string](d, "type") == "STATE" {
		return false
	}
	return true
}

// Streams are the names of those that have a state here, in the file's order.
func (f *File) Streams() []string {
	var names []string
	for _, e := range f.entries {
		if !slices.Contains(names, e.Stream) {
			names = append(names, e.Stream)
		}
	}
	return names
}

// Get is the state of a stream, the last one if there are several; nil: none.
func (f *File) Get(stream string) *value.Dict {
	if e := f.find(stream); e != nil {
		return e.State
	}
	return nil
}

func (f *File) find(stream string) *Entry {
	for i := len(f.entries) - 1; i >= 0; i-- {
		if f.entries[i].Stream == stream {
			return &f.entries[i]
		}
	}
	return nil
}

// Has is an error with the nearest name where a stream has no state here.
func (f *File) Has(stream string) error {
	if f.find(stream) != nil {
		return nil
	}
	if near := spelling.DidYouMean(stream, f.Streams()); near != "" {
		return tap.Errorf(tap.Config, "%s: no stream is named %q%s", f.Path, stream, near)
	}
	return tap.Errorf(tap.Config, "%s: no stream is named %q, it has the state of %s", f.Path, stream, strings.Join(f.Streams(), ", "))
}

// Set replaces the state of a stream, or adds it in the form that the file has.
func (f *File) Set(stream string, state *value.Dict) {
	if e := f.find(stream); e != nil {
		e.State = state
		e.holder.Set(e.member, state)
		return
	}
	f.entries = append(f.entries, f.add(stream, state))
}

// add makes a place for the state of a stream that has none.
func (f *File) add(stream string, state *value.Dict) Entry {
	if list, ok := f.root.(*value.List); ok {
		d := value.DictOf("stream_descriptor", value.DictOf("name", stream), "stream_state", state)
		message := value.DictOf("type", "STREAM", "stream", d)
		list.Append(message)
		return Entry{Stream: stream, State: state, holder: d, member: "stream_state", list: list, item: message}
	}
	root, _ := f.root.(*value.Dict)
	if f.Airbyte { // the legacy form, or one message, which then begins a list
		if len(f.entries) > 0 && f.entries[0].member == "stream_state" {
			list := value.NewList(root)
			f.entries[0].list, f.entries[0].item, f.root = list, root, list
			return f.add(stream, state)
		}
		if len(f.entries) > 0 {
			root = f.entries[0].holder
		}
	} else {
		if inner := value.Member[*value.Dict](root, "value"); inner != nil {
			root = inner
		}
		bookmarks := value.Member[*value.Dict](root, "bookmarks")
		if bookmarks == nil {
			bookmarks = value.NewDict(1)
			root.Set("bookmarks", bookmarks)
		}
		root = bookmarks
	}
	root.Set(stream, state)
	return Entry{Stream: stream, State: state, holder: root, member: stream}
}

// Remove takes the state of a stream out, so that it begins anew.
func (f *File) Remove(stream string) {
	for _, e := range f.entries {
		switch {
		case e.Stream != stream:
		case e.list != nil:
			for i, item := range e.list.All() {
				if item == e.item {
					e.list.Delete(i)
					break
				}
			}
		case e.member == "stream_state":
			e.holder.Set(e.member, nil)
		default:
			e.holder.Delete(e.member)
		}
	}
	f.entries = slices.DeleteFunc(f.entries, func(e Entry) bool { return e.Stream == stream })
}

// Text is the file as JSON, with a line break at its end.
func (f *File) Text() []byte { return append(value.Append(nil, f.root), '\n') }

// Save writes the file in one step: who reads it, and whoever is killed, finds the old state or the
// new one.
func (f *File) Save() error { return save(f.Path, f.Text()) }

func save(path string, text []byte) error {
	if err := files.Write(path, text); err != nil {
		return tap.Errorf(tap.Config, "write the state: %w", err)
	}
	return nil
}
