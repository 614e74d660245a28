package properties

import (
	"slices"
	"unicode/utf8"

	"anytap/internal/manifest"
)

// ChunkingDefinition configures a PropertyChunking: how names are spread over requests.
//
//	type: PropertyChunking
//	property_limit_type: characters
//	property_limit: 2000
//	record_merge_strategy: {type: GroupByKeyMergeStrategy, key: id}
type ChunkingDefinition struct {
	LimitType string         `manifest:"property_limit_type,required,enum=characters|property_count" doc:"Whether characters or names are counted."`
	Limit     int            `manifest:"property_limit" doc:"What one request may hold; 0: all of it."`
	Merge     *manifest.Node `manifest:"record_merge_strategy,is=GroupByKeyMergeStrategy" doc:"How the parts of a record are found; by id by default."`
}

// BuildChunking builds a PropertyChunking.
func BuildChunking(c *manifest.Compiler, n *manifest.Node) (*Chunking, error) {
	var def ChunkingDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	k := &Chunking{characters: def.LimitType == "characters", limit: def.Limit, key: &GroupByKey{keys: []string{"id"}}}
	if def.Merge == nil {
		return k, nil
	}
	var err error
	k.key, err = manifest.Build[*GroupByKey](c, def.Merge)
	return k, err
}

// Chunking is a compiled PropertyChunking.
type Chunking struct {
	characters bool
	limit      int // 0: no limit
	key        *GroupByKey
}

// delimiterSize is the length of an encoded delimiter between two names (%2C).
const delimiterSize = 3

// chunks groups the names, as many in a group as the limit allows. A name above the limit has a
// group of its own. As in the reference runtime, an empty group comes before it if it is the first
// name.
func (k *Chunking) chunks(names, always []string, wanted func(string) bool) [][]string {
	if k.limit == 0 {
		return [][]string{append(slices.Clone(names), always...)}
	}
	var chunks [][]string
	chunk, size := slices.Clone(always), 0
	for _, name := range names {
		if !wanted(name) {
			continue
		}
		weight := 1
		if k.characters {
			weight = utf8.RuneCountInString(name) + delimiterSize
		}
		if size+weight > k.limit {
			chunks = append(chunks, chunk)
			chunk, size = slices.Clone(always), 0
		}
		chunk = append(chunk, name)
		size += weight
	}
	return append(chunks, chunk)
}
