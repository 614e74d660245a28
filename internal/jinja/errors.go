package jinja

import "anytap/internal/jinja/syntax"

// SyntaxError says that a template can not be compiled, and where.
type SyntaxError = syntax.Error

// Names of the exceptions that templates raise, beside Python's own.
const (
	undefinedError = "UndefinedError"
	securityError  = "SecurityError"
	runtimeError   = "TemplateRuntimeError"
	filterArgument = "FilterArgumentError"
	unsupportedUse = "AirbyteTracedException"
)
