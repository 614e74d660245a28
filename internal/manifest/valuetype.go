package manifest

// LiteralTypes returns the Python types that a value_type allows a literal to have, for jinja's
// EvalTypes. In Python True is an int too. Without a value_type ("") all types are allowed, which
// is nil.
func LiteralTypes(valueType string) []string {
	switch valueType {
	case "string":
		return []string{"str"}
	case "number":
		return []string{"float"}
	case "integer":
		return []string{"int", "bool"}
	case "boolean":
		return []string{"bool"}
	}
	return nil
}
