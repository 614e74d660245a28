package spec

import "anytap/internal/manifest"

// MigrationDefinition configures ConfigMigration, a change of the configuration that is stored.
//
//	type: ConfigMigration
//	description: The key moved.
//	transformations:
//	  - {type: ConfigAddFields, fields: [{type: AddedFieldDefinition, path: [credentials, key], value: "{{ config['key'] }}"}]}
//	  - {type: ConfigRemoveFields, field_pointers: [[key]]}
type MigrationDefinition struct {
	Description     string           `manifest:"description" doc:"Why."`
	Transformations []*manifest.Node `manifest:"transformations,required,of=ConfigRemapField|ConfigAddFields|ConfigRemoveFields|CustomConfigTransformation" doc:"The changes, in this order."`
}

// BuildMigration builds a ConfigMigration.
func BuildMigration(c *manifest.Compiler, n *manifest.Node) (*Migration, error) {
	var def MigrationDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	all, err := buildAll(c, def.Transformations, func(err error) transformation { return unsupported{err} })
	return &Migration{all}, err
}

// Migration is a ConfigMigration.
type Migration struct{ transformations []transformation }
