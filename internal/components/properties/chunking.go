package properties

import (
	"slices"
	"unicode/utf8"

	"anytap/internal/manifest"
)

// ChunkingDefinition are the fields of
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

// Chunking spreads names over requests.
type Chunking struct {
	characters bool
	limit      int // 0: no limit
	key        *GroupByKey
}

// delimiterSize is what a delimiter between two names takes when it is encoded (%2C).
const delimiterSize = 3

// chunks are the names in groups as large as the limit lets them be. A name that is larger by itself has a
// group of its own, after an empty one when it comes first, as in the reference runtime.
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
