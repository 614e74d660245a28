package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anytap/internal/files"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// written writes files into a folder.
func written(t *testing.T, texts map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range texts {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	return folder
}

// spec knows a few settings.
func spec() (*tap.Spec, error) {
	schema, err := value.DecodeString(`{"properties": {
		"limit": {"type": "integer"}, "key": {"type": "string"}, "on": {"type": ["null", "boolean"]}, "ids": {"type": "array", "items": {"type": "number"}},
		"auth": {"oneOf": [{"properties": {"type": {"const": "a"}, "n": {"type": "integer"}}}, {"properties": {"type": {"const": "b"}, "map": {"additionalProperties": {"type": "boolean"}}}}]}}}`)
	if err != nil {
		return nil, err
	}
	return &tap.Spec{Connection: schema.(*value.Dict)}, nil
}

func TestReferences(t *testing.T) {
	t.Parallel()
	environment := map[string]string{"KEY": "k", "EMPTY": "", "NUMBER": "12", "LIST": "[1, 2]", "NESTED": "${KEY}", "API_TOKEN": "t0k3n-of-API", "TRUE": "true"}
	folder := written(t, map[string]string{
		".env": "# mine\nFROM_FILE='of the file'\nKEY=not this one\nexport EXPORTED=\"two\\nlines\"\n", "secret": "p4ss w0rd\n", "windows": "\ufeffa\r\n", "two": "a\n\n", "binary": "\xff\n",
	})
	for name, test := range map[string]struct{ text, want, err string }{
		"a variable":                    {`{"key": "${KEY}"}`, `{"key":"k"}`, ""},
		"within a text":                 {`{"key": "a ${KEY} b ${KEY}"}`, `{"key":"a k b k"}`, ""},
		"deep inside":                   {`{"auth": [{"x": ["${KEY}", 1.10]}]}`, `{"auth":[{"x":["k",1.10]}]}`, ""},
		"an empty variable":             {`{"key": "${EMPTY}"}`, `{"key":""}`, ""},
		"a variable of the file":        {`{"key": "${FROM_FILE}, ${EXPORTED}"}`, `{"key":"of the file, two\nlines"}`, ""},
		"a default":                     {`{"key": "${NONE:-d e} ${EMPTY:-f} ${KEY:-g} ${NONE:-}"}`, `{"key":"d e f k "}`, ""},
		"what a variable holds is text": {`{"key": "${NESTED}"}`, `{"key":"${KEY}"}`, ""},
		"a file":                        {`{"key": "${file:secret}"}`, `{"key":"p4ss w0rd"}`, ""},
		"a file by its whole path":      {`{"key": "${file:` + filepath.ToSlash(folder) + `/secret}"}`, `{"key":"p4ss w0rd"}`, ""},
		"a file of Windows":             {`{"key": "${file:windows}"}`, `{"key":"a"}`, ""},
		"a file that ends empty":        {`{"key": "${file:two}"}`, `{"key":"a\n"}`, ""},
		"plain text":                    {`{"key": "$${KEY} $${file:x} $${lower} $$ ${lower} ${} ${1} ${KEY"}`, `{"key":"${KEY} ${file:x} $${lower} $$ ${lower} ${} ${1} ${KEY"}`, ""},
		"dollars before plain text":     {`{"key": "$$${KEY}"}`, `{"key":"$${KEY}"}`, ""},
		"a name is no reference":        {`{"${KEY}": 1}`, `{"${KEY}":1}`, ""},
		"what a platform adds":          {`{"__injected": {"a": "${NONE}"}}`, `{"__injected":{"a":"${NONE}"}}`, ""},
		"a number":                      {`{"limit": "${NUMBER}"}`, `{"limit":12}`, ""},
		"a number of a text setting":    {`{"key": "${NUMBER}"}`, `{"key":"12"}`, ""},
		"a number of an unknown one":    {`{"other": "${NUMBER}"}`, `{"other":"12"}`, ""},
		"a number within a text":        {`{"limit": "1${NUMBER}"}`, `{"limit":"112"}`, ""},
		"true or false":                 {`{"on": "${TRUE}"}`, `{"on":true}`, ""},
		"a list":                        {`{"ids": "${LIST}"}`, `{"ids":[1,2]}`, ""},
		"an element of a list":          {`{"ids": ["${NUMBER}"]}`, `{"ids":[12]}`, ""},
		"one of several types":          {`{"auth": {"n": "${NUMBER}", "map": {"x": "${TRUE}"}, "y": "${TRUE}"}}`, `{"auth":{"n":12,"map":{"x":true},"y":"true"}}`, ""},
		"no number":                     {`{"limit": "${KEY}"}`, `{"limit":"k"}`, ""},
		"a variable that is not set":    {`{"auth": {"b": [1, "x ${NONE}"]}}`, "", `c.json: auth.b[1]: the variable NONE is not set, neither in the environment nor in ` + filepath.Join(folder, ".env") + `; write $${NONE} if that text is meant`},
		"two that are not set":          {`{"a": "${NONE}", "b": "${NONE2}"}`, "", "b: the variable NONE2 is not set"},
		"a file that is missing":        {`{"key": "${file:none}"}`, "", "no such file"},
		"a file without a name":         {`{"key": "${file:}"}`, "", "${file:} names no file"},
		"a folder":                      {`{"key": "${file:.}"}`, "", "is a folder, expected a file"},
		"a file that is no text":        {`{"key": "${file:binary}"}`, "", "is no text in UTF-8; write $${file:binary} if"},
	} {
		path := filepath.Join(folder, "c.json")
		must(t, os.WriteFile(path, []byte(test.text), 0o600))
		c, err := (&Given{Files: []string{path}, Lookup: lookup(environment)}).Read(spec)
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) || tap.KindOf(err) != tap.Config {
				t.Errorf("%s: error is %v, want %q", name, err, test.err)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		default:
			if got := string(value.Append(nil, c.Values)); got != test.want {
				t.Errorf("%s: got %s, want %s", name, got, test.want)
			}
		}
	}
}

func lookup(environment map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := environment[name]; return v, ok }
}

// TestSecretsOfReferences hides what files give, and variables whose names say that they are
// secret.
func TestSecretsOfReferences(t *testing.T) {
	t.Parallel()
	folder := written(t, map[string]string{"key": "0123456789abcdef\n", "c.yaml": "a: ${file:key}\nb: https://h/${API_KEY}/${REGION}\nc: ${DB_PASSWORD:-production}\n"})
	c, err := (&Given{Files: []string{filepath.Join(folder, "c.yaml")}, Lookup: lookup(map[string]string{"API_KEY": "k3y-of-API", "REGION": "europe"})}).Read(spec)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"${file:key}": "0123456789abcdef", "${API_KEY}": "k3y-of-API"}
	if len(c.Secrets) != len(want) {
		t.Errorf("got %q", c.Secrets)
	}
	for name, secret := range want {
		if c.Secrets[name] != secret {
			t.Errorf("%s is %q", name, c.Secrets[name])
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	const file = `{"key": "old", "auth": {"type": "a", "n": 1}, "streams": [{"name": "x"}, {"name": "y"}]}`
	for name, test := range map[string]struct {
		set       []string
		want, err string
	}{
		"a text":                      {[]string{"key=new"}, `"key":"new"`, ""},
		"a text with signs":           {[]string{"key=a=b c"}, `"key":"a=b c"`, ""},
		"a number":                    {[]string{"limit=5"}, `"limit":5`, ""},
		"digits of a text setting":    {[]string{"key=12"}, `"key":"12"`, ""},
		"quoted digits":               {[]string{`key="12"`}, `"key":"12"`, ""},
		"an unknown setting":          {[]string{"other=12"}, `"other":12`, ""},
		"an unknown text":             {[]string{"other=ab"}, `"other":"ab"`, ""},
		"null":                        {[]string{"key=null"}, `"key":null`, ""},
		"an empty text":               {[]string{"key="}, `"key":""`, ""},
		"a list":                      {[]string{"ids=[1, 2]"}, `"ids":[1,2]`, ""},
		"a member":                    {[]string{"auth.n=2"}, `"auth":{"type":"a","n":2}`, ""},
		"a new member":                {[]string{"new.er.est=1"}, `"new":{"er":{"est":1}}`, ""},
		"an element":                  {[]string{"streams.1.name=z"}, `"streams":[{"name":"x"},{"name":"z"}]`, ""},
		"the later one counts":        {[]string{"limit=1", "limit=2"}, `"limit":2`, ""},
		"a reference":                 {[]string{"key=a ${KEY}"}, `"key":"a k"`, ""},
		"a reference to a number":     {[]string{"limit=${NUMBER}"}, `"limit":12`, ""},
		"no value":                    {[]string{"key"}, "", `--set: expected name=value, for example --set limit=100`},
		"no name":                     {[]string{"=1"}, "", "expected name=value"},
		"half a path":                 {[]string{"auth.=1"}, "", "--set auth.: expected name=value"},
		"an index that is too large":  {[]string{"streams.2.name=1"}, "", "--set streams.2.name: 2 is no index of a list of 2 elements"},
		"a name in a list":            {[]string{"streams.name=1"}, "", "name is no index of a list"},
		"a member of a text":          {[]string{"key.x=1"}, "", "--set key.x: x is to be set in what is no object but a text"},
		"a variable that is not set":  {[]string{"key=${NONE}"}, "", "--set: key: the variable NONE is not set"},
		"a secret is no part of this": {[]string{"key s3cr3t"}, "", "--set: expected name=value"},
	} {
		path := filepath.Join(written(t, map[string]string{"c.json": file}), "c.json")
		c, err := (&Given{Files: []string{path}, Set: test.set, Lookup: lookup(map[string]string{"KEY": "k", "NUMBER": "12"})}).Read(spec)
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) || tap.KindOf(err) != tap.Config || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("%s: error is %v, want %q", name, err, test.err)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		default:
			if got := string(value.Append(nil, c.Values)); !strings.Contains(got, test.want) {
				t.Errorf("%s: got %s, want %s", name, got, test.want)
			}
		}
	}
}

func TestSettingsWithoutAFile(t *testing.T) {
	t.Parallel()
	g := &Given{Files: []string{Environment}, Set: []string{"auth.n=3"}, Lookup: lookup(map[string]string{"ANYTAP_LIMIT": "7", "ANYTAP_KEY": "${X}"})}
	c, err := g.Read(spec)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(value.Append(nil, c.Values)), `{"limit":7,"key":"${X}","auth":{"n":3}}`; got != want || c.Name != "the environment, --set" {
		t.Errorf("%s: got %s, want %s", c.Name, got, want)
	}
	if empty := (&Given{}); !empty.Empty() || g.Empty() {
		t.Error("what is empty is not told")
	}
}

func TestFilesOfVariables(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		files map[string]string
		named string
		key   string
		err   string
	}{
		"one beside the file":    {map[string]string{".env": "KEY=beside"}, "", "beside", ""},
		"one that is named":      {map[string]string{".env": "KEY=beside", "other": "KEY=named"}, "other", "named", ""},
		"one that is missing":    {nil, "other", "", "read the variables: "},
		"none":                   {nil, "", "", "the variable KEY is not set in the environment, and there is no "},
		"a line that is no line": {map[string]string{".env": "A=1\nB=\"x\ny\"\n\nKEY s3cr3t\nC=1\n"}, "", "", ".env:5: expected a line of the form NAME=value"},
		"a quote without end":    {map[string]string{".env": "A=1\nKEY=\"s3cr3t\n"}, "", "", ".env:2: expected"},
	} {
		files := map[string]string{"c.yaml": "key: ${KEY}\n"}
		for name, text := range test.files {
			files[name] = text
		}
		folder := written(t, files)
		g := &Given{Files: []string{filepath.Join(folder, "c.yaml")}}
		if test.named != "" {
			g.EnvFile = filepath.Join(folder, test.named)
		}
		c, err := g.Read(spec)
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("%s: error is %v, want %q", name, err, test.err)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		default:
			if v, _ := c.Values.Get("key"); v != test.key {
				t.Errorf("%s: key is %v", name, v)
			}
		}
	}
	folder := written(t, map[string]string{"c.yaml": "key: ${KEY:-none}\n"})
	must(t, os.Mkdir(filepath.Join(folder, ".env"), 0o700)) // an environment of Python
	if _, err := (&Given{Files: []string{filepath.Join(folder, "c.yaml")}}).Read(spec); err != nil {
		t.Errorf("a folder called .env: %v", err)
	}
}

// TestStoreKeepsReferences stores tokens in files whose other settings are references.
func TestStoreKeepsReferences(t *testing.T) {
	t.Parallel()
	environment := map[string]string{"ID": "client", "TOKEN": "old"}
	for name, test := range map[string]struct{ file, text, want string }{
		"JSON": {"c.json", `{"auth": {"id": "${ID}", "token": "${TOKEN}", "n": "${N:-5}"}, "url": "https://${ID}", "price": "$${ID}"}`,
			`{"auth":{"id":"${ID}","token":"new ${A} $${B}","n":"${N:-5}"},"url":"https://${ID}","price":"$${ID}","access":"a"}` + "\n"},
		"YAML": {"c.yaml", "# mine\nauth: {id: \"${ID}\", token: \"${TOKEN}\"}\nurl: https://${ID} # here\n",
			"# mine\nauth: {id: '${ID}', token: 'new ${A} $${B}'}\nurl: https://${ID} # here\naccess: a\n"},
	} {
		path := filepath.Join(written(t, map[string]string{test.file: test.text}), test.file)
		c, err := (&Given{Files: []string{path}, Lookup: lookup(environment)}).Read(spec)
		if err != nil {
			t.Fatal(err)
		}
		free, err := c.Reserve([]string{"auth", "access"})
		must(t, err)
		auth := value.Member[*value.Dict](c.Values, "auth").Clone()
		auth.Set("token", "new ${A} ${B}")
		changed := c.Values.Clone()
		changed.Set("auth", auth)
		changed.Set("access", "a")
		want := strings.ReplaceAll(test.want, "new ${A} $${B}", "new $${A} $${B}")
		must(t, c.Store(changed))
		free()
		if got := mustRead(t, path); got != want {
			t.Errorf("%s: got %q\nwant %q", name, got, want)
		}
		again, err := (&Given{Files: []string{path}, Lookup: lookup(environment)}).Read(spec)
		if err != nil {
			t.Fatal(err)
		}
		if token, _ := value.At(again.Values, "auth", "token"); token != "new ${A} ${B}" {
			t.Errorf("%s: it came back as %v", name, token)
		}
	}
}

// TestStoreLeavesOthersAlone: a setting of the command line does not get into a file, and neither
// does one of another file.
func TestStoreLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	folder := written(t, map[string]string{"a.json": `{"token":"old","x":1}`, "b.json": `{"x":2}`})
	a, b := filepath.Join(folder, "a.json"), filepath.Join(folder, "b.json")
	c, err := (&Given{Files: []string{a, b}, Set: []string{"y.z=3"}}).Read(spec)
	if err != nil {
		t.Fatal(err)
	}
	changed := c.Values.Clone()
	changed.Set("token", "new")
	written := c.AsWritten(changed)
	must(t, c.Store(changed))
	if got := mustRead(t, a) + mustRead(t, b); got != "{\"token\":\"new\",\"x\":1}\n{\"x\":2}" {
		t.Errorf("got %s", got)
	}
	if got := string(value.Append(nil, written)); got != `{"token":"new","x":2,"y":{"z":3}}` {
		t.Errorf("as written: %s", got)
	}
}

// TestWhatCanNotBeStored is an error before the token is used.
func TestWhatCanNotBeStored(t *testing.T) {
	t.Parallel()
	folder := written(t, map[string]string{"a.json": `{"token":"old"}`})
	file := filepath.Join(folder, "a.json")
	piped := configured(files.Stdin, "token", "old")
	piped.parts[0].once = true
	if _, err := (&Given{Files: []string{file}, Set: []string{"token.x=1"}}).Read(spec); err == nil {
		t.Error("a member of a text was set")
	}
	set, err := (&Given{Files: []string{file}, Set: []string{"token=x"}}).Read(spec)
	if err != nil {
		t.Fatal(err)
	}
	environment, err := (&Given{Files: []string{file, Environment}, Lookup: lookup(map[string]string{"ANYTAP_KEY": "x"})}).Read(spec)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		c       *Configuration
		setting string
		err     string
	}{
		"stdin":        {piped, "token", "the setting token changes when the API is asked for a token, and stdin, which it came from, can not be written: give a file with --config"},
		"command line": {set, "token", "--set token stands above all files"},
		"a variable":   {environment, "key", "the variable ANYTAP_KEY stands above all files"},
	} {
		if _, err := test.c.Reserve([]string{test.setting}); err == nil || !strings.Contains(err.Error(), test.err) || tap.KindOf(err) != tap.Config {
			t.Errorf("%s: got %v, want %q", name, err, test.err)
		}
		changed := test.c.Values.Clone()
		changed.Set(test.setting, "new")
		if err := test.c.Store(changed); err != nil {
			t.Errorf("%s: what needs not be kept is %v", name, err)
		}
	}
	if got := mustRead(t, file); got != `{"token":"old"}` {
		t.Errorf("the file holds %s", got)
	}
}

// FuzzReferences: what is made plain text comes back as it was, and no text is a crash.
func FuzzReferences(f *testing.F) {
	for _, text := range []string{"${A}", "$${A}", "$$${A:-x}", "${file:x}", "a${A}$${file:}b", "${A:-${B}}", "$"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x := &references{given: &Given{Lookup: lookup(nil)}, types: &typesOf{spec: spec}, secrets: map[string]string{}, folder: t.TempDir()}
		if got, _ := x.in(Plain(text), []string{"key"}); got != text || len(x.problems) > 0 {
			t.Errorf("%q became %q, %q", text, got, x.problems)
		}
		x.in(text, []string{"key"})
	})
}
