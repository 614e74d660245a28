package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// fakeStreams builds streams by what their names say: "empty" has no slices, "broken" fails at its
// first page, and "refused" is refused. Those that end in "!" are strict.
func fakeStreams() manifest.Table {
	table := Table()
	table["DeclarativeStream"] = manifest.Entry{Build: manifest.As(func(c *manifest.Compiler, n *manifest.Node) (*tap.Stream, error) {
		s := &tap.Stream{Name: nameOf(n), Strict: strings.HasSuffix(nameOf(n), "!")}
		if parent, ok := n.Get("parent").Text(); ok {
			s.Parents = []string{parent}
		}
		if needs, ok := n.Get("needs").Text(); ok {
			if v, _ := c.Config.Get(needs); v == nil {
				return nil, errors.New("the setting is missing")
			}
		}
		s.Open = func(tap.StartingPoint) (*tap.Reading, error) {
			return &tap.Reading{Cursor: fakeCursor(s.Name), Retriever: fakePages(s.Name)}, nil
		}
		return s, nil
	})}
	return table
}

type fakeCursor string

func (c fakeCursor) Slices(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		if strings.TrimSuffix(string(c), "!") != "empty" {
			yield(tap.NewSlice(nil, nil, nil), nil)
		}
	}
}
func (fakeCursor) Observe(*tap.Slice, tap.Record) {}
func (fakeCursor) Close(*tap.Slice) error         { return nil }
func (fakeCursor) Finish()                        {}
func (fakeCursor) State() *value.Dict             { return nil }
func (fakeCursor) Abilities() tap.CursorAbilities { return tap.CursorAbilities{} }

type fakePages string

func (p fakePages) Pages(context.Context, *tap.Slice) iter.Seq2[tap.Page, error] {
	return func(yield func(tap.Page, error) bool) {
		switch strings.TrimSuffix(string(p), "!") {
		case "broken":
			yield(tap.Page{}, errors.New("the list broke"))
		case "refused":
			yield(tap.Page{}, fmt.Errorf("the first page: %w", refusal(403)))
		}
	}
}

type refusal int

func (r refusal) Error() string                      { return fmt.Sprintf("the API answered %d", int(r)) }
func (r refusal) Refusal() (status int, text string) { return int(r), "" }

func open(t *testing.T, config, text string) (*Source, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "manifest.yaml", "version: 7.0.0\ntype: DeclarativeSource\n"+text)
	v, err := value.DecodeString(config)
	if err != nil {
		t.Fatal(err)
	}
	c := manifest.NewCompiler(fakeStreams(), v.(*value.Dict))
	c.Now = func() time.Time { return time.Unix(0, 0) }
	return New(c, root, nil)
}

const (
	a      = "{type: DeclarativeStream, name: a}"
	checkA = "check: {type: CheckStream, stream_names: [a]}\n"
)

func TestStreams(t *testing.T) {
	for name, test := range map[string]struct{ config, manifest, want, fails string }{
		"listed":          {`{}`, checkA + "streams: [" + a + ", {type: DeclarativeStream, name: b}]", "a b", ""},
		"condition holds": {`{"more": true}`, checkA + "streams: [" + a + ", {type: ConditionalStreams, condition: \"{{ config['more'] }}\", streams: [{type: DeclarativeStream, name: b}]}]", "a b", ""},
		"condition fails": {`{"more": false}`, checkA + "streams: [" + a + ", {type: ConditionalStreams, condition: \"{{ config['more'] }}\", streams: [{type: DeclarativeStream, name: b}]}]", "a", ""},
		"groups":          {`{}`, checkA + "streams: [" + a + ", {type: DeclarativeStream, name: b}]\nstream_groups: {g: {type: StreamGroup, streams: [" + a + "], action: {type: BlockSimultaneousSyncsAction}}}", "a/g b", ""},
		"parent in the group": {`{}`, checkA + "streams: [" + a + ", {type: DeclarativeStream, name: b, parent: a}]\nstream_groups: {g: {type: StreamGroup, streams: [" + a + ", {type: DeclarativeStream, name: b}], action: {type: BlockSimultaneousSyncsAction}}}",
			"", "both in the group g"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := open(t, test.config, test.manifest)
			if err != nil {
				t.Fatal(err)
			}
			streams, err := s.Streams(t.Context())
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Fatalf("error %v, want one with %q", err, test.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, stream := range streams {
				text := stream.Name
				if stream.Group != "" {
					text += "/" + stream.Group
				}
				got = append(got, text)
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("streams %s, want %s", text, test.want)
			}
		})
	}
}

func TestConcurrency(t *testing.T) {
	for name, test := range map[string]struct {
		config, level string
		want          int
		fails         string
	}{
		"none":           {`{}`, "", 2, ""},
		"number":         {`{}`, "{type: ConcurrencyLevel, default_concurrency: 7}", 7, ""},
		"template":       {`{"workers": 5}`, "{type: ConcurrencyLevel, default_concurrency: \"{{ config['workers'] }}\", max_concurrency: 9}", 5, ""},
		"template above": {`{"workers": 50}`, "{type: ConcurrencyLevel, default_concurrency: \"{{ config['workers'] }}\", max_concurrency: 9}", 9, ""},
		"no maximum":     {`{"workers": 5}`, "{type: ConcurrencyLevel, default_concurrency: \"{{ config['workers'] }}\"}", 0, "max_concurrency is missing"},
		"zero":           {`{}`, "{type: ConcurrencyLevel, default_concurrency: 0}", 0, "expected at least 1"},
		"no number":      {`{"workers": "many"}`, "{type: ConcurrencyLevel, default_concurrency: \"{{ config['workers'] }}\", max_concurrency: 9}", 0, "expected a whole number"},
	} {
		t.Run(name, func(t *testing.T) {
			text := checkA + "streams: [" + a + "]\n"
			if test.level != "" {
				text += "concurrency_level: " + test.level
			}
			s, err := open(t, test.config, text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Concurrency()
			if got != test.want || (err == nil) != (test.fails == "") || err != nil && !strings.Contains(err.Error(), test.fails) {
				t.Errorf("%d, %v; want %d and %q", got, err, test.want, test.fails)
			}
		})
	}
}

// named is a manifest whose check tries all of its streams.
func named(names ...string) string {
	text := "check: {type: CheckStream, stream_names: [\"" + strings.Join(names, `", "`) + "\"]}\nstreams:\n"
	for _, name := range names {
		text += "- {type: DeclarativeStream, name: \"" + name + "\"}\n"
	}
	return text
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct{ config, manifest, reason, fault string }{
		"available":      {`{}`, checkA + "streams: [" + a + "]", "", ""},
		"fails":          {`{}`, "check: {type: CheckStream, stream_names: [broken]}\nstreams: [{type: DeclarativeStream, name: broken}]", "the list broke", ""},
		"no slices":      {`{}`, "check: {type: CheckStream, stream_names: [empty]}\nstreams: [{type: DeclarativeStream, name: empty}]", "no slices", ""},
		"no names":       {`{}`, "check: {type: CheckStream}\nstreams: [" + a + "]", "", "stream_names is missing"},
		"unknown name":   {`{}`, "check: {type: CheckStream, stream_names: [x]}\nstreams: [" + a + "]", "", `stream_names has "x", expected one of a`},
		"can not build":  {`{}`, checkA + "streams: [{type: DeclarativeStream, name: a, needs: k}]", "the setting is missing", ""},
		"overridden":     {`{}`, "check: {type: CheckStream, stream_names: [a], config_overrides: {k: 1}}\nstreams: [{type: DeclarativeStream, name: a, needs: k}]", "", ""},
		"reserved":       {`{}`, "check: {type: CheckStream, stream_names: [a], config_overrides: {__airbyte_x: 1}}\nstreams: [" + a + "]", "", "belongs to the platform"},
		"names given":    {`{"__airbyte_check_stream_names": ["broken"]}`, checkA + "streams: [" + a + ", {type: DeclarativeStream, name: broken}]", "the list broke", ""},
		"first streams":  {`{}`, "check: {type: CheckDynamicStream, stream_count: 1}\nstreams: [" + a + ", {type: DeclarativeStream, name: broken}]", "", ""},
		"more streams":   {`{}`, "check: {type: CheckDynamicStream, stream_count: 2}\nstreams: [" + a + ", {type: DeclarativeStream, name: broken}]", "the list broke", ""},
		"no attempt":     {`{}`, "check: {type: CheckDynamicStream, stream_count: 2, use_check_availability: false}\nstreams: [{type: DeclarativeStream, name: broken}]", "", ""},
		"all are named":  {`{}`, named("refused!", "a!", "broken!"), "refused! is not available: the first page: the API answered 403; stream broken! is", ""},
		"one is refused": {`{}`, named("a!", "refused!"), "", ""},
		"all refused":    {`{}`, named("refused!"), "the API answered 403", ""},
		"no parents":     {`{}`, named("empty!", "refused!"), "", ""},
		"not ours":       {`{}`, named("a", "refused"), "the API answered 403", ""},
		"no stream left": {`{}`, checkA + "streams: [{type: ConditionalStreams, condition: \"{{ false }}\", streams: [" + a + "]}]", "no stream to connect to", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := open(t, test.config, test.manifest)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Check(t.Context())
			if test.fault != "" {
				if err == nil || !strings.Contains(err.Error(), test.fault) {
					t.Errorf("error %v, want one with %q", err, test.fault)
				}
				return
			}
			if err != nil || got.OK != (test.reason == "") || !strings.Contains(got.Reason, test.reason) {
				t.Errorf("%+v, %v; want the reason %q", got, err, test.reason)
			}
		})
	}
}
