package config

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"anytap/internal/files"
	"anytap/internal/redact"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// reference matches ${NAME}, ${NAME:-default} and ${file:path}, and those that a further dollar
// sign makes plain text. Whatever else is in braces behind a dollar sign is text.
var reference = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$?\$\{(?:([A-Z_][A-Z0-9_]*)(:-[^}]*)?|file:([^}]*))\}`)
})

// mostOfFile is how many bytes a file may have that a reference names.
const mostOfFile = 1 << 20

// references fills in what the texts of a configuration refer to.
type references struct {
	given    *Given
	types    *typesOf
	name     string // of the file, for messages
	folder   string // where the files lie that it names
	problems []string
	secrets  map[string]string // see Configuration.Secrets
}

// fill returns what is written with all references filled in. Members whose names begin with "__"
// are a platform's, and left alone.
func (x *references) fill(written *value.Dict, name, folder string) *value.Dict {
	x.name, x.folder = name, folder
	d := written.Clone()
	for _, name := range d.Keys() {
		if v, _ := d.Get(name); !strings.HasPrefix(name, "__") {
			if filled, changed := x.in(v, []string{name}); changed {
				d.Set(name, filled)
			}
		}
	}
	return d
}

// in fills in the references of a value. Containers are changed in place.
func (x *references) in(v any, at []string) (filled any, changed bool) {
	switch v := v.(type) {
	case string:
		return x.text(v, at)
	case *value.Dict:
		for _, name := range v.Keys() {
			inner, _ := v.Get(name)
			if filled, ok := x.in(inner, below(at, name)); ok {
				v.Set(name, filled)
				changed = true
			}
		}
	case *value.List:
		for i := range v.Len() {
			if filled, ok := x.in(v.At(i), below(at, strconv.Itoa(i))); ok {
				v.Set(i, filled)
				changed = true
			}
		}
	}
	return v, changed
}

func below(at []string, name string) []string { return append(at[:len(at):len(at)], name) }

// text fills in the references of a text. One that is a single reference is read by the type of its
// setting, where that is no text.
func (x *references) text(text string, at []string) (filled any, changed bool) {
	if !strings.Contains(text, "${") {
		return text, false
	}
	found := reference().FindAllStringSubmatchIndex(text, -1)
	if found == nil {
		return text, false
	}
	var b strings.Builder
	end, given := 0, 0
	for _, m := range found {
		b.WriteString(text[end:m[0]])
		end = m[1]
		whole := text[m[0]:m[1]]
		if strings.HasPrefix(whole, "$$") {
			b.WriteString(whole[1:])
			continue
		}
		v, err := x.lookUp(whole, text, m)
		if err != nil {
			x.problems = append(x.problems, fmt.Sprintf("%s: %s: %v", x.name, placeName(at), err))
		}
		b.WriteString(v)
		given++
	}
	b.WriteString(text[end:])
	if given == 1 && len(found) == 1 && found[0][0] == 0 && end == len(text) {
		return x.types.read(at, b.String(), false), true
	}
	return b.String(), true
}

// lookUp finds what one reference stands for; m are the places of its parts in text.
func (x *references) lookUp(whole, text string, m []int) (string, error) {
	if m[6] >= 0 {
		v, err := x.file(text[m[6]:m[7]])
		if err != nil {
			return "", fmt.Errorf("%w; write $%s if that text is meant", err, whole)
		}
		if !redact.Usual(v) {
			x.secrets[whole] = v
		}
		return v, nil
	}
	name := text[m[2]:m[3]]
	v, ok, err := x.given.lookUp(name)
	switch {
	case err != nil:
		return "", err
	case m[4] >= 0 && v == "":
		v = strings.TrimPrefix(text[m[4]:m[5]], ":-")
	case !ok:
		return "", fmt.Errorf("the variable %s is not set%s; write $%s if that text is meant", name, x.given.whereVariablesAre(), whole)
	}
	if redact.Telling(name) && !redact.Usual(v) {
		x.secrets["${"+name+"}"] = v
	}
	return v, nil
}

// file is the text of a file that a reference names, without the end of its last line.
func (x *references) file(path string) (string, error) {
	if path == "" {
		return "", fmt.Errorf("${file:} names no file")
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(x.folder, path)
	}
	data, err := files.Read(path, mostOfFile)
	if err != nil {
		return "", err
	}
	text := string(withoutMark(data))
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("%s is no text in UTF-8", path)
	}
	return strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"), nil
}

// err tells of all references that could not be filled in.
func (x *references) err() error {
	if len(x.problems) == 0 {
		return nil
	}
	return tap.Errorf(tap.Config, "%s", strings.Join(x.problems, "; "))
}

// Plain returns a value in which no text is a reference: each that would be is made plain text.
func Plain(v any) any {
	switch v := v.(type) {
	case string:
		return reference().ReplaceAllString(v, "$$${0}")
	case *value.Dict:
		d := value.NewDict(v.Len())
		for name, inner := range v.All() {
			d.Set(name, Plain(inner))
		}
		return d
	case *value.List:
		l := value.NewList()
		for _, inner := range v.All() {
			l.Append(Plain(inner))
		}
		return l
	}
	return v
}

// placeName writes a path as users do: streams[0].path.
func placeName(path []string) string {
	var b strings.Builder
	for i, name := range path {
		switch _, err := strconv.Atoi(name); {
		case err == nil && i > 0:
			b.WriteString("[" + name + "]")
		case i > 0:
			b.WriteString("." + name)
		default:
			b.WriteString(name)
		}
	}
	return b.String()
}
