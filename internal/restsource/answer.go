package restsource

import (
	"fmt"

	"anytap/internal/value"
)

// setDecoder sets the decoder of a stream's answers, unless they say themselves what they are.
func setDecoder(retriever, s *value.Dict) error {
	d := value.DictOf("type", "FormatDecoder")
	carry(d, s, "format", "delimiter", "header", "charset")
	if names := list(s, "columns"); names.Len() > 0 {
		d.Set("columns", names)
	}
	path, _, err := recordsPath(s)
	if err != nil {
		return err
	}
	if path.Len() > 0 && (text(s, "format") == "xml" || d.Len() > 1) {
		d.Set("records", plainPath(path))
	}
	if d.Len() == 1 {
		return nil
	}
	if header, ok := d.Get("header"); ok && header == false && list(s, "columns").Len() == 0 {
		return fmt.Errorf("header is false, so columns is needed: the names of the columns, as [id, name]")
	}
	retriever.Set("decoder", d)
	return nil
}

// setRows sets how records are made of what is no object.
func setRows(extension, s *value.Dict) error {
	rows := value.NewDict(0)
	v, _ := s.Get("columns")
	switch v := v.(type) {
	case *value.List:
		names := make([]string, 0, v.Len())
		for _, name := range v.All() {
			names = append(names, value.Str(name))
		}
		rows.Set("columns", exactTexts(names))
	case string:
		path, err := pathOf(s, "columns")
		if err != nil {
			return err
		}
		rows.Set("columns_path", pathValue(path))
	}
	path, _, err := recordsPath(s)
	if err != nil {
		return err
	}
	if path.Len() > 0 && len(path.Readings()) > 1 {
		rows.Set("path", pathValue(path))
	}
	if key := text(s, "records_key"); key != "" {
		rows.Set("key", exact(key))
	}
	if rows.Len() > 0 {
		extension.Set("records", rows)
	}
	return nil
}

// exactTexts returns templates of texts.
func exactTexts(texts []string) *value.List {
	out := value.NewList()
	for _, text := range texts {
		out.Append(exact(text))
	}
	return out
}

// addFlattened adds to a stream what puts the members of some objects at the top of its records.
func addFlattened(stream, s *value.Dict) error {
	v, _ := s.Get("flatten")
	if v == nil {
		return nil
	}
	paths := value.NewList()
	for i, item := range several(v).All() {
		path, err := value.PathOf(item)
		if err != nil {
			return fmt.Errorf("flatten[%d] %w", i, err)
		}
		paths.Append(plainPath(path))
	}
	stream.Set("transformations", value.NewList(value.DictOf("type", "LiftFields", "field_paths", paths)))
	return nil
}

// wholeAnswer reports whether the answer itself holds the records, in its members or as rows, which
// need not be held then.
func wholeAnswer(s *value.Dict) bool {
	format := text(s, "format")
	return text(s, "records_key") != "" || format == "csv" || format == "ndjson"
}
