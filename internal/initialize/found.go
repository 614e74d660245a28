package initialize

import (
	"strings"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Found is what the first answers of a list told.
type Found struct {
	Rows   []*value.Dict
	Paging *tap.Paging // nil: it is not known
	Failed bool        // the list can not be read to its end
}

// Complete sets in a stream's configuration what was found, and says it in sentences.
func (f Found) Complete(s *value.Dict) (facts []string) {
	name := value.Member[string](s, "name")
	if f.Paging != nil && len(f.Paging.Records) > 0 {
		path := value.WrittenPath(f.Paging.Records)
		s.Set("records_path", path)
		facts = append(facts, "records:          at "+strings.Join(f.Paging.Records, "."))
	}
	if key := PrimaryKey(name, f.Rows); key != "" {
		s.Set("primary_key", key)
		facts = append(facts, "primary key:      "+key)
	} else {
		facts = append(facts, "primary key:      none was found; name it (primary_key), so that targets replace rows")
	}
	switch key, partly := ReplicationKey(f.Rows); {
	case key != "":
		s.Set("replication_key", key)
		s.Set("filter_here", true)
		facts = append(facts, "replication key:  "+key+"; what did not change is left out here. If the API can filter by it, write replication_param in place of filter_here: it saves requests")
	case partly != "":
		facts = append(facts, "replication key:  none; "+partly+" is missing in some records")
	}
	switch {
	case f.Failed:
	case f.Paging != nil && f.Paging.Pagination != nil:
		s.Delete("pagination") // so that it stands last
		s.Set("pagination", f.Paging.Pagination.Clone())
		facts = append(facts, "pages:            "+string(value.Append(nil, f.Paging.Pagination)))
	default:
		facts = append(facts, "pages:            one now; should there be more, each read finds out how they are asked for")
	}
	return facts
}

// Further are lines about the settings that a configuration does not have.
func Further(connection, values *value.Dict) string {
	var b strings.Builder
	for _, p := range properties(connection) {
		if _, given := values.Get(p.name); given {
			continue
		}
		if b.Len() == 0 {
			b.WriteString("\nFurther settings:\n")
		}
		about := value.Member[string](p.schema, "title")
		if v, ok := p.schema.Get("default"); ok {
			about = strings.TrimSpace(about + " (default " + string(value.Append(nil, v)) + ")")
		}
		b.WriteString("  " + p.name + ": " + about + "\n")
	}
	return b.String()
}
