// Package decoder turns the body of an answer into values.
//
// A decoder that streams reads a body while it arrives and holds one value of it at a time; the
// others hold the whole body. Nothing that has to be held (a body, a line, a row, a file of an
// archive, a decompressed JSON text) may be longer than 1 GiB, and no body may decompress to more
// than 1 TiB. Beyond that a body ends with an error.
package decoder

import "anytap/internal/manifest"

// Table lists this package's components.
func Table() manifest.Table {
	return manifest.Table{
		"CsvDecoder":       {Build: manifest.As(buildCSV), Definition: func() any { return csvDefinition{} }},
		"FormatDecoder":    {Build: manifest.As(buildFormat), Definition: func() any { return formatDefinition{} }},
		"GzipDecoder":      {Build: manifest.As(buildGzip), Definition: func() any { return gzipDefinition{} }},
		"IterableDecoder":  {Build: manifest.As(buildIterable), Definition: func() any { return iterableDefinition{} }},
		"JsonDecoder":      {Build: manifest.As(buildJSON), Definition: func() any { return jsonDefinition{} }},
		"JsonItemsDecoder": {Build: manifest.As(buildJSONItems), Definition: func() any { return jsonItemsDefinition{} }},
		"JsonlDecoder":     {Build: manifest.As(buildJSONLines), Definition: func() any { return jsonLinesDefinition{} }},
		"XmlDecoder":       {Build: manifest.As(buildXML), Definition: func() any { return xmlDefinition{} }},
		"ZipfileDecoder":   {Build: manifest.As(buildZip), Definition: func() any { return zipDefinition{} }},
	}
}
