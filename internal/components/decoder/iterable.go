package decoder

import (
	"fmt"
	"io"
	"unicode/utf8"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// iterableDefinition configures a decoder that makes a record of each line: {"record": "the line"}.
//
//	type: IterableDecoder
type iterableDefinition struct{}

func buildIterable(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def iterableDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &streamed{parser: lineTexts{}}, nil
}

// lineTexts reads lines as records. Lines end in "\n", "\r" or "\r\n" and are UTF-8.
type lineTexts struct{}

func (lineTexts) parse(in io.Reader, emit func(any) bool) error {
	lines := newLineReader(in, true)
	for line, err := range lines.all() {
		if err != nil {
			return err
		}
		if !utf8.Valid(line) {
			return fmt.Errorf("line %d is not UTF-8", lines.n)
		}
		d := value.NewDict(1)
		d.Set("record", string(line))
		if !emit(d) {
			return nil
		}
	}
	return nil
}
