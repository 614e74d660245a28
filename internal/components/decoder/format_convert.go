package decoder

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"unicode/utf8"

	"anytap/internal/rest"
	"anytap/internal/text"
	"anytap/internal/value"
)

// plain reports whether a body, of which this is the beginning, is JSON in UTF-8 already. This is
// what it is nearly always.
func (f *formats) plain(contentType string, head []byte) bool {
	if f.format != "auto" && f.format != "json" || f.charset != nil {
		return false
	}
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	if len(trimmed) == 0 {
		return !saysRows(contentType)
	}
	if trimmed[0] != '{' && trimmed[0] != '[' {
		return false
	}
	if len(trimmed) > 1 && trimmed[1] == 0 || !isUTF8(contentType) {
		return false
	}
	return f.format == "json" || !saysRows(contentType) && !isLines(trimmed)
}

// isUTF8 reports whether a content type declares no charset but UTF-8 and its like.
func isUTF8(contentType string) bool {
	if strings.IndexByte(contentType, ';') < 0 {
		return true
	}
	switch charsetOf(contentType) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return false
}

func charsetOf(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.Trim(params["charset"], `'" `))
}

// kindOf is a content type without its parameters.
func kindOf(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// saysRows reports whether a content type is that of CSV or of lines of JSON.
func saysRows(contentType string) bool {
	kind := kindOf(contentType)
	return saysCSV(kind) || saysLines(kind)
}

func saysCSV(kind string) bool {
	return strings.HasSuffix(kind, "/csv") || strings.HasSuffix(kind, "-csv") || strings.HasSuffix(kind, "/tab-separated-values") || strings.HasSuffix(kind, "/tsv")
}

func saysLines(kind string) bool {
	for _, word := range []string{"ndjson", "jsonl", "json-lines", "jsonlines", "json-seq", "stream+json", "json-stream"} {
		if strings.Contains(kind, word) {
			return true
		}
	}
	return false
}

// isLines reports whether a text that begins with an object or a list is lines of them: one ends
// where a line does, and the next line begins like it.
func isLines(head []byte) bool {
	end := bytes.IndexByte(head, '\n')
	if end < 0 {
		return false
	}
	line, next := bytes.TrimRight(head[:end], " \t\r"), bytes.TrimLeft(head[end:], " \t\r\n")
	if len(line) < 2 || len(next) == 0 || next[0] != line[0] {
		return false
	}
	return line[0] == '{' && line[len(line)-1] == '}' || line[0] == '[' && line[len(line)-1] == ']'
}

// maxWraps is how many archives may lie in one another.
const maxWraps = 5

// convert unpacks a body, makes UTF-8 of its text and JSON of that. wraps counts the archives
// around the body.
func (f *formats) convert(contentType string, in io.Reader, out io.Writer, wraps int) error {
	if wraps > maxWraps {
		return fmt.Errorf("archives lie in one another more than %d deep", maxWraps)
	}
	buffered := bufio.NewReaderSize(in, headSize)
	head, _ := buffered.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		z, err := newMembers(buffered, maxExpanded)
		if err != nil {
			return err
		}
		defer z.close()
		return f.convert(unpacked(contentType), z, out, wraps+1)
	case string(head) == "PK\x03\x04":
		return f.archive(unpacked(contentType), buffered, out, wraps+1)
	}
	decoded, err := f.toUTF8(contentType, buffered)
	if err != nil {
		return err
	}
	body := bufio.NewReaderSize(decoded, headSize)
	head, _ = body.Peek(headSize)
	switch format := f.formatOf(kindOf(contentType), head); format {
	case "csv":
		return f.csv(kindOf(contentType), body, out)
	case "ndjson":
		return list(body, out, strictLines{})
	case "xml":
		return f.xml(body, out)
	}
	_, err = io.Copy(out, body)
	return err
}

// unpacked is the content type of what is inside an archive: its own says nothing of that.
func unpacked(contentType string) string {
	for _, word := range []string{"zip", "octet-stream", "binary"} {
		if strings.Contains(kindOf(contentType), word) {
			return ""
		}
	}
	return contentType
}

// formatOf is the format of a text that begins so.
func (f *formats) formatOf(kind string, head []byte) string {
	if f.format != "auto" {
		return f.format
	}
	head = bytes.TrimLeft(head, " \t\r\n")
	lower := bytes.ToLower(head[:min(len(head), 16)])
	html := bytes.HasPrefix(lower, []byte("<!doctype html")) || bytes.HasPrefix(lower, []byte("<html"))
	switch {
	case html:
		return "json" // which it is not
	case saysLines(kind):
		return "ndjson"
	case saysCSV(kind):
		return "csv"
	case len(head) == 0:
		return "json"
	case head[0] == '{' || head[0] == '[':
		if isLines(head) {
			return "ndjson"
		}
		return "json"
	case head[0] == '<' && (!strings.Contains(kind, "json") && kind != "text/html" || bytes.HasPrefix(lower, []byte("<?xml"))):
		return "xml"
	case !strings.Contains(kind, "json") && kind != "text/html" && looksLikeCSV(head):
		return "csv"
	}
	return "json"
}

// archive reads the files of a zip archive as one list.
func (f *formats) archive(contentType string, in io.Reader, out io.Writer, wraps int) error {
	body, err := rest.ReadBody(in)
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return fmt.Errorf("it is no valid zip archive: %w", err)
	}
	var all []byte
	left := int64(maxHeld)
	for _, file := range archive.File {
		if file.FileInfo().IsDir() {
			continue
		}
		part, err := f.file(contentType, file, &left, wraps)
		if err != nil {
			return fmt.Errorf("the file %q of the archive: %w", file.Name, err)
		}
		part = bytes.TrimSpace(part)
		if len(part) > 1 && part[0] == '[' {
			part = bytes.TrimSpace(part[1 : len(part)-1])
		}
		if len(all) > 0 && len(part) > 0 {
			all = append(all, ',')
		}
		if all = append(all, part...); len(all) > maxHeld {
			return rest.TooMuch("the archive")
		}
	}
	_, err = out.Write(append(append([]byte("["), all...), ']'))
	return err
}

func (f *formats) file(contentType string, file *zip.File, left *int64, wraps int) ([]byte, error) {
	in, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var part bytes.Buffer
	err = f.convert(contentType, &counted{in, left}, &rest.Bounded{To: &part, What: "a file"}, wraps)
	return part.Bytes(), err
}

// toUTF8 makes UTF-8 of a text: by its byte order mark, or by the charset that is configured or
// declared. JSON that is UTF-8 is taken as such, whatever the answer declares.
func (f *formats) toUTF8(contentType string, in *bufio.Reader) (io.Reader, error) {
	head, _ := in.Peek(headSize)
	name := charsetOf(contentType)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := in.Discard(3)
		return in, err
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		name = "utf-32"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		name = "utf-16"
	case f.charset != nil:
		return text.NewReader(in, *f.charset), nil
	case len(head) > 1 && head[0] == 0 && head[1] != 0:
		name = "utf-16-be"
	case len(head) > 1 && head[0] != 0 && head[1] == 0:
		name = "utf-16-le"
	case f.isXML(contentType, head):
		return in, nil // its declaration counts
	case isUTF8(contentType):
		return in, nil
	case strings.Contains(kindOf(contentType), "json") && wholeUTF8(head):
		return in, nil
	}
	enc, err := text.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("the answer declares the charset %q, which is not known; charset says which it is", name)
	}
	return text.NewReader(in, enc), nil
}

func (f *formats) isXML(contentType string, head []byte) bool {
	return charsetOf(contentType) == "" && f.formatOf(kindOf(contentType), head) == "xml"
}

// wholeUTF8 reports whether the beginning of a text is UTF-8. A character may be cut at its end.
func wholeUTF8(head []byte) bool {
	if len(head) < headSize {
		return utf8.Valid(head)
	}
	for i := range utf8.UTFMax {
		if utf8.Valid(head[:len(head)-i]) {
			return true
		}
	}
	return false
}

// xml makes an object of a document. What stands at the path of the records becomes a list.
func (f *formats) xml(in io.Reader, out io.Writer) error {
	body, err := rest.ReadBody(in)
	if err != nil {
		return err
	}
	if err := rest.CheckXML(body); err != nil {
		return err
	}
	doc, err := parseXML(guessText(body))
	if err != nil {
		return err
	}
	for i, names := range f.records {
		if _, there := value.At(doc, names...); there || i == len(f.records)-1 {
			listAt(doc, names)
			break
		}
	}
	_, err = out.Write(value.Append(nil, doc))
	return err
}

// listAt makes a list of what stands at a path: elements of XML tell one from several, and none
// from nothing, by no mark of theirs.
func listAt(d *value.Dict, path []string) {
	for i, name := range path {
		v, there := d.Get(name)
		if i == len(path)-1 {
			switch {
			case !there || v == nil:
				if i > 0 {
					d.Set(name, value.NewList())
				}
			default:
				if _, ok := v.(*value.List); !ok {
					d.Set(name, value.NewList(v))
				}
			}
			return
		}
		inner, ok := v.(*value.Dict)
		if v == nil && there { // an empty element
			inner, ok = value.NewDict(0), true
			d.Set(name, inner)
		}
		if !ok {
			return
		}
		d = inner
	}
}

var errNotUTF8 = errors.New("the answer is not UTF-8 and declares no charset; charset says which it is, as charset: windows-1252")
