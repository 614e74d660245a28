// Package file downloads the files that records stand for.
package file

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// Table names the components of this package.
func Table() manifest.Table {
	return manifest.Table{
		"FileUploader": {Build: manifest.As(buildUploader), Definition: func() any { return uploaderDefinition{} }},
	}
}

// FileUploader downloads the file of each record, for destinations that take files.
//
//	file_uploader:
//	  type: FileUploader
//	  requester:
//	    type: HttpRequester
//	    url: "{{ download_target }}"
//	  download_target_extractor:
//	    type: DpathExtractor
//	    field_path: ["content_url"]
//	  filename_extractor: "{{ record.id }}/{{ record.file_name }}"
//
// The target is what the extractor finds in the record itself. Files lie under the directory that the environment variable
// AIRBYTE_STAGING_DIRECTORY names (/staging/files where it is not set), or, where that directory is not there, under
// airbyte-file-transfer in the directory of temporary files: in a folder of the stream's name, by the name that filename_extractor gives,
// or a random one.

type uploaderDefinition struct {
	Requester *manifest.Node `manifest:"requester,required,is=HttpRequester|CustomRequester" doc:"asks for the file; its templates know download_target"`
	Target    *manifest.Node `manifest:"download_target_extractor,required,is=DpathExtractor|CustomRecordExtractor|CombinedExtractor" doc:"finds the file's address in the record"`
	Content   *manifest.Node `manifest:"file_extractor,is=DpathExtractor|CustomRecordExtractor" doc:"not used, as in the reference runtime: the answer is the file"`
	Name      *jinja.String  `manifest:"filename_extractor" doc:"the file's name; a template of the record"`
}

func buildUploader(c *manifest.Compiler, n *manifest.Node) (contract.Uploader, error) {
	var def uploaderDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if err := refuseActions(def.Requester.Get("error_handler")); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	u := &uploader{stream: scope.Stream, name: def.Name, config: c.Config, log: slog.New(slog.DiscardHandler), root: stagingDirectory}
	if rt, ok := manifest.Service[*rest.Runtime](c); ok && rt.Log != nil {
		u.log = rt.Log
	}
	u.vars = c.ConfigEnv()
	if u.name != nil && u.name.Source() == "" {
		u.name = nil
	}
	// A file is what the answer holds, whatever its status; no cache keeps it a second time. Waits are told of by the
	// name that the reference runtime has for it.
	inner := manifest.With(c, contract.Scope{Stream: "File Uploader", AnyStatus: true, NoStore: true})
	var err error
	if u.requester, err = manifest.Build[rest.Requester](inner, def.Requester); err != nil {
		return nil, err
	}
	u.target, err = manifest.Build[rest.Extractor](inner, def.Target)
	return u, err
}

// refuseActions reports actions that only the requests of a stream's pages can carry out.
func refuseActions(handler *manifest.Node) error {
	for _, inner := range handler.Get("error_handlers").Items() {
		if err := refuseActions(inner); err != nil {
			return err
		}
	}
	for _, filter := range handler.Get("response_filters").Items() {
		switch action, _ := filter.Get("action").Text(); rest.Action(action) {
		case rest.ReducePageSize, rest.SplitRequestWindow:
			return filter.Problem("the action %s has no meaning for a file, which has no pages", action)
		}
	}
	return nil
}

type uploader struct {
	stream    string
	requester rest.Requester
	target    rest.Extractor
	name      *jinja.String // nil: a random name
	config    *value.Dict
	vars      *jinja.Env
	log       *slog.Logger
	root      func() string // where files lie
}

var _ contract.Uploader = (*uploader)(nil)

// Upload is contract.Uploader's.
func (u *uploader) Upload(ctx context.Context, record *tap.Record, _ *rest.PageRequest) error {
	target, err := u.find(ctx, record)
	if err != nil {
		return err
	}
	var relative, path string
	name := func() (string, error) {
		if relative, err = u.place(record); err == nil {
			path = filepath.Join(u.root(), relative)
		}
		return path, err
	}
	size, err := u.download(ctx, target, name)
	if err != nil {
		return err
	}
	u.log.Info("file downloaded", "stream", u.stream, "file", relative, "bytes", size)
	record.File = &tap.FileReference{StagingURL: path, SourceRelativePath: relative, Bytes: size}
	return nil
}

// find gives the address of the record's file.
func (u *uploader) find(ctx context.Context, record *tap.Record) (string, error) {
	for v, err := range u.target.Extract(ctx, rest.NewResponse(200, nil, "", value.Append(nil, record.Data))) {
		if err != nil {
			return "", err
		}
		target, ok := v.(string)
		if !ok {
			return "", tap.Errorf(tap.System, "the address of a record's file is a %s, not text", value.TypeName(v))
		}
		return target, nil
	}
	return "", tap.Errorf(tap.System, "a record has no address of a file")
}

// place is where the file lies below the directory of all files. It can not lead out of there.
func (u *uploader) place(record *tap.Record) (string, error) {
	name := randomName()
	if u.name != nil {
		v, err := u.name.Eval(u.vars.Child().Set("record", record.Data))
		if err != nil {
			return "", tap.Errorf(tap.System, "name a record's file: %w", err)
		}
		text, ok := v.(string)
		if !ok {
			return "", tap.Errorf(tap.System, "the name of a record's file is a %s, not text", value.TypeName(v))
		}
		name = strings.TrimLeft(text, "/")
	}
	relative := filepath.Join(u.stream, filepath.FromSlash(name))
	if !filepath.IsLocal(relative) || relative == filepath.Clean(u.stream) {
		return "", tap.Errorf(tap.System, "a record's file can not be stored as %q", name)
	}
	return relative, nil
}

// randomName is a random UUID (RFC 9562, version 4).
func randomName() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0F | 0x40
	b[8] = b[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// maxTries is how often a file that breaks off is asked for again.
const maxTries = 3

// download stores the file and gives its size. The name is made when the answer has come, as in the reference runtime.
func (u *uploader) download(ctx context.Context, target string, name func() (string, error)) (int64, error) {
	name = sync.OnceValues(name)
	for try := 1; ; try++ {
		size, err := u.try(ctx, target, name)
		fault, broke := errors.AsType[*rest.Fault](err)
		switch {
		case err == nil || ctx.Err() != nil || !broke:
			return size, err
		case try == maxTries:
			// The page that the record came with is whole: it need not be asked for again.
			return 0, tap.Errorf(tap.Transient, "download a file: %v", fault)
		}
		u.log.Warn("a file broke off; it is asked for again", "stream", u.stream, "error", err)
	}
}

func (u *uploader) try(ctx context.Context, target string, name func() (string, error)) (int64, error) {
	extra := value.DictOf("download_target", target)
	slice := tap.NewSlice(nil, nil, extra)
	env := u.vars.Child().Set("stream_slice", jinja.NewStreamSlice(slice.Partition, slice.Window, extra)).
		Set("next_page_token", nil).Set("download_target", target)
	r, err := u.requester.Send(ctx, &rest.PageRequest{Slice: slice, Env: env}, "", nil)
	if err != nil {
		return 0, err
	}
	if r == nil {
		return 0, tap.Errorf(tap.System, "download a file: the answer was ignored")
	}
	defer r.Body.Close()
	path, err := name()
	if err != nil {
		return 0, err
	}
	return store(r.Body, path)
}

// store writes a file whole or not at all.
func store(from io.Reader, path string) (size int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return 0, tap.Errorf(tap.System, "store a file: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return 0, tap.Errorf(tap.System, "store a file: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	size, err = io.Copy(f, from)
	if closeErr := f.Close(); err == nil && closeErr != nil {
		err = tap.Errorf(tap.System, "store a file: %w", closeErr)
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err != nil {
		return 0, err
	}
	return size, os.Rename(f.Name(), path)
}

// stagingDirectory is where Airbyte wants files.
func stagingDirectory() string {
	dir := os.Getenv("AIRBYTE_STAGING_DIRECTORY")
	if dir == "" {
		dir = "/staging/files"
	}
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	return filepath.Join(os.TempDir(), "airbyte-file-transfer")
}
