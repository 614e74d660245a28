package frontend

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"anytap/internal/config"
	"anytap/internal/fit"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Configured is what a catalog asks for of one stream.
type Configured struct {
	Name string
	// FullRefresh reads everything again; otherwise the read goes on from the state.
	FullRefresh bool
	// CursorField is the path of the field to follow, where the catalog names one; nil: the
	// stream's own.
	CursorField []string
	// Schema is the JSON schema that the client expects the records to have; nil: it does not say.
	Schema *value.Dict
}

// Wanted is a stream of the source together with what is asked for of it.
type Wanted struct {
	Configured
	Stream *tap.Stream
}

// ReadEntry reads one entry of a catalog's streams in the form of a protocol; selected is false for
// one that is not to be read. Its errors begin with the member that is wrong, such as ".sync_mode
// is …".
type ReadEntry func(entry *value.Dict) (c Configured, selected bool, err error)

// LoadCatalog reads the configured catalog, if the call was given one. It comes before Open, since
// some components depend on what is asked for.
func (r *Run) LoadCatalog(read ReadEntry) error {
	if r.CatalogFile == "" {
		return nil
	}
	v, err := config.ReadFile(r.CatalogFile, "catalog")
	if err != nil {
		return err
	}
	r.catalog, r.left, err = readCatalog(r.CatalogFile, v, read)
	return err
}

// SelectsSomething is an error where the catalog selects no stream, and logs which it leaves out.
// It comes behind LoadCatalog.
func (r *Run) SelectsSomething() error {
	switch {
	case r.CatalogFile == "" || len(r.left) == 0 && len(r.catalog) > 0:
		return nil
	case len(r.catalog) == 0 && len(r.left) == 0:
		return tap.Errorf(tap.Config, "%s: streams is empty, expected at least one stream that is selected", r.CatalogFile)
	case len(r.catalog) == 0:
		return tap.Errorf(tap.Config, `%s: selects none of its streams (%s), expected {"breadcrumb": [], "metadata": {"selected": true}} in the metadata of those to read`,
			r.CatalogFile, listed(r.left))
	}
	r.Log.Info("streams that are not selected", "streams", listed(r.left))
	return nil
}

// listed names the first of some streams.
func listed(names []string) string {
	if len(names) > mostListed {
		return strings.Join(names[:mostListed], ", ") + fmt.Sprintf(" and %d more", len(names)-mostListed)
	}
	return strings.Join(names, ", ")
}

const mostListed = 20

// readCatalog reads {"streams": […]}, which both protocols have. Members that are not known are
// accepted. left are the names of those that are not selected.
func readCatalog(path string, v any, read ReadEntry) (all []Configured, left []string, err error) {
	root, ok := v.(*value.Dict)
	if !ok {
		return nil, nil, tap.Errorf(tap.Config, "%s: holds %s, expected an object with streams", path, value.Describe(v))
	}
	streams, given := root.Get("streams")
	if !given {
		return nil, nil, tap.Errorf(tap.Config, "%s: streams is missing, expected a list", path)
	}
	entries, ok := streams.(*value.List)
	if !ok {
		return nil, nil, tap.Errorf(tap.Config, "%s: streams is %s, expected a list", path, value.Describe(streams))
	}
	for i, item := range entries.All() {
		entry, ok := item.(*value.Dict)
		if !ok {
			return nil, nil, tap.Errorf(tap.Config, "%s: streams[%d] is %s, expected an object", path, i, value.Describe(item))
		}
		c, selected, err := read(entry)
		if err != nil {
			return nil, nil, tap.Errorf(tap.Config, "%s: streams[%d]%w", path, i, err)
		}
		if selected {
			all = append(all, c)
		} else {
			left = append(left, c.Name)
		}
	}
	return all, left, nil
}

// Wanted finds the streams that the catalog asks for, in its order, as far as they are chosen.
// Without a catalog these are all streams, each read incrementally where it can be. missing are the
// names that the source does not have.
func (r *Run) Wanted(streams []*tap.Stream) (wanted []Wanted, missing []string, err error) {
	wanted, missing = r.configured(streams)
	names := slices.Clone(missing)
	for _, w := range wanted {
		names = append(names, w.Name)
	}
	err = r.Choice.check(names)
	wanted = slices.DeleteFunc(wanted, func(w Wanted) bool { return !r.Choice.wants(w.Name) })
	missing = slices.DeleteFunc(missing, func(name string) bool { return !r.Choice.wants(name) })
	return wanted, missing, err
}

// configured are the streams that the catalog asks for; see Wanted.
func (r *Run) configured(streams []*tap.Stream) (wanted []Wanted, missing []string) {
	if r.CatalogFile == "" {
		for _, s := range streams {
			wanted = append(wanted, Wanted{Configured{Name: s.Name, FullRefresh: len(s.CursorField) == 0}, s})
		}
		return wanted, nil
	}
	byName := map[string]*tap.Stream{}
	for _, s := range streams {
		byName[s.Name] = s
	}
	for _, c := range r.catalog {
		if s := byName[c.Name]; s != nil {
			wanted = append(wanted, Wanted{c, s})
		} else {
			missing = append(missing, c.Name)
		}
	}
	return wanted, missing
}

// Discover is what a discovery prints, {"streams": […]}. entry says in the form of a protocol what
// there is to say of a stream.
//
// A stream whose schema can not be inferred does not stop the others: it has an OpenSchema, and a
// warning says why. So a later read tries it and tells that it failed, where one that was left out
// would be missing in silence. It is an error if this is so of all streams.
func (r *Run) Discover(ctx context.Context, streams []*tap.Stream, entry func(s *tap.Stream, schema *value.Dict) *value.Dict) (*value.Dict, error) {
	list := value.NewList()
	var failed []error
	for _, s := range streams {
		schema, err := s.Schema(ctx)
		if err != nil {
			err = fmt.Errorf("stream %s: %w", s.Name, err)
			if stopped := tap.Stopped(ctx); stopped != nil || !s.Inferred {
				return nil, cmp.Or(stopped, err)
			}
			if failed = append(failed, err); len(failed) == len(streams) {
				return nil, failed[0]
			}
			r.Log.Warn("the schema can not be inferred; the catalog has the stream with an open one", "stream", s.Name, "reason", err.Error())
			schema = OpenSchema(s)
		}
		list.Append(entry(s, schema))
	}
	return value.DictOf("streams", list), nil
}

// OpenSchema is the schema of a stream of whose records nothing is known but its keys.
func OpenSchema(s *tap.Stream) *value.Dict {
	properties := value.NewDict(0)
	paths := s.PrimaryKey
	if len(s.CursorField) > 0 {
		paths = append(slices.Clip(paths), s.CursorField)
	}
	for _, path := range paths {
		properties.Set(path[0], value.DictOf("type", value.NewList("null", "string", "number")))
	}
	return fit.OfRecords(properties)
}

// IsOpen reports whether a schema says nothing of a stream's records, as OpenSchema's does.
func IsOpen(s *tap.Stream, schema *value.Dict) bool {
	properties := value.Member[*value.Dict](schema, "properties")
	if properties == nil {
		return true
	}
	known := value.Member[*value.Dict](OpenSchema(s), "properties")
	for name := range properties.All() {
		if _, ok := known.Get(name); !ok {
			return false
		}
	}
	return true
}

// schemaOf is the schema under which the catalog asks for a stream; nil where it does not, or says
// none.
func (r *Run) schemaOf(stream string) *value.Dict {
	for _, c := range r.catalog {
		if c.Name == stream {
			return c.Schema
		}
	}
	return nil
}
