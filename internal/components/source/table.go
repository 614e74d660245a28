package source

import "anytap/internal/manifest"

// Table lists the component types of a manifest's root.
func Table() manifest.Table {
	return manifest.Table{
		"DeclarativeSource":            {Definition: func() any { return Definition{} }},
		"ConditionalStreams":           {Definition: func() any { return ConditionalDefinition{} }},
		"DynamicDeclarativeStream":     {Definition: func() any { return DynamicDefinition{} }},
		"BlockSimultaneousSyncsAction": {Definition: func() any { return BlockDefinition{} }},
		"StreamGroup":                  {Definition: func() any { return GroupDefinition{} }},
		"CheckStream":                  {Definition: func() any { return CheckStreamDefinition{} }},
		"CheckDynamicStream":           {Definition: func() any { return CheckDynamicDefinition{} }},
		"DynamicStreamCheckConfig":     {Definition: func() any { return DynamicCheckDefinition{} }},
		"ConcurrencyLevel":             {Build: manifest.As(BuildConcurrency), Definition: func() any { return ConcurrencyDefinition{} }},
	}
}
