package pytime

import "testing"

func BenchmarkDatetime(b *testing.B) {
	for name, format := range map[string]string{
		"rfc":     "%Y-%m-%dT%H:%M:%SZ",
		"offset":  "%Y-%m-%dT%H:%M:%S.%f%z",
		"date":    "%Y-%m-%d",
		"seconds": "%s",
	} {
		text := FormatDatetime(today, format)
		b.Run("parse/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseDatetime(format, text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("format/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				FormatDatetime(today, format)
			}
		})
	}
	b.Run("free", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ParseTime("2026-01-15T10:20:30.123Z", today); err != nil {
				b.Fatal(err)
			}
		}
	})
}
