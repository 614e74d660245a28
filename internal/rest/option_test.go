package rest_test

import (
	"testing"

	"anytap/internal/rest"
	"anytap/internal/value"
)

func text(d *value.Dict) string {
	if d == nil {
		return "-"
	}
	return string(value.Append(nil, d))
}

func TestMerge(t *testing.T) {
	t.Parallel()
	dict := func(raw string) *value.Dict {
		v, err := value.DecodeString(raw)
		if err != nil {
			t.Fatal(err)
		}
		return v.(*value.Dict)
	}
	params := func(raw string) *rest.Parts { return &rest.Parts{Params: dict(raw)} }
	json := func(raw string) *rest.Parts { return &rest.Parts{JSON: dict(raw)} }
	cases := map[string]struct {
		all  []*rest.Parts
		want string // params, JSON, text
		err  string
	}{
		"nothing":                     {all: nil, want: "- - "},
		"nil among them":              {all: []*rest.Parts{nil, params(`{"a":1}`), nil, params(`{"b":2}`)}, want: `{"a":1,"b":2} - `},
		"same parameter, same value":  {all: []*rest.Parts{params(`{"a":1}`), params(`{"a":1}`)}, err: `request option collision: two components set "a"`},
		"parameters are not nested":   {all: []*rest.Parts{params(`{"a":{"x":1}}`), params(`{"a":{"y":1}}`)}, err: `request option collision: two components set "a"`},
		"JSON, same value":            {all: []*rest.Parts{json(`{"a":1}`), json(`{"a":1.0}`)}, want: `- {"a":1} `},
		"JSON, nested":                {all: []*rest.Parts{json(`{"a":{"x":1}}`), json(`{"a":{"y":{"z":2}},"b":3}`), json(`{"a":{"y":{"w":4}}}`)}, want: `- {"a":{"x":1,"y":{"z":2,"w":4}},"b":3} `},
		"JSON, other value":           {all: []*rest.Parts{json(`{"a":{"x":1}}`), json(`{"a":{"x":2}}`)}, err: `request option collision: two components set "a.x"`},
		"JSON, object and text":       {all: []*rest.Parts{json(`{"a":"t"}`), json(`{"a":{"x":2}}`)}, err: `request option collision: two components set "a"`},
		"text alone":                  {all: []*rest.Parts{{Text: "raw"}, {Form: value.NewDict(0)}}, want: "- - raw"},
		"two texts":                   {all: []*rest.Parts{{Text: "raw"}, {Text: "raw"}}, err: "request body: two components give the body as text"},
		"text and form":               {all: []*rest.Parts{{Form: dict(`{"a":1}`)}, {Text: "raw"}}, err: "request body: a body given as text can not be joined with form fields"},
		"text and form the other way": {all: []*rest.Parts{{Text: "raw"}, {Form: dict(`{"a":1}`)}}, err: "request body: a body given as text can not be joined with form fields"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := make([]string, len(c.all))
			for i, o := range c.all {
				if o != nil {
					before[i] = text(o.Params) + text(o.JSON)
				}
			}
			got, err := rest.Merge(c.all...)
			switch {
			case c.err != "":
				if err == nil || err.Error() != c.err {
					t.Errorf("got %v, want %q", err, c.err)
				}
			case err != nil:
				t.Error(err)
			default:
				if s := text(got.Params) + " " + text(got.JSON) + " " + got.Text; s != c.want {
					t.Errorf("got %q, want %q", s, c.want)
				}
			}
			for i, o := range c.all {
				if o != nil && before[i] != text(o.Params)+text(o.JSON) {
					t.Errorf("argument %d was changed", i)
				}
			}
		})
	}
}

func TestRequestOption(t *testing.T) {
	t.Parallel()
	o := &rest.Parts{}
	for _, step := range []struct {
		into rest.Place
		name string
	}{{rest.InParameter, "page"}, {rest.InHeader, "X-Page"}, {rest.InForm, "f"}, {rest.InJSON, "j"}, {rest.InJSON, "j"}} {
		if err := rest.FieldOption(step.into, step.name).Inject(o, "v"); err != nil {
			t.Fatal(err)
		}
	}
	if got := text(o.Params) + text(o.Headers) + text(o.Form) + text(o.JSON); got != `{"page":"v"}{"X-Page":"v"}{"f":"v"}{"j":"v"}` {
		t.Errorf("got %s", got)
	}
	if o.Empty() || !(*rest.Parts)(nil).Empty() || !(&rest.Parts{Params: value.NewDict(0)}).Empty() {
		t.Error("Empty is wrong")
	}
	err := rest.CheckOptions(rest.FieldOption(rest.InParameter, "a"), nil, rest.FieldOption(rest.InParameter, "a"))
	if err == nil {
		t.Error("two options at one field are no collision")
	}
	if err := rest.CheckOptions(rest.FieldOption(rest.InParameter, "a"), rest.FieldOption(rest.InHeader, "a")); err != nil {
		t.Error(err)
	}
}
