package decoder

import (
	"errors"
	"fmt"
	"io"

	"anytap/internal/manifest"
	"anytap/internal/rawjson"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/text"
	"anytap/internal/value"
)

// jsonItemsDefinition configures a decoder that reads the elements of one list in a JSON text, each
// as soon as it has arrived.
//
//	type: JsonItemsDecoder
//	items_path: data.users
//	encoding: utf-8
//
// items_path is a prefix of Python's ijson without its last ".item": names joined by dots, with
// "item" for the elements of a list on the way. As in ijson, a name that holds a dot counts as two
// names, and a member named "item" as an element.
type jsonItemsDefinition struct {
	ItemsPath string `manifest:"items_path,required" doc:"The names on the way to the list, joined by dots."`
	Encoding  string `manifest:"encoding,default=utf-8" doc:"The encoding, by Python's name."`
}

func buildJSONItems(c *manifest.Compiler, n *manifest.Node) (rest.Decoder, error) {
	def := jsonItemsDefinition{}
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	p := &jsonItems{target: def.ItemsPath + ".item"}
	if p.encoding, p.broken = text.Lookup(def.Encoding); def.ItemsPath == "" {
		p.broken = errors.New("items_path is empty")
	}
	return &streamed{parser: p, asSent: true}, nil
}

// jsonItems reads the elements of the list at a path.
type jsonItems struct {
	target   string // the path of an element
	encoding text.Encoding
	broken   error // a mistake of the definition that the reference runtime finds only in its first answer
}

func (p *jsonItems) parse(in io.Reader, emit func(any) bool) error {
	if p.broken != nil {
		return tap.Errorf(tap.System, "decode JSON items: %w", p.broken)
	}
	w := &itemWalk{jsonText: jsonText{in: text.NewReader(in, p.encoding), keep: -1, buf: make([]byte, 0, lineBuffer)}, target: p.target, emit: emit}
	err := w.value(false)
	if err == nil {
		err = w.tail()
	}
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// errStop ends a walk whose consumer wants no more values.
var errStop = errors.New("the consumer wants no more")

// itemWalk goes through one JSON text and emits the values whose path is target.
type itemWalk struct {
	jsonText
	target string
	path   []byte
	emit   func(any) bool
	slab   slab
	depth  int
}

// value reads a value. inside says that it is part of a value to emit, where paths do not matter.
func (w *itemWalk) value(inside bool) error {
	c, err := w.token()
	if err != nil {
		return err
	}
	wanted := !inside && string(w.path) == w.target
	if wanted {
		w.keep = w.pos
	}
	if w.depth++; w.depth > rawjson.MaxDepth {
		return fmt.Errorf("containers lie more than %d deep", rawjson.MaxDepth)
	}
	switch c {
	case '{':
		err = w.object(inside || wanted)
	case '[':
		err = w.array(inside || wanted)
	case '"':
		err = w.str()
	default:
		err = w.scalar()
	}
	w.depth--
	if err != nil || !wanted {
		return err
	}
	raw, seen, err := rawjson.Trim(w.buf[w.keep:w.pos], false)
	w.keep = -1
	if err != nil {
		return err
	}
	if !w.emit(w.slab.item(raw, seen)) {
		return errStop
	}
	return nil
}

// item makes the value of a text that is known to be JSON.
func (s *slab) item(raw []byte, seen rawjson.Flags) any {
	raw = s.keep(raw)
	if raw[0] == '{' {
		return s.dict(raw, seen.Clean())
	}
	return value.DecodeRaw(raw)
}

func (w *itemWalk) array(inside bool) error {
	w.pos++
	back := len(w.path)
	if !inside {
		w.enter([]byte("item"))
	}
	for n := 0; ; n++ {
		c, err := w.token()
		if err != nil {
			return err
		}
		if c == ']' && n == 0 {
			break
		}
		if err := w.value(inside); err != nil {
			return err
		}
		if c, err = w.token(); err != nil {
			return err
		}
		if c == ']' {
			break
		}
		if c != ',' {
			return w.unexpected("',' or ']'")
		}
		w.pos++
	}
	w.pos++
	w.path = w.path[:back]
	return nil
}

func (w *itemWalk) object(inside bool) error {
	w.pos++
	for n := 0; ; n++ {
		c, err := w.token()
		if err != nil {
			return err
		}
		if c == '}' && n == 0 {
			break
		}
		back := len(w.path)
		if err := w.name(inside); err != nil {
			return err
		}
		if err := w.value(inside); err != nil {
			return err
		}
		w.path = w.path[:back]
		if c, err = w.token(); err != nil {
			return err
		}
		if c == '}' {
			break
		}
		if c != ',' {
			return w.unexpected("',' or '}'")
		}
		w.pos++
	}
	w.pos++
	return nil
}

// name reads a member's name and the colon behind it.
func (w *itemWalk) name(inside bool) error {
	if c, err := w.token(); err != nil {
		return err
	} else if c != '"' {
		return w.unexpected("a member name")
	}
	if err := w.str(); err != nil {
		return err
	}
	if !inside {
		w.enter(rawjson.AppendUnquoted(nil, w.last))
	}
	c, err := w.token()
	if err == nil && c != ':' {
		err = w.unexpected("':'")
	}
	w.pos++
	return err
}

func (w *itemWalk) enter(name []byte) {
	if len(w.path) > 0 {
		w.path = append(w.path, '.')
	}
	w.path = append(w.path, name...)
}
