// Package pytime reads and writes times as Python's datetime, dateutil and isodate do.
package pytime
