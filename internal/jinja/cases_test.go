package jinja

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"anytap/internal/python/exception"
	"anytap/internal/value"
)

// caseClock is the time at which the reference runtime evaluated the cases.
var caseClock = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// interpolationCase is one line of the cases file.
type interpolationCase struct {
	Template string
	Kind     string
	Context  json.RawMessage
	Source   string
	Repr     *string `json:"result_repr"`
	Error    string  // class of the exception; empty: none
	Unstable bool    // the result contains memory addresses, which differ
	Match    string  // a regular expression for the text of the result, instead of Repr
}

// casesFile returns the path of the file of cases: $INTERPOLATION_CASES or a file beside the
// checkout. It is empty if there is no file.
func casesFile(t *testing.T) string {
	if f := os.Getenv("INTERPOLATION_CASES"); f != "" {
		return f
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		f := filepath.Join(dir, "..", "shared", "parity", "interpolation", "cases.jsonl")
		if _, err := os.Stat(f); err == nil {
			return f
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// maxShown is the largest number of differences to print.
const maxShown = 40

// tally counts the outcomes of one source of cases. wrong are those of the failed cases that gave a
// value instead of an error.
type tally struct{ passed, failed, wrong int }

// TestCases compares evaluations with cases that the reference runtime recorded.
func TestCases(t *testing.T) {
	name := casesFile(t)
	if name == "" {
		t.Skip("no interpolation cases: set INTERPOLATION_CASES")
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sums := map[string]*tally{}
	var failures []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var c interpolationCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		sum := sums[c.Source]
		if sum == nil {
			sum = &tally{}
			sums[c.Source] = sum
		}
		got, err := c.eval(t)
		diff := c.judge(got, err)
		switch {
		case diff == "":
			sum.passed++
			continue
		case err == nil:
			sum.wrong++
		}
		sum.failed++
		failures = append(failures, fmt.Sprintf("%s %s %q\n    %.300s\n    %.300s", c.Source, c.Kind, c.Template, diff, c.Context))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	report(t, sums, failures)
}

// report prints the results. It fails unless all cases from manifests and 99 % of the others pass,
// and no value is silently wrong.
func report(t *testing.T, sums map[string]*tally, failures []string) {
	all := tally{}
	sources := make([]string, 0, len(sums))
	for name, s := range sums {
		sources = append(sources, name)
		all.passed += s.passed
		all.failed += s.failed
		all.wrong += s.wrong
	}
	sort.Strings(sources)
	for _, name := range sources {
		s := sums[name]
		fmt.Printf("%s: %d passed, %d failed, %d of them silently wrong\n", name, s.passed, s.failed, s.wrong)
		floor := 0.99
		if name == "manifest" {
			floor = 1
		}
		if share := float64(s.passed) / float64(s.passed+s.failed); share < floor {
			t.Errorf("%s: %.2f %% passed, want %.0f %%", name, 100*share, 100*floor)
		}
	}
	if all.wrong > 0 {
		t.Errorf("%d values are silently wrong", all.wrong)
	}
	fmt.Printf("%d passed, %d failed\n", all.passed, all.failed)
	for i, f := range failures {
		if i == maxShown {
			break
		}
		t.Log(f)
	}
}

// env makes the variables of a case.
func (c *interpolationCase) env(t *testing.T) (*Env, *value.Dict) {
	t.Helper()
	v, err := value.Decode(c.Context)
	if err != nil {
		t.Fatal(err)
	}
	e := NewEnv(func() time.Time { return caseClock })
	var params *value.Dict
	context := v.(*value.Dict)
	for name, x := range context.All() {
		switch name {
		case "parameters":
			params = x.(*value.Dict)
		case "stream_slice":
			e.Set(name, sliceOf(x.(*value.Dict), context))
		case "stream_slice_extra_fields":
		default:
			e.Set(name, x)
		}
	}
	return e, params
}

// sliceOf makes a stream slice of a dict. The fields start_… and end_… are its cursor part.
func sliceOf(d, context *value.Dict) *StreamSlice {
	partition, cursor := value.NewDict(d.Len()), value.NewDict(2)
	for k, v := range d.All() {
		if strings.HasPrefix(k, "start_") || strings.HasPrefix(k, "end_") {
			cursor.Set(k, v)
		} else {
			partition.Set(k, v)
		}
	}
	extra, _ := context.Get("stream_slice_extra_fields")
	fields, _ := extra.(*value.Dict)
	return NewStreamSlice(partition, cursor, fields)
}

// eval evaluates the template with the class for its kind. It ignores errors of the compiler,
// because the evaluation raises them.
func (c *interpolationCase) eval(t *testing.T) (any, error) {
	e, params := c.env(t)
	switch c.Kind {
	case "string":
		s, _ := CompileString(c.Template, params)
		return s.Eval(e)
	case "boolean":
		b, _ := CompileBool(c.Template, params)
		return b.Eval(e)
	case "mapping":
		m, _ := CompileMapping(value.DictOf("key", c.Template), params)
		d, err := m.Eval(e, "str", "list")
		if err != nil {
			return nil, err
		}
		v, _ := d.Get("key")
		return v, nil
	case "nested":
		n, _ := CompileNested(c.Template, params)
		return n.Eval(e)
	case "raw":
		r, _ := CompileRaw(c.Template, params)
		return r.Eval(e)
	}
	t.Fatalf("unknown kind %q", c.Kind)
	return nil, nil
}

// judge compares an outcome with the recorded one; "" means equal.
func (c *interpolationCase) judge(got any, err error) string {
	switch {
	case err != nil && c.Error != "":
		if !exception.Is(err, c.Error) && c.Error != "AirbyteTracedException" {
			return fmt.Sprintf("raised %v, want %s", err, c.Error)
		}
		return ""
	case err != nil:
		return fmt.Sprintf("raised %v, want %s", err, *c.Repr)
	case c.Error != "":
		return fmt.Sprintf("got %s, want %s", value.Repr(got), c.Error)
	case c.Match != "":
		if !regexp.MustCompile(c.Match).MatchString(value.Str(got)) {
			return fmt.Sprintf("got %s, want a match of %s", value.Repr(got), c.Match)
		}
		return ""
	}
	have, want := value.Repr(got), *c.Repr
	if c.Unstable {
		address := regexp.MustCompile(`0x[0-9a-f]+`)
		have, want = address.ReplaceAllString(have, ""), address.ReplaceAllString(want, "")
	}
	if have != want {
		return fmt.Sprintf("got %s, want %s", have, want)
	}
	return ""
}
