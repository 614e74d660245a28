package selector

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/value"
)

// TestRecordsDoNotWaitForASilentAnswer reads answers that fall silent after some records, and wants
// these before the rest is sent.
func TestRecordsDoNotWaitForASilentAnswer(t *testing.T) {
	for name, c := range map[string]struct{ selector, decoder, before, after string }{
		"json":  {`{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}`, "", `{"data":[{"id":1},{"id":2},`, `{"id":3}]}`},
		"jsonl": {`{type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}`, "{type: JsonlDecoder}", "{\"id\":1}\n{\"id\":2}\n{\"", "id\":3}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			w := world{scope: contract.Scope{Looks: [][]string{}}}
			if c.decoder != "" {
				var err error
				if w.scope.Decoder, err = manifest.Build[rest.Decoder](compiler(value.NewDict(0)), parse(t, c.decoder)); err != nil {
					t.Fatal(err)
				}
			}
			s := w.build(t, c.selector).(*recordSelector)
			s.flushAfter = time.Millisecond
			body, sender := io.Pipe()
			go func() { _, _ = io.WriteString(sender, c.before) }()
			var got []string
			for batch, err := range s.Select(t.Context(), &rest.Response{Status: 200, Body: body}, w.request()) {
				if err != nil {
					t.Fatal(err)
				}
				var ids []string
				for _, r := range batch {
					id, _ := r.Data.Get("id")
					ids = append(ids, fmt.Sprint(id))
				}
				got = append(got, strings.Join(ids, " "))
				if len(batch) == 0 { // only now the rest comes
					go func() {
						_, _ = io.WriteString(sender, c.after)
						_ = sender.Close()
					}()
				}
			}
			if want := []string{"1 2", "", "3"}; !slices.Equal(got, want) {
				t.Errorf("batches %q, want %q: what came first, silence, the rest", got, want)
			}
		})
	}
}

// TestSilentAnswerIsLeftWhenNoMoreIsWanted wants the reading to stop with the consumer.
func TestSilentAnswerIsLeftWhenNoMoreIsWanted(t *testing.T) {
	w := world{scope: contract.Scope{Looks: [][]string{}}}
	s := w.build(t, `{type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}`).(*recordSelector)
	s.flushAfter = time.Millisecond
	body, sender := io.Pipe()
	go func() { _, _ = io.WriteString(sender, `{"data":[{"id":1},`) }()
	batches := 0
	for batch, err := range s.Select(t.Context(), &rest.Response{Status: 200, Body: body}, w.request()) {
		if batches++; err != nil || len(batch) != 1 {
			t.Errorf("batch of %d, %v", len(batch), err)
		}
		_ = sender.Close()
		break
	}
	if batches != 1 {
		t.Errorf("%d batches, want 1", batches)
	}
}
