package cursor

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"ChangeTokenCursor":                  {Build: manifest.As(BuildChangeToken), Definition: func() any { return ChangeTokenDefinition{} }},
		"DatetimeBasedCursor":                {Build: manifest.As(BuildDatetime), Definition: func() any { return DatetimeDefinition{} }},
		"IncrementingCountCursor":            {Build: manifest.As(BuildCount), Definition: func() any { return CountDefinition{} }},
		"LegacyToPerPartitionStateMigration": {Build: manifest.As(BuildLegacy), Definition: func() any { return LegacyDefinition{} }},
		"MinMaxDatetime":                     {Build: manifest.As(BuildMinMax), Definition: func() any { return MinMaxDefinition{} }},
		"ReplicationKeyCursor":               {Build: manifest.As(BuildReplicationKey), Definition: func() any { return ReplicationKeyDefinition{} }},
	}
}
