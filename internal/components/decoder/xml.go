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
	"anytap/internal/python/pytext"
	"anytap/internal/rest"
	"anytap/internal/text"
	"anytap/internal/value"
)

// xmlDefinition configures a decoder that reads an XML document as nested objects. An attribute is
// a member "@name". An element's text is its member "#text", or the element's value where it has
// nothing else. Repeated elements are a list, an empty element is null. Prefixes and xmlns
// attributes stay as they are. A document that is not well-formed is an empty object, with a
// warning.
//
//	type: XmlDecoder
type xmlDefinition struct{}

func buildXML(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	var def xmlDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	return &xmlDecoder{c.Logger()}, nil
}

// xmlDecoder reads a whole body as one object.
type xmlDecoder struct{ log *slog.Logger }

var _ rest.Decoder = (*xmlDecoder)(nil)

// Abilities are those of a whole document: pagination looks into it.
func (d *xmlDecoder) Abilities() rest.DecoderAbilities {
	return rest.DecoderAbilities{Paginates: true}
}

// Decode yields the document.
func (d *xmlDecoder) Decode(r *rest.Response) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		body, err := r.Bytes()
		if err != nil {
			yield(nil, err)
			return
		}
		if err := rest.CheckXML(body); err != nil {
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

// bodyText converts a body to UTF-8 as the reference runtime's HTTP library does: by the charset of
// the content type, else from Latin-1 for text/*, else by what the bytes look like. Bytes that are
// no text become U+FFFD.
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

// guessText converts a body by its byte order mark, else by the encoding that the document
// declares, else as UTF-8 where it is that, else from Windows-1252.
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

// push adds a child; the second child of a name makes a list.
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

// close returns the element's value.
func (e *element) close() any {
	content := strings.TrimFunc(string(e.text), pytext.IsSpace)
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
