// Package errorhandler compiles what judges answers: error handlers, their response filters, and the strategies that say how long to wait.
package errorhandler

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"CompositeErrorHandler":      {Build: manifest.As(BuildComposite), Definition: func() any { return CompositeDefinition{} }},
		"ConstantBackoffStrategy":    {Build: manifest.As(BuildConstant), Definition: func() any { return ConstantDefinition{} }},
		"DefaultErrorHandler":        {Build: manifest.As(BuildDefault), Definition: func() any { return DefaultDefinition{} }},
		"ExponentialBackoffStrategy": {Build: manifest.As(BuildExponential), Definition: func() any { return ExponentialDefinition{} }},
		"HttpResponseFilter":         {Build: manifest.As(BuildFilter), Definition: func() any { return FilterDefinition{} }},
		"WaitTimeFromHeader":         {Build: manifest.As(BuildHeaderWait), Definition: func() any { return HeaderWaitDefinition{} }},
		"WaitTimeFromResponse":       {Build: manifest.As(BuildResponseWait), Definition: func() any { return ResponseWaitDefinition{} }},
		"WaitUntilTimeFromHeader":    {Build: manifest.As(BuildHeaderTime), Definition: func() any { return HeaderTimeDefinition{} }},
	}
}
