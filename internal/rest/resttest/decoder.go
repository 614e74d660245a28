package resttest

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// DecoderCase is a decoder with bodies that show what it does.
type DecoderCase struct {
	Decoder rest.Decoder
	// Body is read without an error, as Values: the JSON text of each.
	Body   string
	Values []string
	// Long is a body of many values, of 1 MiB or more, for a decoder that streams them. Empty: it
	// holds a body whole.
	Long string
	// Empty is what an empty body gives.
	Empty Decoded
	// Malformed is a body that is broken or holds invalid text, and Gives what the decoder makes of
	// it.
	Malformed string
	Gives     Decoded
}

// Decoded is what a body gives: the JSON text of each value, and whether an error follows.
type Decoded struct {
	Values []string
	Fails  bool
}

// decoderChecks are what every decoder has to pass, by name.
var decoderChecks = map[string]func(testing.TB, DecoderCase){
	"reads a body, however it arrives":             decoderReads,
	"is shared by several answers":                 decoderIsShared,
	"a broken connection ends it with that error":  decoderBreaks,
	"the consumer stops":                           decoderStops,
	"yields a value long before the body ends":     decoderStreams,
	"reads an empty body":                          decoderReadsNothing,
	"a malformed body gives the values before it":  decoderReadsMalformed,
	"an error of the body is the system's mistake": decoderErrorKind,
}

// Decoder checks what every decoder has to do. It counts goroutines, so no other test may run
// meanwhile.
func Decoder(t *testing.T, c DecoderCase) {
	t.Helper()
	for name, check := range decoderChecks {
		t.Run(name, func(t *testing.T) { check(t, c) })
	}
}

// arriving makes an answer whose body arrives by a reader.
func arriving(body io.Reader) *rest.Response {
	return &rest.Response{Status: 200, Body: io.NopCloser(body), Extracted: -1}
}

// decoded reads an answer to its end. The values are written as JSON only then, so that one which
// did not stay valid shows.
func decoded(t testing.TB, d rest.Decoder, r *rest.Response) (values []string, end error) {
	t.Helper()
	var kept []any
	for v, err := range d.Decode(r) {
		if end != nil {
			t.Errorf("something follows the error %v", end)
		}
		if end = err; err == nil {
			kept = append(kept, v)
		}
	}
	for _, v := range kept {
		values = append(values, string(value.Append(nil, v)))
	}
	return values, end
}

func decoderReads(t testing.TB, c DecoderCase) {
	for how, body := range map[string]io.Reader{
		"at once": strings.NewReader(c.Body), "byte by byte": iotest.OneByteReader(strings.NewReader(c.Body)),
		"with its end": iotest.DataErrReader(strings.NewReader(c.Body)),
	} {
		if values, err := decoded(t, c.Decoder, arriving(body)); err != nil || !slices.Equal(values, c.Values) {
			t.Errorf("%s: got %q and %v, want %q", how, values, err, c.Values)
		}
	}
	if values, err := decoded(t, c.Decoder, rest.NewResponse(200, nil, "", []byte(c.Body))); err != nil || !slices.Equal(values, c.Values) {
		t.Errorf("held: got %q and %v, want %q", values, err, c.Values)
	}
}

func decoderIsShared(t testing.TB, c DecoderCase) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			body := iotest.OneByteReader(strings.NewReader(c.Body))
			if values, err := decoded(t, c.Decoder, arriving(body)); err != nil || !slices.Equal(values, c.Values) {
				t.Errorf("got %q and %v, want %q", values, err, c.Values)
			}
		})
	}
	wg.Wait()
}

// decoderBreaks cuts the body at each byte, by a lost connection and by a cancelled request in
// turn.
func decoderBreaks(t testing.TB, c DecoderCase) {
	for n := range len(c.Body) + 1 {
		broken := error(&rest.Fault{Kind: rest.CutBody, Err: errors.New("reset")})
		if n%2 == 1 {
			broken = context.Canceled
		}
		body := io.MultiReader(strings.NewReader(c.Body[:n]), iotest.ErrReader(broken))
		values, err := decoded(t, c.Decoder, arriving(body))
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: got %v, want %v", n, err, broken)
		}
		if len(values) > len(c.Values) || !slices.Equal(values, c.Values[:len(values)]) {
			t.Errorf("after %d bytes: got %q, want some of %q", n, values, c.Values)
		}
	}
}

func decoderStops(t testing.TB, c DecoderCase) {
	before := runtime.NumGoroutine()
	for n := range c.Values {
		body := &watched{in: strings.NewReader(c.Body)}
		var values []string
		for v, err := range c.Decoder.Decode(arriving(iotest.OneByteReader(body))) {
			if err != nil {
				t.Fatal(err)
			}
			if values = append(values, string(value.Append(nil, v))); len(values) == n+1 {
				body.stopped = true
				break
			}
		}
		if body.late {
			t.Errorf("the body is read after the consumer stopped at value %d", n+1)
		}
		if !slices.Equal(values, c.Values[:n+1]) {
			t.Errorf("got %q, want the first %d of %q", values, n+1, c.Values)
		}
	}
	if now := settled(before); now > before {
		t.Errorf("%d goroutines are left of %d", now, before)
	}
}

// watched counts what is read of a body, and notices a read after the consumer stopped.
type watched struct {
	in            io.Reader
	read          int
	stopped, late bool
}

// Read reads on.
func (w *watched) Read(b []byte) (int, error) {
	w.late = w.late || w.stopped
	n, err := w.in.Read(b)
	w.read += n
	return n, err
}

// decoderStreams wants the first value before much of a long body was read.
func decoderStreams(t testing.TB, c DecoderCase) {
	if c.Long == "" {
		return
	}
	if !c.Decoder.Abilities().Streams {
		t.Error("a decoder that streams says that it does not")
	}
	body := &watched{in: strings.NewReader(c.Long)}
	for _, err := range c.Decoder.Decode(arriving(body)) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if len(c.Long) < 1<<20 || body.read > len(c.Long)/2 {
		t.Errorf("the first value comes after %d bytes of %d", body.read, len(c.Long))
	}
}

func decoderReadsNothing(t testing.TB, c DecoderCase) {
	values, err := decoded(t, c.Decoder, arriving(strings.NewReader("")))
	if !slices.Equal(values, c.Empty.Values) || (err != nil) != c.Empty.Fails {
		t.Errorf("got %q and %v, want %+v", values, err, c.Empty)
	}
}

func decoderReadsMalformed(t testing.TB, c DecoderCase) {
	values, err := decoded(t, c.Decoder, arriving(strings.NewReader(c.Malformed)))
	if !slices.Equal(values, c.Gives.Values) || (err != nil) != c.Gives.Fails {
		t.Errorf("got %q and %v, want %+v", values, err, c.Gives)
	}
}

func decoderErrorKind(t testing.TB, c DecoderCase) {
	for _, body := range []string{"", c.Malformed} {
		if _, err := decoded(t, c.Decoder, arriving(strings.NewReader(body))); err != nil && tap.KindOf(err) != tap.System {
			t.Errorf("%v is of kind %s", err, tap.KindOf(err))
		}
	}
}
