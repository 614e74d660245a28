package sampleapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// table gives the fields of one list's records for json-server's filters and orders. Ids and
// foreign keys are known without the record. Other records are decoded once.
type table struct {
	j       *jsonPlaceholder
	res     resource
	decoded map[int]map[string]any
}

func (t *table) record(key int) map[string]any {
	if rec, ok := t.decoded[key]; ok {
		return rec
	}
	var e encoder
	t.j.write(&e, t.res, key)
	d := json.NewDecoder(bytes.NewReader(e.b))
	d.UseNumber()
	var rec map[string]any
	_ = d.Decode(&rec) // our own encoder wrote it
	t.decoded[key] = rec
	return rec
}

// field looks up a path such as address.geo.lat. It gives nil for a missing field.
func (t *table) field(key int, path string) any {
	switch path {
	case "id":
		return t.res.id(key)
	case t.res.parentField():
		return t.res.parentID(key)
	}
	var v any = t.record(key)
	for part := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[part]
	}
	return v
}

// filter is one parameter of a query. Several values of one parameter are alternatives, except
// those of _ne, all of which must differ.
type filter struct {
	path, operator string
	values         []string
	numbers        []float64        // of _gte and _lte; NaN for a text
	patterns       []*regexp.Regexp // of _like
}

var filterOperators = []string{"_lte", "_gte", "_ne", "_like"}

// filters reads the parameters that are not about paging. Like json-server it ignores one without
// an operator that names no field of the records.
func (t *table) filters(query url.Values, sample int) ([]filter, error) {
	var list []filter
	for name, values := range query {
		f := filter{path: name, values: values}
		for _, op := range filterOperators {
			if path, ok := strings.CutSuffix(name, op); ok {
				f.path, f.operator = path, op
				break
			}
		}
		if f.operator == "" && t.field(sample, name) == nil {
			continue
		}
		for _, v := range values {
			f.numbers = append(f.numbers, numeric(v))
			if f.operator != "_like" {
				continue
			}
			p, err := regexp.Compile("(?i)" + v)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			f.patterns = append(f.patterns, p)
		}
		list = append(list, f)
	}
	return list, nil
}

func (f filter) keeps(field any) bool {
	if field == nil {
		return false
	}
	if f.operator == "_ne" {
		return !slices.Contains(f.values, text(field))
	}
	for i, v := range f.values {
		switch f.operator {
		case "_like":
			if f.patterns[i].MatchString(text(field)) {
				return true
			}
		case "_gte", "_lte":
			if c, ok := against(field, v, f.numbers[i]); ok && (c == 0 || (c > 0) == (f.operator == "_gte")) {
				return true
			}
		default:
			if v == text(field) {
				return true
			}
		}
	}
	return false
}

// against compares a field with a parameter, which comes as text and as number, as JavaScript does:
// as texts when the field is one, else as numbers. It gives false when the two can not be compared.
func against(field any, param string, number float64) (int, bool) {
	if s, ok := field.(string); ok {
		return strings.Compare(s, param), true
	}
	a := numeric(field)
	return cmp.Compare(a, number), !math.IsNaN(a) && !math.IsNaN(number)
}

func numeric(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case bool:
		if v {
			return 1
		}
		return 0
	case json.Number:
		return numeric(string(v))
	case string:
		v = strings.TrimSpace(v)
		if v == "" {
			return 0
		}
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return f
		}
	}
	return math.NaN()
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case json.Number:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return "[object Object]"
}

// contains searches a value and all below it for a text in lower case. Like the original it skips
// false, 0 and empty values.
func contains(v any, q string) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, member := range v {
			if contains(member, q) {
				return true
			}
		}
		return false
	case nil, bool:
		return v == true && strings.Contains("true", q)
	case json.Number:
		return v != "0" && strings.Contains(string(v), q)
	}
	return strings.Contains(strings.ToLower(text(v)), q)
}

// sort orders keys by the fields and directions that two comma-separated lists name.
func (t *table) sort(keys []int, fields, orders string) {
	by, order := strings.Split(fields, ","), strings.Split(strings.ToLower(orders), ",")
	slices.SortStableFunc(keys, func(a, b int) int {
		for i, path := range by {
			c := t.compare(a, b, path)
			if c != 0 && i < len(order) && order[i] == "desc" {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
}

func (t *table) compare(a, b int, path string) int {
	if path == "id" {
		return cmp.Compare(t.res.id(a), t.res.id(b))
	}
	x, y := t.field(a, path), t.field(b, path)
	if x == nil || y == nil {
		return 0
	}
	c, _ := against(x, text(y), numeric(y))
	return c
}
