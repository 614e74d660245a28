package properties

import (
	"fmt"
	"strings"

	"anytap/internal/manifest"
	"anytap/internal/value"
)

// GroupByKeyDefinition are the fields of
//
//	type: GroupByKeyMergeStrategy
//	key: [id, locale]
type GroupByKeyDefinition struct {
	Key []string `manifest:"key,required,single" doc:"The members that the parts of one record have in common."`
}

// BuildGroupByKey builds a GroupByKeyMergeStrategy.
func BuildGroupByKey(c *manifest.Compiler, n *manifest.Node) (*GroupByKey, error) {
	var def GroupByKeyDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &GroupByKey{keys: def.Key}, nil
}

// GroupByKey finds the parts of a record by what they have in common.
type GroupByKey struct{ keys []string }

// Key is what a record's parts have in common; ok is false for a record that lacks a part of it. Only text can
// be a key, as in the reference runtime.
func (g *GroupByKey) Key(record *value.Dict) (key string, ok bool, err error) {
	parts := make([]string, len(g.keys))
	texts := true
	for i, name := range g.keys {
		v, _ := record.Get(name)
		if !value.Truth(v) {
			return "", false, nil
		}
		text, isText := v.(string)
		if !isText && texts {
			texts = false
			err = fmt.Errorf("merge key %s is a %s, only text can be merged by", name, value.TypeName(v))
		}
		parts[i] = text
	}
	if !texts {
		return "", false, err
	}
	return strings.Join(parts, ","), true, nil
}
