package decoder

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"unicode/utf8"

	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// jsonLinesDefinition configures a decoder that reads one JSON value a line. A line that is no JSON
// is left out with a warning; one that is not UTF-8 is an error.
//
//	type: JsonlDecoder
type jsonLinesDefinition struct{}

func buildJSONLines(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def jsonLinesDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &streamed{parser: jsonLines{log: c.Logger()}}, nil
}

// jsonLines reads each line as a JSON value.
type jsonLines struct{ log *slog.Logger }

// maxLineWarnings is how many broken lines of one answer get a warning of their own.
const maxLineWarnings = 10

func (p jsonLines) parse(in io.Reader, emit func(any) bool) error {
	lines := newLineReader(in, false)
	var s slab
	broken := 0
	for line, err := range lines.all() {
		if err != nil {
			return err
		}
		v, err := s.lineValue(line)
		if errors.Is(err, errLineText) {
			return fmt.Errorf("line %d: %w", lines.n, err)
		}
		if err != nil {
			if broken++; broken <= maxLineWarnings {
				p.log.Warn("a line of the answer is no JSON and is left out", "line", lines.n, "error", err)
			}
			continue
		}
		if !emit(v) {
			return nil
		}
	}
	if broken > maxLineWarnings {
		p.log.Warn("lines of the answer are no JSON and are left out", "lines", broken)
	}
	return nil
}

var errLineText = errors.New("it is not UTF-8")

// lineValue reads one line.
func (s *slab) lineValue(line []byte) (any, error) {
	raw, seen, err := rawjson.Trim(line, true)
	if (err != nil || seen&rawjson.BadText != 0) && !utf8.Valid(line) {
		return nil, errLineText
	}
	if err != nil {
		return nil, err
	}
	switch raw[0] {
	case '{':
		return s.dict(s.keep(raw), seen.Clean()), nil
	case '[', '"':
		raw = s.keep(raw)
	}
	return value.DecodeRaw(raw), nil
}
