package pytime

import (
	"strings"
	"time"
	"unicode"

	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// Location finds a time zone by its IANA name, ignoring case.
func Location(name string) (*time.Location, error) {
	if strings.EqualFold(name, "utc") {
		return time.UTC, nil
	}
	if name != "" && name != "Local" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, nil
		}
		if loc, err := time.LoadLocation(titleZone(name)); err == nil {
			return loc, nil
		}
	}
	return nil, exception.New("UnknownTimeZoneError", "%s", value.Repr(name))
}

// titleZone capitalizes each part of a zone's name, which is right for most names.
func titleZone(name string) string {
	up := true
	return strings.Map(func(r rune) rune {
		if up {
			r = unicode.ToUpper(r)
		} else {
			r = unicode.ToLower(r)
		}
		up = r == '/' || r == '_' || r == '-'
		return r
	}, name)
}
