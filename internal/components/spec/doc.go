// Package spec knows what the configuration of a manifest may hold, and brings an older one into
// its present form.
//
//	spec.go           Spec: migrations, transformations and validations, in this order
//	authflow.go       AuthFlow, OAuthConfigSpecification
//	migration.go      ConfigMigration
//	addfields.go      ConfigAddFields
//	removefields.go   ConfigRemoveFields
//	remapfield.go     ConfigRemapField
//	validator.go      DpathValidator, PredicateValidator
//	schemastrategy.go ValidateAdheresToSchema
//	explain.go        what is wrong with a configuration, in words
//	alternatives.go   ... where it may have one of several forms
//	wrong.go          ... of one value
//	jsonschema.go     JSON Schemas as the reference runtime's validator reads them
package spec
