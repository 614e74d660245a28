package jinja

import "anytap/internal/jinja/syntax"

// SyntaxError says why and where a template cannot be compiled.
type SyntaxError = syntax.Error

// Names of exceptions that templates raise in addition to Python's.
const (
	undefinedError = "UndefinedError"
	securityError  = "SecurityError"
	runtimeError   = "TemplateRuntimeError"
	filterArgument = "FilterArgumentError"
	unsupportedUse = "AirbyteTracedException"
)
