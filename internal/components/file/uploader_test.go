package file

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"anytap/internal/components/contract"
	"anytap/internal/components/errorhandler"
	"anytap/internal/components/requester"
	"anytap/internal/components/selector"
	"anytap/internal/manifest"
	"anytap/internal/manifest/manifesttest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// answers is a requester that answers by address.
type answers map[string]func() (*rest.Response, error)

func (answers) Abilities() rest.RequesterAbilities { return rest.RequesterAbilities{} }

func (a answers) Send(_ context.Context, p *rest.PageRequest, _ string, _ *rest.Parts) (*rest.Response, error) {
	target, _ := p.Env.Get("download_target")
	extra, _ := p.Slice.Extra.Get("download_target")
	if target != extra {
		return nil, errors.New("the target is not known")
	}
	return a[target.(string)]()
}

// build makes an uploader that asks a; nil: an HttpRequester.
func build(t *testing.T, text string, a answers) (*uploader, error) {
	t.Helper()
	root := manifesttest.Resolve(t, "test.yaml", text)
	table := Table()
	for _, kind := range []manifest.Table{selector.Table(), requester.Table(), errorhandler.Table()} {
		maps.Copy(table, kind)
	}
	if a != nil {
		table["HttpRequester"] = manifest.Entry{Build: manifest.As(func(*manifest.Compiler, *manifest.Node) (rest.Requester, error) { return a, nil })}
	}
	c := manifest.With(manifest.NewCompiler(table, value.NewDict(0)), contract.Scope{Stream: "s"})
	c.Log = slog.New(slog.DiscardHandler)
	u, err := manifest.Build[contract.Uploader](c, root)
	if err != nil {
		return nil, err
	}
	up := u.(*uploader)
	dir := t.TempDir()
	up.root = func() string { return dir }
	return up, nil
}

func TestUpload(t *testing.T) {
	broken := 0
	a := answers{
		"good": func() (*rest.Response, error) { return rest.NewResponse(200, nil, "", []byte("content")), nil },
		"none": func() (*rest.Response, error) { return nil, nil },
		"bad":  func() (*rest.Response, error) { return nil, tap.Errorf(tap.Config, "no access") },
		"cut": func() (*rest.Response, error) {
			if broken++; broken%3 == 0 {
				return rest.NewResponse(200, nil, "", []byte("whole")), nil
			}
			return &rest.Response{Body: io.NopCloser(io.MultiReader(strings.NewReader("who"), iotest.ErrReader(&rest.Fault{Kind: rest.CutBody, Err: errors.New("reset")})))}, nil
		},
		"never": func() (*rest.Response, error) {
			return &rest.Response{Body: io.NopCloser(iotest.ErrReader(&rest.Fault{Kind: rest.CutBody, Err: errors.New("reset")}))}, nil
		},
	}
	const plain = "{type: FileUploader, requester: {type: HttpRequester}, download_target_extractor: {type: DpathExtractor, field_path: [at]}, filename_extractor: \"{{ record.name }}\"}"
	for name, c := range map[string]struct {
		record  string
		file    string // under the stream's folder
		content string
		kind    tap.Kind // of the error; empty: none
	}{
		"good":         {`{"at":"good","name":"/a/b.txt"}`, "a/b.txt", "content", ""},
		"folder":       {`{"at":"good","name":"a/b/"}`, "a/b", "content", ""},
		"breaks off":   {`{"at":"cut","name":"c"}`, "c", "whole", ""},
		"out of place": {`{"at":"good","name":"../../x"}`, "", "", tap.System},
		"no name":      {`{"at":"good","name":""}`, "", "", tap.System},
		"no address":   {`{"name":"x"}`, "", "", tap.System},
		"not text":     {`{"at":5,"name":"x"}`, "", "", tap.System},
		"ignored":      {`{"at":"none","name":"x"}`, "", "", tap.System},
		"refused":      {`{"at":"bad","name":"x"}`, "", "", tap.Config},
		"never whole":  {`{"at":"never","name":"x"}`, "", "", tap.Transient},
	} {
		u, err := build(t, plain, a)
		if err != nil {
			t.Fatal(err)
		}
		r := tap.Record{Data: value.LazyDict([]byte(c.record))}
		err = u.Upload(context.Background(), &r, nil)
		if c.kind != "" {
			if err == nil || tap.KindOf(err) != c.kind || r.File != nil {
				t.Errorf("%s: %v of kind %s, file %v", name, err, tap.KindOf(err), r.File)
			}
			if _, still := errors.AsType[*rest.Fault](err); still {
				t.Errorf("%s: the page would be asked for again", name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := os.ReadFile(r.File.StagingURL)
		if string(got) != c.content || r.File.Bytes != int64(len(c.content)) || r.File.SourceRelativePath != filepath.Join("s", c.file) || err != nil {
			t.Errorf("%s: %q, %+v, %v", name, got, r.File, err)
		}
	}
}

func TestRandomName(t *testing.T) {
	u, err := build(t, "{type: FileUploader, requester: {type: HttpRequester}, download_target_extractor: {type: DpathExtractor, field_path: [at]}}", nil)
	if err != nil {
		t.Fatal(err)
	}
	if empty, err := build(t, "{type: FileUploader, requester: {type: HttpRequester}, download_target_extractor: {type: DpathExtractor, field_path: [at]}, filename_extractor: ''}", nil); err != nil || empty.name != nil {
		t.Errorf("an empty filename_extractor is none: %v", err)
	}
	one, _ := u.place(&tap.Record{})
	two, _ := u.place(&tap.Record{})
	if one == two || len(one) != len("s/")+36 {
		t.Errorf("%s, %s", one, two)
	}
}

func TestRefuses(t *testing.T) {
	const text = "{type: FileUploader, requester: {type: HttpRequester, error_handler: {type: CompositeErrorHandler, error_handlers: [{type: DefaultErrorHandler, response_filters: [{type: HttpResponseFilter, action: REDUCE_PAGE_SIZE}]}]}}, download_target_extractor: {type: DpathExtractor, field_path: [at]}}"
	if _, err := build(t, text, nil); err == nil {
		t.Error("an action of pages: no error")
	}
}
