package transformation

import "anytap/internal/manifest"

// Table is this package's part of the component table.
func Table() manifest.Table {
	return manifest.Table{
		"AddFields":            {Build: manifest.As(buildAddFields), Definition: func() any { return addFieldsDefinition{} }},
		"AddedFieldDefinition": {Build: manifest.As(buildAddedField), Definition: func() any { return addedFieldDefinition{} }},
		"RemoveFields":         {Build: manifest.As(buildRemoveFields), Definition: func() any { return removeFieldsDefinition{} }},
		"KeysToLower":          {Build: manifest.As(buildKeysToLower), Definition: func() any { return keysToLowerDefinition{} }},
		"KeysToSnakeCase":      {Build: manifest.As(buildKeysToSnakeCase), Definition: func() any { return keysToSnakeCaseDefinition{} }},
		"KeysReplace":          {Build: manifest.As(buildKeysReplace), Definition: func() any { return keysReplaceDefinition{} }},
		"FlattenFields":        {Build: manifest.As(buildFlattenFields), Definition: func() any { return flattenFieldsDefinition{} }},
		"DpathFlattenFields":   {Build: manifest.As(buildDpathFlattenFields), Definition: func() any { return dpathFlattenFieldsDefinition{} }},
		"LiftFields":           {Build: manifest.As(buildLiftFields), Definition: func() any { return liftFieldsDefinition{} }},
		"KeyTransformation":    {Build: manifest.As(buildKeyTransformation), Definition: func() any { return keyTransformationDefinition{} }},
	}
}
