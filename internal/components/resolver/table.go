package resolver

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"ComponentMappingDefinition":     {Build: manifest.As(BuildMapping), Definition: func() any { return MappingDefinition{} }},
		"ConfigComponentsResolver":       {Build: manifest.As(BuildConfig), Definition: func() any { return ConfigDefinition{} }},
		"HttpComponentsResolver":         {Build: manifest.As(BuildHTTP), Definition: func() any { return HTTPDefinition{} }},
		"ParametrizedComponentsResolver": {Build: manifest.As(BuildParametrized), Definition: func() any { return ParametrizedDefinition{} }},
		"StreamConfig":                   {Build: manifest.As(BuildStreamConfig), Definition: func() any { return StreamConfigDefinition{} }},
		"StreamParametersDefinition":     {Build: manifest.As(BuildStreamParameters), Definition: func() any { return StreamParametersDefinition{} }},
	}
}
