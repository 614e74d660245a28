package decoder

import (
	"iter"
	"log/slog"
	"mime"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/text"
	"anytap/internal/value"
)

// XmlDecoder reads an XML document as nested objects: attributes under "@name", an element's text
// under "#text" or, where it has nothing else, in the element's place, repeated elements as a list, an empty
// element as null. Prefixes and xmlns attributes stay as they are written. A document that is not well-formed
// gives an empty object and a warning.
//
//	decoder:
//	  type: XmlDecoder

type xmlDefinition struct{}

func buildXML(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def xmlDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &xmlDecoder{logger(c)}, nil
}

type xmlDecoder struct{ log *slog.Logger }

var _ rest.Decoder = (*xmlDecoder)(nil)

// Streams is false: pagination looks into the answer.
func (d *xmlDecoder) Streams() bool { return false }

// Paginates is true.
func (d *xmlDecoder) Paginates() bool { return true }

// Decode yields the document.
func (d *xmlDecoder) Decode(r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		body, err := r.Bytes()
		if err != nil {
			yield(nil, err)
			return
		}
		doc, err := parseXML(bodyText(body, r.Header.Get("Content-Type")))
		if err != nil {
			d.log.Warn("the answer is no XML; it counts as empty", "status", r.Status, "error", err)
			doc = value.NewDict(0)
		}
		yield(doc, nil)
	}
}

// bodyText decodes a body as the reference runtime's HTTP library does: by the charset of the content type, else Latin-1
// for text/*, else by what the bytes look like. What is no text becomes U+FFFD.
func bodyText(body []byte, contentType string) []byte {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
	}
	charset := strings.Trim(params["charset"], `'" `)
	switch {
	case charset != "":
	case strings.Contains(strings.ToLower(kind), "text"):
		charset = "iso-8859-1"
	case strings.Contains(strings.ToLower(kind), "application/json"):
		charset = "utf-8"
	default:
		return guessText(body)
	}
	enc, err := text.Lookup(charset)
	if err != nil {
		enc = text.UTF8
	}
	return enc.Lenient(body)
}

// declared finds the encoding that an XML declaration names.
var declared = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)
})

// guessText takes byte order marks, what the document itself says, and UTF-8 in this order, and Windows' Latin-1 for the rest.
func guessText(body []byte) []byte {
	head := string(body[:min(len(body), 4)])
	switch {
	case strings.HasPrefix(head, "\xef\xbb\xbf"):
		return text.UTF8.Lenient(body[3:])
	case strings.HasPrefix(head, "\xff\xfe"), strings.HasPrefix(head, "\xfe\xff"):
		if enc, err := text.Lookup("utf-16"); err == nil {
			return enc.Lenient(body)
		}
	}
	if m := declared().FindSubmatch(body[:min(len(body), 1024)]); m != nil {
		if enc, err := text.Lookup(string(m[1])); err == nil {
			if out, err := enc.Decode(body); err == nil {
				return out
			}
		}
	}
	if utf8.Valid(body) {
		return body
	}
	if enc, err := text.Lookup("cp1252"); err == nil {
		return enc.Lenient(body)
	}
	return text.UTF8.Lenient(body)
}

// element is an element that is open while the document is read.
type element struct {
	name string
	item *value.Dict // attributes and children; nil: none so far
	text []byte
}

// push puts a child or its text under a name; the second of a name makes a list.
func (e *element) push(name string, v any) {
	if e.item == nil {
		e.item = value.NewDict(4)
	}
	have, ok := e.item.Get(name)
	if !ok {
		e.item.Set(name, v)
		return
	}
	if list, ok := have.(*value.List); ok {
		list.Append(v)
		return
	}
	e.item.Set(name, value.NewList(have, v))
}

// close gives the element's value.
func (e *element) close() any {
	content := strings.TrimFunc(string(e.text), pythonSpace)
	if e.item == nil {
		if content == "" {
			return nil
		}
		return content
	}
	if content != "" {
		e.push("#text", content)
	}
	return e.item
}

// pythonSpace is what Python's str.strip takes away.
func pythonSpace(r rune) bool {
	switch {
	case r >= '\t' && r <= '\r', r >= 0x1C && r <= ' ', r == 0x85, r == 0xA0, r == 0x1680, r >= 0x2000 && r <= 0x200A,
		r == 0x2028, r == 0x2029, r == 0x202F, r == 0x205F, r == 0x3000:
		return true
	}
	return false
}
