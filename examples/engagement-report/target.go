package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// target is a Singer target for SQLite. Each stream gets a table with a column for each top-level property; nested values
// are stored as JSON. The records between two states are one transaction, so the database must have one connection only.
type target struct {
	db     *sql.DB
	tables map[string]*table // by stream
}

// table is where the records of one stream go.
type table struct {
	name    string
	columns []string
	insert  *sql.Stmt
}

// message is one line of the tap.
type message struct {
	Type   string
	Stream string
	Schema struct {
		Properties map[string]json.RawMessage
	}
	KeyProperties []string `json:"key_properties"`
	Record        map[string]json.RawMessage
}

// run loads messages to the end of in.
func (t *target) run(in io.Reader) error {
	t.tables = map[string]*table{}
	if _, err := t.db.Exec("BEGIN"); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(in, 1<<20)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			_, err := t.db.Exec("COMMIT")
			return err
		}
		if err != nil && err != io.EOF {
			return err
		}
		var m message
		if err := json.Unmarshal(line, &m); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := t.take(m); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// take loads one message.
func (t *target) take(m message) error {
	switch m.Type {
	case "SCHEMA":
		return t.create(m)
	case "RECORD":
		tb := t.tables[m.Stream]
		if tb == nil {
			return fmt.Errorf("a record of %s before its schema", m.Stream)
		}
		return tb.add(m.Record)
	case "STATE":
		_, err := t.db.Exec("COMMIT; BEGIN")
		return err
	}
	return nil
}

// create creates the stream's table, unless the database has it.
func (t *target) create(m message) error {
	tb := &table{name: m.Stream}
	for name := range m.Schema.Properties {
		tb.columns = append(tb.columns, name)
	}
	slices.Sort(tb.columns)
	definition := quoteAll(tb.columns)
	if len(m.KeyProperties) > 0 {
		definition += ", PRIMARY KEY (" + quoteAll(m.KeyProperties) + ")"
	}
	if _, err := t.db.Exec(fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s (%s)", quote(tb.name), definition)); err != nil {
		return err
	}
	places := strings.TrimSuffix(strings.Repeat("?, ", len(tb.columns)), ", ")
	insert, err := t.db.Prepare(fmt.Sprintf("INSERT OR REPLACE INTO %s (%s) VALUES (%s)", quote(tb.name), quoteAll(tb.columns), places))
	tb.insert = insert
	t.tables[m.Stream] = tb
	return err
}

// add inserts a record, in place of one with the same key.
func (t *table) add(record map[string]json.RawMessage) error {
	values := make([]any, len(t.columns))
	for i, name := range t.columns {
		values[i] = cell(record[name])
	}
	_, err := t.insert.Exec(values...)
	return err
}

// cell gives a JSON value in the form in which SQLite stores it.
func cell(raw json.RawMessage) any {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	switch v := v.(type) {
	case string, bool, nil:
		return v
	case float64:
		if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			return n
		}
		return v
	}
	return string(raw)
}

// quote quotes an SQL identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}
