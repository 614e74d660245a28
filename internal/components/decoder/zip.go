package decoder

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
)

// zipDefinition configures a decoder that reads every file of a zip archive with the decoder inside
// it, in the archive's order.
//
//	type: ZipfileDecoder
//	decoder: {type: CsvDecoder}
type zipDefinition struct {
	Decoder *manifest.Node `manifest:"decoder,required,is=CsvDecoder|GzipDecoder|JsonDecoder|JsonItemsDecoder|JsonlDecoder" doc:"The decoder of each file."`
}

func buildZip(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def zipDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	inner, err := parserOf(c, def.Decoder)
	if err != nil {
		return nil, err
	}
	return &zipDecoder{inner, maxExpanded}, nil
}

// zipDecoder reads the files of an archive that is held whole.
type zipDecoder struct {
	parser
	limit int64 // bytes that all files together may decompress to
}

var _ rest.Decoder = (*zipDecoder)(nil)

// Abilities are none: an archive is read whole, as its directory is at its end.
func (d *zipDecoder) Abilities() rest.DecoderAbilities { return rest.DecoderAbilities{} }

// Decode yields the values of all files.
func (d *zipDecoder) Decode(r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		body, err := r.Bytes()
		if err != nil {
			yield(nil, err)
			return
		}
		archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			yield(nil, &tap.Error{Kind: tap.System, Message: fmt.Sprintf("the answer is no valid zip archive (%d bytes)", len(body)), Err: err})
			return
		}
		left := d.limit
		for _, f := range archive.File {
			stopped := false
			err := d.file(f, &left, func(v any) bool {
				stopped = !yield(v, nil)
				return !stopped
			})
			if stopped {
				return
			}
			if err != nil {
				yield(nil, tap.Errorf(tap.System, "read the file %q of the zip archive: %w", f.Name, err))
				return
			}
		}
	}
}

// file reads one file of the archive and subtracts its decompressed size from left.
func (d *zipDecoder) file(f *zip.File, left *int64, emit func(any) bool) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	return d.parse(&counted{in, left}, emit)
}

// counted subtracts what is read from left and fails when left is used up.
type counted struct {
	io.Reader
	left *int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	if *c.left -= int64(n); *c.left < 0 {
		return 0, errTooMuch
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errCut
	}
	return n, err
}
