package partition

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"testing"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// fakeTable has, beside this package's components, streams whose records stand in the manifest:
//
//	type: DeclarativeStream
//	name: parents
//	fake: [{partition: {}, window: {}, pages: [[{id: 1}], fail]}, fail]
//
// pages counts what was read of them; opened takes the states they were opened with.
func fakeTable(pages *int, opened *[]string) manifest.Table {
	table := Table()
	table["DeclarativeStream"] = manifest.Entry{Build: manifest.As(func(_ *manifest.Compiler, n *manifest.Node) (*tap.Stream, error) {
		name, _ := n.Get("name").Text()
		slices, _ := n.Get("fake").Value().(*value.List)
		s := &tap.Stream{Name: name}
		s.Open = func(o tap.StartingPoint) (*tap.Reading, error) {
			state := "-"
			if o.State != nil {
				state = string(value.Append(nil, o.State))
			}
			*opened = append(*opened, name+" "+state)
			f := &fakeReading{slices: slices, pages: pages}
			return &tap.Reading{Cursor: f, Retriever: f}, nil
		}
		return s, nil
	})}
	table["RequestOption"] = manifest.Entry{Build: manifest.As(func(_ *manifest.Compiler, n *manifest.Node) (*rest.RequestOption, error) {
		into, _ := n.Get("inject_into").Text()
		name, _ := n.Get("field_name").Text()
		return rest.FieldOption(rest.Place(into), name), nil
	})}
	return table
}

// buildFrom builds the partition_router of a retriever.
func buildFrom(t *testing.T, table manifest.Table, n *manifest.Node) (tap.PartitionRouter, error) {
	t.Helper()
	n, err := manifest.Resolve(n)
	if err != nil {
		t.Fatal(err)
	}
	n = n.Get("partition_router")
	c := manifest.NewCompiler(table, value.NewDict(0))
	c.Log = slog.New(slog.DiscardHandler)
	if n.Kind == manifest.List {
		return manifest.BuildAs[tap.PartitionRouter](c, n, Product)
	}
	return manifest.Build[tap.PartitionRouter](c, n)
}

// fakeReading is cursor and retriever of a fake stream. Its state counts what was closed.
type fakeReading struct {
	slices *value.List
	pages  *int
	specs  map[*tap.Slice]*value.Dict
	closed int64
	done   bool
}

var errFake = errors.New("broken")

func (f *fakeReading) Slices(ctx context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		if ctx.Err() != nil {
			yield(nil, context.Cause(ctx))
			return
		}
		f.specs = map[*tap.Slice]*value.Dict{}
		for _, v := range f.slices.All() {
			spec, ok := v.(*value.Dict)
			if !ok {
				yield(nil, errFake)
				return
			}
			partition, _ := memberDict(spec, "partition")
			window, _ := memberDict(spec, "window")
			s := tap.NewSlice(partition, window, nil)
			f.specs[s] = spec
			if !yield(s, nil) {
				return
			}
		}
	}
}

func (f *fakeReading) Pages(ctx context.Context, s *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		v, _ := f.specs[s].Get("pages")
		for _, page := range v.(*value.List).All() {
			if ctx.Err() != nil {
				yield(tap.Page{}, context.Cause(ctx))
				return
			}
			records, ok := page.(*value.List)
			if !ok {
				yield(tap.Page{}, errFake)
				return
			}
			*f.pages++
			var p tap.Page
			for _, r := range records.All() {
				raw := value.Append(nil, r)
				p.Records = append(p.Records, tap.Record{Data: value.LazyDict(raw)})
				release := p.Release
				p.Release = func() { // what is kept of a record must not be in its memory
					clear(raw)
					if release != nil {
						release()
					}
				}
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

func (f *fakeReading) Observe(*tap.Slice, tap.Record) {}
func (f *fakeReading) Close(*tap.Slice) error         { f.closed++; return nil }
func (f *fakeReading) Finish()                        { f.done = true }
func (f *fakeReading) Abilities() tap.CursorAbilities {
	return tap.CursorAbilities{StateVersion: func() uint64 { return uint64(f.closed) }}
}
func (f *fakeReading) State() *value.Dict {
	return value.DictOf("closed", f.closed, "done", f.done)
}
