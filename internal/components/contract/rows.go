package contract

import (
	"fmt"

	"anytap/internal/spelling"
	"anytap/internal/value"
)

// Rows says how records are made of what is no object in an answer. Streams state it below their
// x-anytap key. The zero Rows are for APIs that answer with lists of objects.
type Rows struct {
	// Columns are the names of the values of records that are lists; nil: see ColumnsPath.
	Columns []string
	// ColumnsPath is where an answer holds these names; empty: under a usual name beside the
	// records.
	ColumnsPath value.Path
	// Key is the name under which a record gets its key, where the records are the members of an
	// object; empty: they are not.
	Key string
	// Path is the path of the records as a text whose dots may belong to names: a member whose name
	// it is, or begins with, counts before those that its parts name. Empty: the extractor's path
	// has one meaning.
	Path value.Path
}

// ParseRows reads the settings from a stream's x-anytap value:
//
//	x-anytap:
//	  records:
//	    columns: [id, name]
//	    columns_path: [meta, columns]
//	    key: name
//	    path: data.items
//
// nil, or a value without records, gives the zero Rows.
func ParseRows(extension any) (Rows, error) {
	var rows Rows
	e, _ := extension.(*value.Dict)
	v := value.Member[any](e, "records")
	if v == nil {
		return rows, nil
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return rows, fmt.Errorf("x-anytap: records is a %s, expected an object", value.TypeName(v))
	}
	if err := spelling.Check("x-anytap: records", d, "columns", "columns_path", "key", "path"); err != nil {
		return rows, err
	}
	for name, v := range d.All() {
		var err error
		switch name {
		case "columns":
			rows.Columns, err = texts(v)
		case "columns_path":
			rows.ColumnsPath, err = value.PathOf(v)
		case "path":
			rows.Path, err = value.PathOf(v)
		case "key":
			var ok bool
			if rows.Key, ok = v.(string); !ok || rows.Key == "" {
				err = fmt.Errorf("is %s, a name is expected", value.Repr(v))
			}
		}
		if err != nil {
			return rows, fmt.Errorf("x-anytap: records.%s: %w", name, err)
		}
	}
	return rows, nil
}

func texts(v any) ([]string, error) {
	list, ok := v.(*value.List)
	if !ok || list.Len() == 0 {
		return nil, fmt.Errorf("is %s, a list of names is expected", value.Repr(v))
	}
	var all []string
	for _, item := range list.All() {
		all = append(all, value.Str(item))
	}
	return all, nil
}
