package initialize

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"anytap/internal/value"
)

// keyNames are the usual names of what identifies a record, the likeliest first.
var keyNames = []string{"id", "_id", "uuid", "Id", "ID", "guid", "key", "sid", "gid", "slug", "code"}

// PrimaryKey is the member that identifies the records of a stream, as far as these show; empty:
// there is none.
func PrimaryKey(stream string, rows []*value.Dict) string {
	singular := strings.TrimSuffix(stream, "s")
	for _, name := range append(slices.Clone(keyNames), singular+"_id", singular+"Id", singular+"ID") {
		if identifies(name, rows) {
			return name
		}
	}
	return ""
}

func identifies(name string, rows []*value.Dict) bool {
	seen := map[any]bool{}
	for _, row := range rows {
		v, _ := row.Get(name)
		switch v.(type) {
		case string, int64:
		default:
			return false
		}
		if seen[v] {
			return false
		}
		seen[v] = true
	}
	return len(rows) > 0
}

// changeName matches names of the time at which a record changed last.
var changeName = regexp.MustCompile(`(?i)^_?(date_?)?(last_?)?(updated?|modified|changed|modification)(_?(at|on|date|time|timestamp|datetime|since|utc))*$`)

// ReplicationKey is the member that has the time at which a record changed last, if all of these
// have it; empty: there is none. partly is one that only most of them have.
func ReplicationKey(rows []*value.Dict) (name, partly string) {
	if len(rows) == 0 {
		return "", ""
	}
	for candidate := range rows[0].All() {
		if !changeName.MatchString(candidate) {
			continue
		}
		n := 0
		for _, row := range rows {
			if v, _ := row.Get(candidate); isTime(v) {
				n++
			}
		}
		switch {
		case n == len(rows):
			return candidate, ""
		case 2*n > len(rows):
			partly = candidate
		}
	}
	return "", partly
}

// isTime reports whether a value is a time: a text that begins with a date, or seconds or
// milliseconds of this century.
func isTime(v any) bool {
	switch v := v.(type) {
	case string:
		if len(v) < len(time.DateOnly) {
			return false
		}
		_, err := time.Parse(time.DateOnly, v[:len(time.DateOnly)])
		return err == nil
	case int64:
		const begin = 946_684_800 // 2000-01-01
		return v > begin && v < 4*begin || v > begin*1000 && v < 4*begin*1000
	}
	return false
}
