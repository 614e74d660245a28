package rest

import (
	"context"
	"strings"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Finder finds out how an API pages where nobody said so. It holds no state: all slices share it.
type Finder interface {
	// Look reads a slice's first page. What it gives tries the ways of paging that the page
	// suggests, and does not refer to the page's memory.
	Look(first *Sample) Search
	// Known is the way that an earlier run found, made of Way.Settings as they were kept. An error
	// says that it is none.
	Known(settings *value.Dict) (*Way, error)
}

// Search tries ways of paging by asking for their second pages. It gives the way that holds; nil:
// the first page is the only one. An error ends the slice.
type Search func(ctx context.Context, ask Ask) (*Way, error)

// Ask asks for the page that a paginator's token stands for. The answer is kept: if it turns out to
// be the second page of the slice, it is not asked for again. refused is set where the API refuses
// the request, and the Sample is then nil; any other failure is an error.
//
// A guess is not asked for again where the server has an error.
type Ask func(p Paginator, token any, guess bool) (page *Sample, refused, err error)

// Way is a way of paging that was found.
type Way struct {
	Paginator Paginator
	// Settings are the way as a stream's pagination states it, and what is kept of it beside.
	Settings *value.Dict
	// Shown are the settings as they may be put into the configuration.
	Shown *value.Dict
	// Addresses says that tokens are whole addresses, which bring the slice's parameters with them.
	Addresses bool
	// Second is the token of the second page, which may be empty.
	Second any
}

// Sample is what a Finder sees of a page.
type Sample struct {
	Response *Response
	Request  *PageRequest
	// Keys are the identities of the page's records, hashed, in order: their primary keys, else
	// what looks like a key, else their texts.
	Keys []uint64
	// Unkeyed says that one of the records had no key.
	Unkeyed bool
	// Names counts the records that have a member of that name, among the first SampledRecords.
	Names map[string]int
	// Last is the page's last record; nil where there is none.
	Last *value.Dict
	// Vain says that another slice's search found that the API ignores what was tried without a
	// sign in the answer.
	Vain bool
}

// SampledRecords is how many records of a page a Sample takes the names of.
const SampledRecords = 20

// Add takes records into the sample. Nothing of it refers to their memory, but Last.
func (s *Sample) Add(primaryKey [][]string, records []tap.Record, hash func(id any) uint64) {
	if s.Names == nil {
		s.Names = map[string]int{}
	}
	for _, r := range records {
		if len(s.Keys) < SampledRecords {
			for name := range r.Data.All() {
				s.Names[strings.Clone(name)]++
			}
		}
		id := tap.KeyOf(primaryKey, r)
		if id == nil {
			id = likelyKey(r.Data)
		}
		if id == nil {
			s.Unkeyed = true
			id = tap.IDOf(nil, r)
		}
		s.Keys = append(s.Keys, hash(id))
		s.Last = r.Data
	}
}

// likelyKey is a member that identifies a record in most APIs; nil: there is none.
func likelyKey(d *value.Dict) any {
	for _, name := range [...]string{"id", "_id", "uuid", "Id", "ID", "guid", "key"} {
		switch v, _ := d.Get(name); v.(type) {
		case string, int64:
			return v
		}
	}
	return nil
}
