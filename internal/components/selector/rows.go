package selector

import (
	"slices"
	"strconv"
	"strings"

	"anytap/internal/components/contract"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// shaper makes records of what is no object in the answers of a strict stream: of lists by the
// names of their columns, of plain values, and of the members of an object.
type shaper struct{ contract.Rows }

// shaperOf returns nil for a stream that takes objects alone.
func shaperOf(scope contract.Scope) *shaper {
	if !scope.Pages.Strict && scope.Rows.Key == "" && scope.Rows.Columns == nil && scope.Rows.ColumnsPath.Len() == 0 {
		return nil
	}
	return &shaper{scope.Rows}
}

// looksIntoAnswers reports whether the whole answer is needed.
func (s *shaper) looksIntoAnswers() bool { return s != nil && s.ColumnsPath.Len() > 0 }

// names are those of the columns in one answer.
type names struct {
	list   []string
	quoted [][]byte // the same as JSON
	header int      // the index of the record that holds them; -1: none does
}

func newNames(list []string, header int) *names {
	n := &names{list: list, header: header, quoted: make([][]byte, len(list))}
	for i, name := range list {
		n.quoted[i] = rawjson.AppendQuoted(nil, name)
	}
	return n
}

// valueName is the name under which a plain value is a record.
const valueName = "value"

// shape sends what becomes of an extracted value through the line.
func (l *line) shape(v any) error {
	if d, ok := v.(*value.Dict); ok {
		return l.members(d)
	}
	if _, dropped := v.(droppedEmpty); dropped || l.response == nil || l.response.Found.Kind != rest.ListThere {
		return l.through(v)
	}
	list, ok := v.(*value.List)
	if !ok {
		return l.through(value.DictOf(valueName, v))
	}
	if l.columns == nil {
		found, err := l.shaper.columnsOf(l.response, list.Len())
		if err != nil {
			return err
		}
		l.columns = found
	}
	at := l.rows
	l.rows++
	if at == l.columns.header {
		return nil
	}
	if list.Len() > len(l.columns.list) {
		return tap.Errorf(tap.Config, "columns: a row has %d values and there are %d columns (%s)", list.Len(), len(l.columns.list), strings.Join(l.columns.list, ", "))
	}
	var d value.TextDict // in which numbers keep their digits
	for i, name := range l.columns.list {
		if i >= list.Len() {
			d.Add(name, nil)
		} else if raw, ok := list.Raw(i); ok {
			d.AddText(l.columns.quoted[i], raw)
		} else {
			d.Add(name, list.At(i))
		}
	}
	return l.through(d.Dict())
}

// members sends the members of an object through the line, each with its key.
func (l *line) members(d *value.Dict) error {
	if l.response != nil {
		l.response.Found.Kind = rest.ListThere
	}
	for name, v := range d.All() {
		var record value.TextDict
		record.Add(l.shaper.Key, name)
		inner, isObject := v.(*value.Dict)
		switch raw, ok := d.Raw(name); {
		case isObject:
			for _, field := range inner.Keys() {
				if raw, ok := inner.Raw(field); ok && field != l.shaper.Key {
					record.AddText(rawjson.AppendQuoted(nil, field), raw)
				}
			}
		case ok && l.shaper.Key != valueName:
			record.AddText([]byte(`"`+valueName+`"`), raw)
		}
		if err := l.through(record.Dict()); err != nil || l.stopped {
			return err
		}
	}
	return nil
}

// usualNames are the members beside the records in which APIs name the columns.
var usualNames = []string{"columns", "column_names", "columnNames", "fields", "headers", "header", "cols"}

// columnsOf finds the names of the columns in an answer whose rows have size values.
func (s *shaper) columnsOf(r *rest.Response, size int) (*names, error) {
	if s.Columns != nil {
		return newNames(s.Columns, -1), nil
	}
	var answer any
	if body, held := r.Held(); held {
		answer, _ = rest.ParseJSON(body)
	}
	if s.ColumnsPath.Len() == 0 {
		holder := answer
		if n := len(r.Found.Path); n > 0 {
			holder, _ = value.At(answer, r.Found.Path[:n-1]...)
		}
		for _, of := range []any{holder, answer} {
			for _, name := range usualNames {
				v, _ := value.At(of, name)
				if list := namesIn(v); len(list) == size && size > 0 {
					return newNames(list, -1), nil
				}
			}
		}
		return nil, tap.Errorf(tap.Config, "the records are lists of %d values: columns says their names, as columns: [a, b], or where the answer holds them, as columns: meta.columns", size)
	}
	v, ok := s.ColumnsPath.At(answer)
	list := namesIn(v)
	if !ok || len(list) == 0 {
		found, there := s.ColumnsPath.Stuck(answer)
		return nil, tap.Errorf(tap.Config, "columns: the answer holds no names at %s (at %q it has %s)", strings.Join(s.ColumnsPath.Names(), "."), found, strings.Join(there, ", "))
	}
	return newNames(list, s.headerIn(r)), nil
}

// headerIn is the index of the record that ColumnsPath leads to; -1: it leads elsewhere.
func (s *shaper) headerIn(r *rest.Response) int {
	path := s.ColumnsPath.Names()
	n := len(path) - 1
	var records []string
	if !r.Found.Bare {
		records = r.Found.Path
	}
	if !slices.Equal(path[:n], records) {
		return -1
	}
	at, err := strconv.Atoi(path[n])
	if err != nil {
		return -1
	}
	return at
}

// namesIn are the names of a list: texts, or objects with a name.
func namesIn(v any) []string {
	list, ok := v.(*value.List)
	if !ok {
		return nil
	}
	var all []string
	for _, item := range list.All() {
		d, isObject := item.(*value.Dict)
		if !isObject {
			all = append(all, value.Str(item))
			continue
		}
		found := false
		for _, member := range []string{"name", "id", "key", "field", "title", "label"} {
			if name, ok := d.Get(member); ok && !found {
				all, found = append(all, value.Str(name)), true
			}
		}
		if !found {
			return nil
		}
	}
	return all
}
