package singer

import (
	"io"
	"log/slog"
	"testing"

	"anytap/internal/frontend"
	"anytap/internal/tap"
	"anytap/internal/tap/taptest"
	"anytap/internal/value"
)

func TestSinkKeepsItsPromises(t *testing.T) {
	taptest.TestSink(t, taptest.SinkCase{
		New: func(out io.Writer, streams ...*tap.Stream) tap.Sink {
			k := newSink(frontend.NewWriter(out), slog.New(slog.DiscardHandler), taptest.Now, newState())
			for _, s := range streams {
				k.add(frontend.Wanted{Configured: frontend.Configured{Schema: value.NewDict(0)}, Stream: s}, keyProperties(s), nil, nil)
			}
			return k
		},
		Read: func(line *value.Dict) taptest.Line {
			l := taptest.Line{Stream: text(line, "stream"), Record: dict(line, "record")}
			if bookmarks := dict(dict(line, "value"), "bookmarks"); bookmarks != nil {
				l.Bookmarks = map[string]*value.Dict{}
				for name := range bookmarks.All() {
					l.Bookmarks[name] = dict(bookmarks, name)
				}
			}
			return l
		},
	})
}
