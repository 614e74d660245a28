// Package resolver compiles components resolvers. It answers the question: which streams are there,
// if only the run can tell? A resolver fills the template of a stream once for each set of values
// that it finds.
//
// Its components are HttpComponentsResolver, ConfigComponentsResolver with StreamConfig,
// ParametrizedComponentsResolver with StreamParametersDefinition, and ComponentMappingDefinition,
// which they have in common.
package resolver
