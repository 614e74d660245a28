package value

import "testing"

func TestEmptyDecodesNothing(t *testing.T) {
	for text, want := range map[string]bool{
		"{}": true, " { \n} ": true, `{"a":1}`: false, "{ \t\"a\":{}}": false, "[]": true, "[ ]": true, "[[]]": false, "[{}]": false, " [ 0]": false,
	} {
		v, err := Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := !Truth(v); got != want {
			t.Errorf("%s is empty: %v, want %v", text, got, want)
		}
		if d, ok := v.(*Dict); ok && d.opened() {
			t.Errorf("%s was opened", text)
		}
	}
	d := LazyDict([]byte("{}"))
	d.Set("a", int64(1))
	if d.Empty() {
		t.Error("a dict with a member that was set is empty")
	}
	d.Delete("a")
	if !d.Empty() {
		t.Error("a dict whose only member was deleted is not empty")
	}
	l := LazyList([]byte("[]"))
	l.Append("x")
	if l.Empty() {
		t.Error("a list that was added to is empty")
	}
}
