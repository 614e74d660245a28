package properties

import (
	"fmt"
	"strings"

	"anytap/internal/manifest"
	"anytap/internal/value"
)

// GroupByKeyDefinition configures a GroupByKeyMergeStrategy: which parts belong to one record.
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

// GroupByKey is a compiled GroupByKeyMergeStrategy.
type GroupByKey struct{ keys []string }

// Key is the key of a record; ok is false if the record lacks one of its members. As in the
// reference runtime, only text can be a key.
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
