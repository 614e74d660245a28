package selector

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// stream cuts an answer while it arrives. What templates know of it has no records.
func (c *cutter) stream(r *rest.Response, l *line) error {
	in := bufio.NewReaderSize(r.Body, 64<<10)
	isList, err := startsList(in)
	if err != nil {
		return brokenStream(err)
	}
	keys := c.keys
	if isList {
		keys = nil
	}
	elements := rawjson.NewStream(in, keys)
	elements.Python, elements.Most = true, rest.MostHeld
	for _, r := range c.readings {
		elements.Others = append(elements.Others, r.keys)
	}
	var s slab
	r.Value, r.Found = emptyValue, rest.Found{Kind: rest.ListThere, Path: c.keys, Bare: isList}
	came := false // an element
	for n := 0; !l.stopped; n++ {
		raw, err := elements.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return brokenStream(err)
		}
		came = true
		v, err := s.element(raw, elements.Seen())
		if err != nil {
			return err
		}
		if isList && n == 0 {
			first := slices.Clone(raw)
			r.Value = func() (any, error) { return value.DecodeRaw(first), nil }
		}
		switch {
		case isList:
			err = c.body(v, l)
		case elements.Kind() != rawjson.Object || value.Truth(v):
			err = l.take(v)
		}
		if err != nil {
			return err
		}
	}
	c.stood(elements, r)
	r.Found.Kind = c.streamedKind(elements.Kind(), isList, came, l.count)
	if !isList {
		envelope := slices.Clone(elements.Envelope())
		r.Value = func() (any, error) {
			if v, ok := rest.ParseJSON(envelope); ok {
				return v, nil
			}
			return value.NewDict(0), nil
		}
	}
	return nil
}

// stood notes by which way to take the path apart an answer was read.
func (c *cutter) stood(s *rawjson.Stream, r *rest.Response) {
	if s.Kind() == rawjson.Missing || r.Found.Bare {
		return
	}
	for _, reading := range c.readings {
		if slices.Equal(reading.keys, s.Path()) {
			r.Found.Path = reading.keys
			c.known.CompareAndSwap(nil, reading)
		}
	}
}

// streamedKind is what stood at the path of an answer that was read to its end; came says that it
// had an element, records counts what was made of it.
func (c *cutter) streamedKind(kind rawjson.Kind, isList, came bool, records int) rest.FoundKind {
	switch {
	case isList && came && records == 0:
		return rest.NoRecords
	case isList:
		return rest.ListThere
	case len(c.keys) == 0 && records > 0:
		return rest.WholeThere
	}
	return foundKind(kind, nil, len(c.keys) == 0)
}

// startsList reports whether the text is a list.
func startsList(in *bufio.Reader) (bool, error) {
	for {
		c, err := in.ReadByte()
		if err != nil {
			return false, err
		}
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '[', in.UnreadByte()
		}
	}
}

// brokenStream is the error of a text that broke off. Unlike one that is held it can not count as
// empty, because records of it were already handed on.
func brokenStream(err error) error {
	if _, ok := errors.AsType[*rest.Fault](err); ok {
		return err
	}
	if errors.Is(err, rawjson.ErrTooLong) {
		return rest.TooMuch("a value")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return tap.Errorf(tap.System, "the answer's JSON ends too early")
	}
	return tap.Errorf(tap.System, "read the answer's JSON: %w", err)
}

// slab holds the text of streamed records and the dicts over it.
type slab struct {
	text  []byte
	dicts []value.Dict
}

// slabText is how many bytes of text a slab holds.
const slabText = 256 << 10

// element makes the value of a streamed element. It copies the text, which the next element
// overwrites.
func (s *slab) element(raw []byte, seen rawjson.Flags) (any, error) {
	if seen&rawjson.BadText != 0 && !utf8.Valid(raw) {
		return nil, tap.Errorf(tap.System, "the answer's JSON is not UTF-8")
	}
	if len(raw) > slabText/4 {
		raw = slices.Clone(raw)
	} else {
		if cap(s.text)-len(s.text) < len(raw) {
			s.text = make([]byte, 0, slabText)
		}
		from := len(s.text)
		s.text = append(s.text, raw...)
		raw = s.text[from:len(s.text):len(s.text)]
	}
	if raw[0] != '{' {
		return value.DecodeRaw(raw), nil
	}
	if len(s.dicts) == 0 {
		s.dicts = make([]value.Dict, 64)
	}
	d := &s.dicts[0]
	s.dicts = s.dicts[1:]
	initDict(d, raw, seen)
	return d, nil
}
