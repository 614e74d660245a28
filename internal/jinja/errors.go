package jinja

// Names of the exceptions that templates raise, beside Python's own.
const (
	undefinedError = "UndefinedError"
	securityError  = "SecurityError"
	runtimeError   = "TemplateRuntimeError"
	filterArgument = "FilterArgumentError"
	unsupportedUse = "AirbyteTracedException"
)
