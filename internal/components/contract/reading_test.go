package contract_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/components/contract/contracttest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// names is a router of partitions that are names.
type names []string

func (names) ParentNames() []string                      { return nil }
func (names) GlobalOnly() bool                           { return false }
func (n names) Open(*value.Dict) (tap.Partitions, error) { return n, nil }
func (names) ParentState() *value.Dict                   { return nil }

func (n names) All(context.Context) iter.Seq2[*tap.Slice, error] {
	return func(yield func(*tap.Slice, error) bool) {
		for _, name := range n {
			if !yield(tap.NewSlice(value.DictOf("p", name), nil, nil), nil) {
				return
			}
		}
	}
}

func TestNoCursorPassesTheSuite(t *testing.T) {
	var records []*value.Dict
	for i, p := range []string{"a", "b", "a", "b", "a", "b"} {
		records = append(records, value.DictOf("id", int64(i), "p", p))
	}
	for name, router := range map[string]tap.PartitionRouter{"one slice": nil, "partitions": names{"a", "b"}} {
		t.Run(name, func(t *testing.T) {
			contracttest.Cursor(t, contracttest.CursorCase{
				Records: records, Again: len(records), Stateless: true,
				Answers: func(s *tap.Slice, record *value.Dict) bool {
					p, ok := s.Partition.Get("p")
					own, _ := record.Get("p")
					return !ok || p == own
				},
				Open: func(_ func() time.Time, state *value.Dict) (tap.Cursor, error) {
					return contract.NoCursor{}.Open(tap.StartingPoint{State: state}, router)
				},
			})
		})
	}
}
