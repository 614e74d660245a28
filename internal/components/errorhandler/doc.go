// Package errorhandler decides what is done about an answer, and how long to wait before another
// try.
//
// An error handler judges by its response filters, then by the reference runtime's table of
// statuses. Its backoff strategies are asked in turn for the wait before another try; one that has
// no opinion leaves it to the next.
package errorhandler

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"AnswerRule":                 {Build: manifest.As(BuildRule), Definition: func() any { return RuleDefinition{} }, Like: "HttpResponseFilter"},
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
