// Package literal reads Python's literals as ast.literal_eval does.
package literal
