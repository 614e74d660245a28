package cursor

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"anytap/internal/jinja"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

func recordFrom(raw []byte) tap.Record { return tap.Record{Data: value.LazyDict(raw)} }

// recordText makes a record of the JSON text of its cursor field; nil: the text is no JSON.
func recordText(text string) *value.Dict {
	v, err := value.DecodeString(`{"u":` + text + `}`)
	if err != nil {
		return nil
	}
	d, _ := v.(*value.Dict)
	if d == nil || d.Len() != 1 {
		return nil
	}
	return value.LazyDict(value.Append(nil, d))
}

func sliceOf(low, high string) *tap.Slice {
	return tap.NewSlice(nil, value.DictOf("start_time", low, "end_time", high), nil)
}

// days are the bounds of a cursor over days.
func days(start, end string, more func(*bounds)) *bounds {
	day := func(s string) time.Time {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			panic(err)
		}
		return t
	}
	b := &bounds{field: "u", low: "start_time", high: "end_time", dates: newDates("%Y-%m-%d", nil), start: day(start)}
	b.end = func() (time.Time, error) { return day(end), nil }
	if more != nil {
		more(b)
	}
	return b
}

func TestSplitHalvesWindows(t *testing.T) {
	b := days("2026-01-01", "2026-02-01", func(b *bounds) { b.grain = duration{fixed: value.Day} })
	tests := map[string]struct {
		low, high string
		floor     value.Timedelta
		want      string
	}{
		"even":      {"2026-01-01", "2026-01-04", -1, "2026-01-01 2026-01-02, 2026-01-03 2026-01-04"},
		"odd":       {"2026-01-01", "2026-01-03", -1, "2026-01-01 2026-01-01, 2026-01-02 2026-01-03"},
		"one grain": {"2026-01-01", "2026-01-01", -1, ""},
		"reversed":  {"2026-01-03", "2026-01-01", -1, ""},
		"no date":   {"x", "2026-01-01", -1, ""},
		"floor":     {"2026-01-01", "2026-01-04", 3 * value.Day, ""},
		"above":     {"2026-01-01", "2026-01-05", 3 * value.Day, "2026-01-01 2026-01-02, 2026-01-03 2026-01-05"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, part := range b.Split(sliceOf(tt.low, tt.high), tt.floor) {
				got = append(got, fmt.Sprint(ends(part).At(0), " ", ends(part).At(1)))
			}
			if text := strings.Join(got, ", "); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}

func TestNarrowGoesOnAtTheGreatestValue(t *testing.T) {
	b := days("2026-01-01", "2026-02-01", nil)
	s := sliceOf("2026-01-01", "2026-02-01")
	n := b.Narrow(s)
	if n.Rest() != s {
		t.Error("without records the slice is another one")
	}
	for _, u := range []string{`"2026-01-09"`, `"2026-01-20"`, `"x"`, `"2026-01-15"`} {
		n.Observe(recordText(u))
	}
	if got, want := n.Rest().Key(), sliceOf("2026-01-20", "2026-02-01").Key(); got != want {
		t.Errorf("rest %s, want %s", got, want)
	}
}

// manyPartitions is a router of so many numbered partitions.
type manyPartitions int

func (n manyPartitions) GlobalOnly() bool      { return false }
func (n manyPartitions) ParentNames() []string { return nil }

func (n manyPartitions) Open(*value.Dict) (tap.Partitions, error) { return n, nil }
func (n manyPartitions) ParentState() *value.Dict                 { return nil }
func (n manyPartitions) All(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for i := range int(n) {
			if !yield(tap.NewSlice(value.DictOf("id", int64(i)), nil, nil), nil) {
				return
			}
		}
	}
}

// TestLimitsOfPartitions: above 10,000 partitions one cursor serves for all, and a state has at
// most 25,000.
func TestLimitsOfPartitions(t *testing.T) {
	tests := map[string]struct {
		partitions int
		global     bool
		known      int
	}{
		"up to the limit": {10_000, false, 10_000},
		"one above":       {10_001, false, 10_001}, // noticed when the next partition begins
		"two above":       {10_002, true, 10_002},
		"too many":        {25_010, true, maxPartitions},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cursor, err := newPartitioned(days("2026-01-01", "2026-02-01", nil), nil, manyPartitions(tt.partitions), false, tap.StartingPoint{}, nullLog)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for s, err := range cursor.Slices(context.Background()) {
				if err != nil {
					t.Fatal(err)
				}
				cursor.Observe(s, recordFrom([]byte(`{"u":"2026-01-07"}`)))
				if err := cursor.Close(s); err != nil {
					t.Fatal(err)
				}
				n++
			}
			cursor.Finish()
			state := cursor.State()
			global, _ := state.Get("use_global_cursor")
			newest, _ := value.At(state, "state", "u")
			if n != tt.partitions || global != tt.global || newest != "2026-01-07" || cursor.order.Len() != tt.known {
				t.Errorf("%d slices, global %v, newest %v, %d known", n, global, newest, cursor.order.Len())
			}
			if states, ok := state.Get("states"); ok == tt.global || ok && states.(*value.List).Len() != tt.partitions {
				t.Errorf("states: %v", ok)
			}
		})
	}
}

func TestRepeatedPartitionIsReadOnce(t *testing.T) {
	router := &recordedRouter{
		partitions: value.NewList(value.DictOf("id", 1), value.DictOf("id", 2), value.DictOf("id", 1)), states: value.NewList(nil, nil, nil),
	}
	p, _ := router.Open(nil)
	cursor, err := newPartitioned(days("2026-01-01", "2026-02-01", nil), nil, p, false, tap.StartingPoint{}, nullLog)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for s, err := range cursor.Slices(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if err := cursor.Close(s); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d slices", n)
	}
}

func TestPartitionAndWindowMustNotShareAField(t *testing.T) {
	router := &recordedRouter{partitions: value.NewList(value.DictOf("start_time", 1)), states: value.NewList(nil)}
	p, _ := router.Open(nil)
	cursor, err := newPartitioned(days("2026-01-01", "2026-02-01", nil), nil, p, false, tap.StartingPoint{}, nullLog)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sliceAll(cursor, 5); err == nil || !strings.Contains(err.Error(), "have a field of one name") {
		t.Errorf("got %v", err)
	}
}

// FuzzState: a broken state gives an error that says where, and never a panic.
func FuzzState(f *testing.F) {
	for _, s := range []string{
		`{"u":"2026-01-02"}`, `{"u":null}`, `{"state_type":"date-range","slices":[{"start":"2026-01-02","end":"2026-01-03"}]}`,
		`{"states":[{"partition":{"id":1},"cursor":{"u":"2026-01-02"}}],"state":{"u":"2026-01-02"},"lookback_window":"5","parent_state":{"p":{}}}`,
		`{"state_type":"integer","slices":[],"legacy":[]}`, `{"states":{},"use_global_cursor":1}`, `{"lookback_window":1e300,"state":{}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := value.DecodeString(text)
		state, ok := v.(*value.Dict)
		if err != nil || !ok {
			return
		}
		b := days("2026-01-01", "2026-02-01", nil)
		open := []func(*value.Dict) (tap.Cursor, error){
			func(d *value.Dict) (tap.Cursor, error) { return newSingle(b, tap.StartingPoint{State: d}, nullLog) },
			func(d *value.Dict) (tap.Cursor, error) {
				return newCounter("u", int64(3), tap.StartingPoint{State: d}, nullLog)
			},
			func(d *value.Dict) (tap.Cursor, error) {
				return newPartitioned(b, nil, manyPartitions(2), false, tap.StartingPoint{State: d}, nullLog)
			},
		}
		for _, open := range open {
			cursor, err := open(state.Clone())
			if err != nil {
				if !strings.HasPrefix(err.Error(), "state: ") {
					t.Errorf("the error does not say where: %v", err)
				}
				continue
			}
			slices, _ := sliceAll(cursor, 5)
			for _, s := range slices {
				cursor.Observe(s, recordFrom([]byte(`{"u":7}`)))
				_ = cursor.Close(s)
			}
			cursor.Finish()
			if _, err := value.Decode(value.Append(nil, cursor.State())); err != nil {
				t.Errorf("state: %v", err)
			}
		}
	})
}

func TestLegacyStateIsMigrated(t *testing.T) {
	m := &Legacy{partition: "id", field: "u", applies: true}
	tests := map[string]struct{ state, want string }{
		"old":                {`{"7":{"u":"a"},"8":{"u":"b"}}`, `{"states":[{"partition":{"id":"7"},"cursor":{"u":"a"}},{"partition":{"id":"8"},"cursor":{"u":"b"}}]}`},
		"new":                {`{"states":{"u":"a"}}`, ""},
		"another field":      {`{"7":{"v":"a"}}`, ""},
		"two fields":         {`{"7":{"u":"a","v":1}}`, ""},
		"a single cursor":    {`{"u":"a"}`, ""},
		"one of them is not": {`{"7":{"u":"a"},"x":1}`, ""},
		"empty":              {`{}`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := m.Migrate(value.LazyDict([]byte(tt.state)))
			if ok != (tt.want != "") || ok && string(value.Append(nil, got)) != tt.want {
				t.Errorf("got %s %v", value.Append(nil, got), ok)
			}
		})
	}
	if _, ok := (&Legacy{partition: "id", field: "u"}).Migrate(value.LazyDict([]byte(`{"7":{"u":"a"}}`))); ok {
		t.Error("a stream with two parents was migrated")
	}
}

func TestWindowIsInjected(t *testing.T) {
	env := jinja.NewEnv(nil).Set("config", value.NewDict(0))
	f := &Datetime{env: env, options: [2]*rest.RequestOption{rest.FieldOption(rest.InParameter, "from"), rest.FieldOption(rest.InHeader, "X-To")}}
	o := &rest.Parts{Params: value.DictOf("a", 1, "from", "the router's")}
	if err := f.Inject(o, &rest.PageRequest{Slice: sliceOf("x", "y")}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%s %s", value.Append(nil, o.Params), value.Append(nil, o.Headers)); got != `{"a":1,"from":"x"} {"X-To":"y"}` {
		t.Errorf("got %s", got)
	}
}

func BenchmarkStateOfManyPartitions(b *testing.B) {
	cursor, err := newPartitioned(days("2026-01-01", "2026-02-01", nil), nil, manyPartitions(10_000), false, tap.StartingPoint{}, nullLog)
	if err != nil {
		b.Fatal(err)
	}
	slices, err := sliceAll(cursor, 20_000)
	if err != nil {
		b.Fatal(err)
	}
	cursor.State()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i < len(slices) {
			if err := cursor.Close(slices[i]); err != nil {
				b.Fatal(err)
			}
		} else {
			cursor.changed()
		}
		if _, ok := cursor.State().Untouched(); !ok {
			b.Fatal("no state")
		}
	}
}
