// Package pytime answers how Python reads, writes and shifts times.
//
//	datetime_format.go  a manifest's datetime formats, as the CDK's DatetimeParser has them
//	strptime*.go        datetime.strptime; strptime_fast.go for usual formats
//	strftime.go         datetime.strftime
//	dateparse*.go       any text, as dateutil's parser reads it
//	isoparse.go         ISO 8601, as dateutil's isoparse reads it
//	duration.go         isodate's durations, and timedelta
//	clocktime.go        seconds since 1970
//	location.go         time zones by name
package pytime
