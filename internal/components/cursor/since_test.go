package cursor

import (
	"testing"
	"time"

	"anytap/internal/tap"
)

func TestSinceStandsInForTheStart(t *testing.T) {
	t.Parallel()
	key := func(more string) string { return "type: ReplicationKeyCursor\ncursor_field: u\n" + more }
	const option = "request_option: {type: RequestOption, inject_into: request_parameter, field_name: since}\n"
	for name, test := range map[string]struct{ sync, want, unused string }{
		"dates":                     {sync: dayCursor, want: `{"start_time":"2026-11-12","end_time":"2026-11-20"}`},
		"a key without a start":     {sync: key(option), want: `{"start_value":"2026-11-12T08:30:00Z"}`},
		"a key of dates":            {sync: key(option + `start_value: "2026-01-01"`), want: `{"start_value":"2026-11-12"}`},
		"a key of seconds":          {sync: key(option + `start_value: "1700000000"`), want: `{"start_value":"1794472200"}`},
		"a key in a format":         {sync: key(option + `format: "%d.%m.%Y"`), want: `{"start_value":"12.11.2026"}`},
		"a key that is no time":     {sync: key(option + `start_value: "17"`), want: `{"start_value":"17"}`, unused: "start_value is '17', which is no time"},
		"a key that is not sent":    {sync: key(""), want: `{}`, unused: "nothing says how to ask for what is new only (replication_param, newest_first or filter_here)"},
		"a key that is looked at":   {sync: key("filter_here: true"), want: `{"start_value":"2026-11-12T08:30:00Z"}`},
		"numbers that only grow":    {sync: "type: IncrementingCountCursor\ncursor_field: n", want: `{"start":0,"end":null}`, unused: "the cursor follows numbers, which are no times"},
		"a token that the API gave": {sync: "type: ChangeTokenCursor", want: `{}`, unused: "the API says itself what has changed since the last read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := syncOf(t, test.sync, "{}", atRecorded)
			if err != nil {
				t.Fatal(err)
			}
			unused := ""
			from := tap.StartingPoint{Since: time.Date(2026, 11, 12, 9, 30, 0, 0, time.FixedZone("", 3600)), SinceUnused: func(reason string) { unused = reason }}
			if got := windowsOf(t, f, from); got != test.want || unused != test.unused {
				t.Errorf("windows %s, unused %q; want %s and %q", got, unused, test.want, test.unused)
			}
		})
	}
}
