package selector

import (
	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// filterDefinition configures RecordFilter, which keeps the records for which its condition holds.
//
//	type: RecordFilter
//	condition: "{{ record['created_at'] >= stream_interval['start_time'] }}"
//
// An empty condition holds for no record. The condition knows config, record, stream_slice and
// next_page_token.
type filterDefinition struct {
	Condition *jinja.Bool `manifest:"condition" doc:"Holds for the records that stay."`
}

func buildFilter(c *manifest.Compiler, n *manifest.Node) (*recordFilter, error) {
	var def filterDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	f := &recordFilter{condition: def.Condition}
	if f.condition == nil {
		var err error
		if f.condition, err = jinja.CompileBool("", n.Parameters()); err != nil {
			return nil, err
		}
	}
	f.empty = f.condition.Source() == ""
	return f, nil
}

type recordFilter struct {
	condition *jinja.Bool
	empty     bool // the condition is
}

var _ contract.Filter = (*recordFilter)(nil)

// Bind is contract.Filter's.
func (f *recordFilter) Bind(env *jinja.Env) func(*value.Dict) (bool, error) {
	vars := env.Child()
	return func(record *value.Dict) (bool, error) { return f.condition.Eval(vars.Set("record", record)) }
}
