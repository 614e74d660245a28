package spec

import "anytap/internal/manifest"

// Table is this package's part of the component table.
func Table() manifest.Table {
	return manifest.Table{
		"AuthFlow":                 {Build: manifest.As(BuildAuthFlow), Definition: func() any { return AuthFlowDefinition{} }},
		"ConfigAddFields":          {Build: manifest.As(BuildAddFields), Definition: func() any { return AddFieldsDefinition{} }},
		"ConfigMigration":          {Build: manifest.As(BuildMigration), Definition: func() any { return MigrationDefinition{} }},
		"ConfigRemapField":         {Build: manifest.As(BuildRemapField), Definition: func() any { return RemapFieldDefinition{} }},
		"ConfigRemoveFields":       {Build: manifest.As(BuildRemoveFields), Definition: func() any { return RemoveFieldsDefinition{} }},
		"DpathValidator":           {Build: manifest.As(BuildDpathValidator), Definition: func() any { return DpathValidatorDefinition{} }},
		"OAuthConfigSpecification": {Build: manifest.As(BuildOAuthConfig), Definition: func() any { return OAuthConfigDefinition{} }},
		"PredicateValidator":       {Build: manifest.As(BuildPredicateValidator), Definition: func() any { return PredicateValidatorDefinition{} }},
		"Spec":                     {Build: manifest.As(Build), Definition: func() any { return Definition{} }},
		"ValidateAdheresToSchema":  {Build: manifest.As(BuildSchemaStrategy), Definition: func() any { return SchemaStrategyDefinition{} }},
	}
}
