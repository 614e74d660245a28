package streammap

import (
	"errors"
	"regexp"
	"strings"

	"anytap/internal/python/exception"
	"anytap/internal/python/simpleeval"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Mapper knows the maps of all streams.
type Mapper struct {
	entries    []entry
	others     bool // streams without a map of their own are left out
	config     *value.Dict
	flattening *flattening // nil: off
}

// entry is one member of stream_maps.
type entry struct {
	name   string
	source string // name or pattern of the streams that it is for
	extra  bool   // it makes a stream beside those
	value  any
}

// Of makes the maps of a stream: none where it is left out, several where it goes out under several
// names. schema and keys are those that it has without maps; both are left as they are. Errors name
// the setting.
func (m *Mapper) Of(stream string, schema *value.Dict, keys []string) ([]*Map, error) {
	var own *Map
	if !m.others {
		var err error
		if own, err = m.plain(stream, schema, keys); err != nil {
			return nil, err
		}
	}
	var extra []*Map
	for i := range m.entries {
		e := &m.entries[i]
		if !matches(e.source, stream) {
			continue
		}
		made, err := m.entryMap(e, stream, schema, keys)
		if err != nil {
			return nil, err
		}
		switch {
		case !e.extra:
			own = made
		case made != nil:
			extra = append(extra, made)
		}
	}
	if own != nil {
		extra = append([]*Map{own}, extra...)
	}
	return extra, nil
}

// LeavesOut reports whether a stream goes out under no name.
func (m *Mapper) LeavesOut(stream string) bool {
	left := m.others
	for i := range m.entries {
		e := &m.entries[i]
		switch {
		case !matches(e.source, stream):
		case !e.extra:
			left = isNull(e.value)
		default:
			return false
		}
	}
	return left
}

// Check reads what is said of a stream as far as that does not depend on its schema. Of says the
// rest.
func (m *Mapper) Check(stream string) error {
	for i := range m.entries {
		e := &m.entries[i]
		if !matches(e.source, stream) {
			continue
		}
		schema := value.DictOf("type", "object", "properties", value.DictOf("fake", value.NewDict(0)))
		if _, err := m.entryMap(e, stream, schema, nil); err != nil && !errors.Is(err, errNoKey) {
			return err
		}
	}
	return nil
}

// plain is the map of a stream that has none: at most it is flattened.
func (m *Mapper) plain(stream string, schema *value.Dict, keys []string) (*Map, error) {
	p := &Map{Stream: stream, Schema: schema, Keys: keys, flattening: m.flattening, whole: true}
	if err := p.flattenSchema(); err != nil {
		return nil, tap.Errorf(tap.Config, "stream %s can not be flattened: %w", stream, err)
	}
	return p, nil
}

// entryMap makes the map of a stream that an entry asks for; nil: the stream is left out.
func (m *Mapper) entryMap(e *entry, stream string, schema *value.Dict, keys []string) (*Map, error) {
	if isNull(e.value) {
		return nil, nil
	}
	d, ok := e.value.(*value.Dict)
	if !ok {
		return nil, tap.Errorf(tap.Config, "stream_maps.%s is %s, expected an object with properties, or null", e.name, value.Repr(e.value))
	}
	alias := e.name
	if !e.extra {
		if v, ok := d.Get(optionAlias); ok {
			var err error
			if alias, err = aliasOf(v, stream); err != nil {
				return nil, tap.Errorf(tap.Config, "stream_maps.%s.%s: %w", e.name, optionAlias, err)
			}
		}
	}
	if alias == e.source {
		alias = stream
	}
	b := &builder{
		setting: "stream_maps." + e.name, keys: keys,
		made: &Map{Stream: alias, source: stream, config: m.config, flattening: m.flattening},
	}
	return b.build(d, schema, e.extra)
}

// Unknown are the entries that are for none of the streams.
func (m *Mapper) Unknown(streams []string) []string {
	var unknown []string
entries:
	for _, e := range m.entries {
		for _, name := range streams {
			if matches(e.source, name) {
				continue entries
			}
		}
		unknown = append(unknown, e.source)
	}
	return unknown
}

// aliasOf evaluates the name that a stream gets. A text that has no value is the name itself.
func aliasOf(v any, stream string) (string, error) {
	text, ok := v.(string)
	if !ok {
		return "", tap.Errorf(tap.Config, "it is a %s, expected the new name of the stream", value.TypeName(v))
	}
	x, err := simpleeval.Compile(strings.TrimSpace(text))
	if err != nil {
		return "", expressionError(text, err)
	}
	var e simpleeval.Evaluator
	named, err := e.Eval(x, func(name string) (any, bool) { return stream, name == "__stream_name__" })
	switch {
	case exception.Is(err, simpleeval.NameNotDefined):
		return text, nil
	case err != nil:
		return "", expressionError(text, err)
	}
	alias, ok := named.(string)
	if _, isName := named.(value.Object); isName { // of a function
		return text, nil
	}
	if !ok {
		return "", tap.Errorf(tap.Config, "%q is a %s, expected a text", text, value.TypeName(named))
	}
	return alias, nil
}

// matches reports whether a pattern of *, ? and [abc] stands for a name, as Python's fnmatch does.
func matches(pattern, name string) bool {
	if pattern == name {
		return true
	}
	if !strings.ContainsAny(pattern, "*?[") {
		return false
	}
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteByte('.')
		case '[':
			set, n := characters(pattern[i+1:])
			b.WriteString(set)
			i += n
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	b.WriteString(`\z`)
	re, err := regexp.Compile(b.String())
	return err == nil && re.MatchString(name)
}

// characters is the regular expression for the set behind a [, and how many bytes it has there.
func characters(s string) (re string, n int) {
	from := 0
	if strings.HasPrefix(s, "!") {
		from = 1
	}
	end := strings.IndexByte(s[min(from+1, len(s)):], ']')
	if end < 0 {
		return `\[`, 0
	}
	end += from + 1
	set := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`).Replace(s[from:end])
	if from == 1 {
		set = "^" + set
	}
	return "[" + set + "]", end + 1
}
