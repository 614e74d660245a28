package source

import (
	"strings"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/value"
)

// defaultConcurrency is the reference runtime's level for a manifest without concurrency_level.
const defaultConcurrency = 2

// ConcurrencyDefinition configures a ConcurrencyLevel: how many slices are read at once.
//
//	type: ConcurrencyLevel
//	default_concurrency: "{{ config['num_workers'] or 4 }}"
//	max_concurrency: 20
type ConcurrencyDefinition struct {
	Default any    `manifest:"default_concurrency,required,is=integer|string" doc:"Slices read at once, or a template of the configuration."`
	Max     *int64 `manifest:"max_concurrency" doc:"The most that a template may give."`
}

// BuildConcurrency builds a ConcurrencyLevel: the level itself.
func BuildConcurrency(c *manifest.Compiler, n *manifest.Node) (int, error) {
	var def ConcurrencyDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return 0, err
	}
	level, ok := def.Default.(int64)
	if !ok {
		var err error
		if level, err = evaluated(c, n, def); err != nil {
			return 0, err
		}
	}
	if level <= 0 {
		return 0, n.Get("default_concurrency").Problem("is %d, expected at least 1", level)
	}
	return int(level), nil
}

// evaluated is the level as a template.
func evaluated(c *manifest.Compiler, n *manifest.Node, def ConcurrencyDefinition) (int64, error) {
	source := value.Str(def.Default)
	if strings.Contains(source, "config") && (def.Max == nil || *def.Max == 0) {
		return 0, n.Problem("max_concurrency is missing, expected a number because default_concurrency depends on the configuration")
	}
	t, err := jinja.CompileString(source, n.Parameters())
	if err != nil {
		return 0, n.Get("default_concurrency").Problem("%v", err)
	}
	v, err := t.Eval(c.ConfigEnv())
	if err != nil {
		return 0, n.Get("default_concurrency").Problem("%v", err)
	}
	level, ok := v.(int64)
	if !ok {
		return 0, n.Get("default_concurrency").Problem("is %s, expected a whole number", value.Repr(v))
	}
	if def.Max != nil && *def.Max > 0 {
		level = min(level, *def.Max)
	}
	return level, nil
}
