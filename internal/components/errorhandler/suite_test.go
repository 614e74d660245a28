package errorhandler

import (
	"testing"

	"anytap/internal/rest/resttest"
)

func TestEveryErrorHandlerPassesTheSuite(t *testing.T) {
	t.Parallel()
	const strategy = "type: DefaultErrorHandler\nbackoff_strategies:\n- "
	for name, yaml := range map[string]string{
		"default":     "type: DefaultErrorHandler",
		"filters":     "type: DefaultErrorHandler\nresponse_filters:\n- {type: HttpResponseFilter, http_codes: [404], action: IGNORE}\n- {type: HttpResponseFilter, error_message_contains: 'no', action: FAIL, error_message: \"{{ response.error }}\"}",
		"rule":        rule + "members: [{path: [error, message], values: [no]}], statuses: [400, 404, 503], action: IGNORE}",
		"predicate":   "type: DefaultErrorHandler\nresponse_filters: [{type: HttpResponseFilter, predicate: \"{{ 'error' in response }}\", action: RATE_LIMITED}]",
		"constant":    strategy + "{type: ConstantBackoffStrategy, backoff_time_in_seconds: 30, jitter_range_in_seconds: 5}",
		"exponential": strategy + "{type: ExponentialBackoffStrategy, factor: 3}",
		"header":      strategy + "{type: WaitTimeFromHeader, header: Retry-After}",
		"header, cut": strategy + "{type: WaitTimeFromHeader, header: Retry-After, regex: \"[0-9]+\", max_waiting_time_in_seconds: 60}",
		"time":        strategy + "{type: WaitUntilTimeFromHeader, header: Retry-After}",
		"time, floor": strategy + "{type: WaitUntilTimeFromHeader, header: Retry-After, min_wait: 10}",
		"response":    strategy + "{type: WaitTimeFromResponse, wait_time_in_seconds: \"{{ response.error.wait }}\"}",
		"composite":   "type: CompositeErrorHandler\nerror_handlers:\n- {type: DefaultErrorHandler, response_filters: [{type: HttpResponseFilter, http_codes: [429], action: RETRY}]}\n- {type: DefaultErrorHandler, max_retries: 9}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, err := build(t, yaml)
			if err != nil {
				t.Fatal(err)
			}
			resttest.ErrorHandler(t, h)
		})
	}
}
