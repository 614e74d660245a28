package value

import "anytap/internal/rawjson"

// TextDict writes an object as text, so that numbers keep their digits. The zero TextDict is empty.
type TextDict struct{ text []byte }

// AddText adds a member by its name, with quotes, and its value, both as JSON. No member may have
// that name already.
func (t *TextDict) AddText(name, v []byte) {
	t.begin()
	t.text = append(append(append(t.text, name...), ':'), v...)
}

// Add adds a member. No member may have that name already.
func (t *TextDict) Add(name string, v any) {
	t.begin()
	t.text = append(rawjson.AppendQuoted(t.text, name), ':')
	t.text = Append(t.text, v)
}

func (t *TextDict) begin() {
	if len(t.text) == 0 {
		t.text = append(t.text, '{')
		return
	}
	t.text = append(t.text, ',')
}

// Into makes d the object. The TextDict is empty again.
func (t *TextDict) Into(d *Dict) {
	if len(t.text) == 0 {
		t.text = append(t.text, '{')
	}
	d.InitLazy(append(t.text, '}'))
	t.text = nil
}

// Dict is the object. The TextDict is empty again.
func (t *TextDict) Dict() *Dict {
	d := new(Dict)
	t.Into(d)
	return d
}
