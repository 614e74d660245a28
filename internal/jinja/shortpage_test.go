package jinja

import "testing"

// The expected verdicts are those of the reference runtime for a smallest page size of 3.
func TestStopOnShortPage(t *testing.T) {
	tests := map[string]StopSafety{
		`{{ last_page_size == 0 }}`:                                   StopSafe,
		`{{ last_page_size != 0 }}`:                                   StopSafe,
		`{{ last_page_size == 0.0 }}`:                                 StopSafe,
		`{{ last_page_size < 100 }}`:                                  StopsEarly,
		`{{ last_page_size <= 100 }}`:                                 StopsEarly,
		`{{ 100 > last_page_size }}`:                                  StopsEarly,
		`{{ 100 >= last_page_size }}`:                                 StopsEarly,
		`{{ last_page_size > 100 }}`:                                  StopSafe,
		`{{ last_page_size >= 3 }}`:                                   StopSafe,
		`{{ last_page_size < 1 }}`:                                    StopSafe,
		`{{ last_page_size < 3 }}`:                                    StopSafe,
		`{{ last_page_size <= 2 }}`:                                   StopSafe,
		`{{ last_page_size <= 3 }}`:                                   StopsEarly,
		`{{ last_page_size < page_size }}`:                            StopSafe,
		`{{ last_page_size < page_size|int }}`:                        StopSafe,
		`{{ last_page_size < page_size + 50 }}`:                       StopUnknown,
		`{{ last_page_size < [page_size, 100]|max }}`:                 StopUnknown,
		`{{ last_page_size < config['page_size'] }}`:                  StopsEarly,
		`{{ last_page_size|int < 100 }}`:                              StopsEarly,
		`{{ last_page_size|int > 100 }}`:                              StopUnknown,
		`{{ last_page_size|int == 0 }}`:                               StopUnknown,
		`{{ last_page_size - 100 < 0 }}`:                              StopUnknown,
		`{{ not (last_page_size >= 100) }}`:                           StopUnknown,
		`{{ not last_page_size }}`:                                    StopUnknown,
		`{{ last_page_size }}`:                                        StopUnknown,
		`{{ last_page_size == 100 }}`:                                 StopUnknown,
		`{{ last_page_size in [1, 2] }}`:                              StopUnknown,
		`{{ last_page_size == last_page_size }}`:                      StopUnknown,
		`{{ response.next is none or last_page_size < 100 }}`:         StopsEarly,
		`{{ response.next is none and last_page_size == 0 }}`:         StopSafe,
		`{{ last_page_size < 100 if response.x else false }}`:         StopUnknown,
		`{% if last_page_size < 100 %}true{% endif %}`:                StopsEarly,
		`{% if last_page_size < 100 %}false{% endif %}`:               StopUnknown,
		`{% if last_page_size < 100 %}true{% else %}false{% endif %}`: StopUnknown,
		`{% if last_page_size == 0 %}{{ 1 }}{% endif %}`:              StopSafe,
		` {{ last_page_size < 100 }}`:                                 StopUnknown,
		`x{{ last_page_size < 100 }}`:                                 StopUnknown,
		`{{ not response.next }}`:                                     StopSafe,
		`{{ response['data'] | length < 100 }}`:                       StopUnknown,
		`{{ 100 > response['data'] | length }}`:                       StopUnknown,
		`{{ 100 < response['data'] | length }}`:                       StopSafe,
		`{{ response['data'] | length == 0 }}`:                        StopSafe,
		`{{ response.a < response.b }}`:                               StopUnknown,
		`{{ not (3 < response.b) }}`:                                  StopUnknown,
		`{{ 1 < 2 }}`:                                                 StopSafe,
		`{{ 0 < last_page_size < 100 }}`:                              StopsEarly,
		`{{ (last_page_size, 1) < (100, 1) }}`:                        StopsEarly,
		`{{ last_page_size < -1 }}`:                                   StopsEarly,
		`{{ last_page_size < true }}`:                                 StopsEarly,
		`{% set x = last_page_size < 100 %}{{ x }}`:                   StopUnknown,
		`{% for i in range(3) %}{{ last_page_size < i }}{% endfor %}`: StopUnknown,
		`{{ broken`:                         StopUnknown,
		`{{ (last_page_size or 1) < 100 }}`: StopUnknown,
	}
	for condition, want := range tests {
		t.Run(condition, func(t *testing.T) {
			got, reason := StopOnShortPage(condition, 3)
			if got != want {
				t.Errorf("verdict %d (%s), expected %d", got, reason, want)
			}
			if (reason == "") != (got == StopSafe) {
				t.Errorf("verdict %d with the reason %q", got, reason)
			}
		})
	}
}
