package decoder

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/text"
	"anytap/internal/value"
)

// formatDefinition configures a decoder that reads bodies of several formats as if they were JSON,
// so that all that looks into answers can look into these too.
//
//	type: FormatDecoder
//	format: csv
//	delimiter: ";"
//	columns: [id, name]
//	header: false
//	charset: windows-1252
//	records: [feed, entry]
//
// Without a format it goes by the Content-Type and by what the body looks like. gzip and zip are
// unpacked. A byte order mark and the charset that the Content-Type declares are minded. CSV and
// lines of JSON become a list, XML an object as XmlDecoder's. What can not be read is asked for
// again, and then an error. The component is anytap's own; streams whose pages are strict have it
// where they name no decoder.
type formatDefinition struct {
	Format    string   `manifest:"format,enum=auto|json|ndjson|csv|xml,default=auto" doc:"The format of bodies."`
	Delimiter string   `manifest:"delimiter" doc:"What separates the fields of CSV, one character or \\t; by default the most frequent of , ; tab and | in the first row."`
	Columns   []string `manifest:"columns" doc:"The names of the columns of CSV."`
	Header    *bool    `manifest:"header" doc:"Whether the first row of CSV names the columns; by default only where columns are not given."`
	Charset   string   `manifest:"charset" doc:"The charset of bodies, whatever they declare."`
	Records   any      `manifest:"records,is=string|array" doc:"The path of the records in XML, where a lone one and none are a list too: a list of names, or a dotted text."`
}

func buildFormat(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def formatDefinition
	f := &formats{format: "auto"}
	if n.Type() == "FormatDecoder" {
		if err := manifest.Decode(c, n, &def); err != nil {
			return nil, err
		}
		f.format, f.columns, f.header = def.Format, def.Columns, len(def.Columns) == 0
		if def.Records != nil {
			path, err := value.PathOf(def.Records)
			if err != nil {
				return nil, n.Get("records").Problem("records %v", err)
			}
			f.records = path.Readings()
		}
		if def.Header != nil {
			f.header = *def.Header
		}
		if f.delimiter = def.Delimiter; f.delimiter == `\t` {
			f.delimiter = "\t"
		}
		if len([]rune(f.delimiter)) > 1 {
			return nil, n.Get("delimiter").Problem("is %q, expected one character or \\t", f.delimiter)
		}
		if !f.header && len(f.columns) == 0 {
			return nil, n.Problem("columns are missing: without a header the rows of CSV have no names")
		}
		if def.Charset != "" {
			enc, err := text.Lookup(def.Charset)
			if err != nil {
				return nil, n.Get("charset").Problem("%v", err)
			}
			f.charset = &enc
		}
	} else {
		f.header = true
	}
	rt, _ := manifest.Service[*rest.Runtime](c)
	return &formatDecoder{rest.NewJSONDecoder(rt), f}, nil
}

// formatDecoder reads JSON, which the requester has made of bodies with converts.
type formatDecoder struct {
	json     *rest.JSONDecoder
	converts *formats
}

var _ rest.Decoder = (*formatDecoder)(nil)

// Abilities are those of JSON.
func (d *formatDecoder) Abilities() rest.DecoderAbilities {
	a := d.json.Abilities()
	a.Converts = d.converts
	return a
}

// Decode yields the values of the JSON that the body was made into.
func (d *formatDecoder) Decode(r *rest.Response) iter.Seq2[any, error] { return d.json.Decode(r) }

// formats makes JSON of bodies.
type formats struct {
	format    string // auto, or a format
	delimiter string // empty: it is found
	columns   []string
	header    bool // the first row of CSV is none of its records
	charset   *text.Encoding
	records   [][]string // the ways to take the path apart into names, in their order
}

var _ rest.BodyConverter = (*formats)(nil)

// Convert makes JSON of a whole body. It returns body itself if that is JSON already.
func (f *formats) Convert(contentType string, body []byte) ([]byte, error) {
	if f.plain(contentType, body) {
		return body, nil
	}
	var out bytes.Buffer
	if err := f.convert(contentType, bytes.NewReader(body), &rest.Bounded{To: &out, What: "the body"}, 0); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Stream makes JSON of a body while it arrives.
func (f *formats) Stream(contentType string, body io.ReadCloser) io.ReadCloser {
	whole := bufio.NewReaderSize(body, headSize)
	head, _ := whole.Peek(headSize) // an error is met again behind the head
	if f.plain(contentType, head) {
		return readCloser{whole, body}
	}
	from, to := io.Pipe()
	go func() {
		defer tap.Guard()
		to.CloseWithError(f.convert(contentType, whole, to, 0))
	}()
	return readCloser{from, closers{from, body}}
}

// headSize is how much of a body is looked at to find its format.
const headSize = 64 << 10

type readCloser struct {
	io.Reader
	io.Closer
}

type closers []io.Closer

// Close closes all of them.
func (c closers) Close() error {
	var errs []error
	for _, one := range c {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// list writes a JSON list of what a parser emits.
func list(in io.Reader, out io.Writer, p parser) error {
	var b []byte
	var failed error
	b = append(b, '[')
	n := 0
	err := p.parse(in, func(v any) bool {
		if n++; n > 1 {
			b = append(b, ',')
		}
		if b = value.Append(b, v); len(b) >= lineBuffer {
			_, failed = out.Write(b)
			b = b[:0]
		}
		return failed == nil
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	_, err = out.Write(append(b, ']'))
	return err
}

// strictLines reads lines of JSON. One that is no JSON is an error.
type strictLines struct{}

func (strictLines) parse(in io.Reader, emit func(any) bool) error {
	lines := newLineReader(in, false)
	var s slab
	for line, err := range lines.all() {
		if err != nil {
			return err
		}
		if line = bytes.Trim(line, " \t\r\x1e"); len(line) == 0 { // a record separator begins the lines of RFC 7464
			continue
		}
		v, err := s.lineValue(line)
		if err != nil {
			return fmt.Errorf("line %d is no JSON: %w", lines.n, err)
		}
		if !emit(v) {
			return nil
		}
	}
	return nil
}
