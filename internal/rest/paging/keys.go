package paging

import (
	"fmt"
	"strings"
	"sync/atomic"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// keyCheck finds out whether records have the fields by which they are told apart. A strict read
// fails where they do not: a target would take one record for another. It looks at every record of
// the first page that has some, and behind that at the last record of each page.
type keyCheck struct {
	done atomic.Bool // a page was looked at as a whole
}

// batch looks at records of the first page.
func (k *keyCheck) batch(w *walk, records []tap.Record) error {
	if !w.Settings.Strict || k.done.Load() {
		return nil
	}
	for _, r := range records {
		if err := w.hasKey(r); err != nil {
			return err
		}
	}
	return nil
}

// page ends the look at a page with its last record; nil: it has none.
func (k *keyCheck) page(w *walk, last *value.Dict) error {
	if !w.Settings.Strict || last == nil {
		return nil
	}
	if k.done.Swap(true) {
		return w.hasKey(tap.Record{Data: last})
	}
	return nil
}

// hasKey is the error of a record that lacks a field of the primary key.
func (w *walk) hasKey(r tap.Record) error {
	for _, path := range w.PrimaryKey {
		v, ok := tap.FieldAt(r, path)
		if ok && v != nil {
			continue
		}
		name := strings.Join(path, ".")
		if ok {
			return w.failf(tap.Config, "a record has null as %s, which primary_key names: name a field that every record has, or leave primary_key out", name)
		}
		return w.failf(tap.Config, "a record has no %s, which primary_key names; %s", name, namesAround(r.Data, path))
	}
	return nil
}

// namesAround says which members stand where a path leads to nothing.
func namesAround(record *value.Dict, path []string) string {
	p, err := value.PathOf(value.FromGo(path))
	if err != nil {
		return "it has other fields"
	}
	found, names := p.Stuck(record)
	if len(names) == 0 {
		return fmt.Sprintf("what stands at %s is no object", found)
	}
	text := "it has " + strings.Join(names, ", ")
	if found != "" {
		text = "its " + found + " has " + strings.Join(names, ", ")
	}
	return text
}
