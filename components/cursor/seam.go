package cursor

import (
	"time"

	"anytap/jinja"
)

// strptime reads a text by a format of strftime directives, as the reference runtime does: a text without a zone is UTC.
func strptime(text, format string) (time.Time, error) { return jinja.ParseDatetime(format, text) }

func strftime(t time.Time, format string) string { return jinja.FormatDatetime(t, format) }
