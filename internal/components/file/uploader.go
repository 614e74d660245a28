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

// uploaderDefinition configures the download of the file of each record, for destinations that take
// files.
//
//	type: FileUploader
//	requester:
//	  type: HttpRequester
//	  url: "{{ download_target }}"
//	download_target_extractor:
//	  type: DpathExtractor
//	  field_path: ["content_url"]
//	filename_extractor: "{{ record.id }}/{{ record.file_name }}"
//
// The extractor finds download_target in the record itself. A file is stored in a folder of the
// stream's name, by the name of filename_extractor or a random one. The folder is in the directory
// that the environment variable AIRBYTE_STAGING_DIRECTORY names, or in /staging/files where it is
// not set. If that directory does not exist, the folder is in airbyte-file-transfer in the
// directory of temporary files.
type uploaderDefinition struct {
	Requester *manifest.Node `manifest:"requester,required,is=HttpRequester|CustomRequester" doc:"The request for the file. Its templates know download_target."`
	Target    *manifest.Node `manifest:"download_target_extractor,required,is=DpathExtractor|CustomRecordExtractor|CombinedExtractor" doc:"Finds the address of the file in the record."`
	Content   *manifest.Node `manifest:"file_extractor,is=DpathExtractor|CustomRecordExtractor" doc:"Not used, as in the reference runtime: the body of the answer is the file."`
	Name      *jinja.String  `manifest:"filename_extractor" doc:"The name of the file, as a template of the record."`
}

func buildUploader(c *manifest.Compiler, n *manifest.Node) (contract.Uploader, error) {
	var def uploaderDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	scope, _ := manifest.Scoped[contract.Scope](c)
	u := &uploader{stream: scope.Stream, name: def.Name, config: c.Config, log: c.Logger(), root: stagingDirectory}
	u.vars = c.ConfigEnv()
	if u.name != nil && u.name.Source() == "" {
		u.name = nil
	}
	// The file is the body of the answer, whatever its status, and no cache keeps a copy. The
	// stream's name, for messages about waits, is that of the reference runtime.
	inner := manifest.With(c, contract.Scope{Stream: "File Uploader", AnyStatus: true, NoStore: true, NoPages: "a file"})
	var err error
	if u.requester, err = manifest.Build[rest.Requester](inner, def.Requester); err != nil {
		return nil, err
	}
	u.target, err = manifest.Build[rest.Extractor](inner, def.Target)
	return u, err
}

// uploader downloads the files of a stream's records.
type uploader struct {
	stream    string
	requester rest.Requester
	target    rest.Extractor
	name      *jinja.String // nil: a random name
	config    *value.Dict
	vars      *jinja.Env
	log       *slog.Logger
	root      func() string // the directory of all files
}

var _ contract.Uploader = (*uploader)(nil)

// Upload downloads the record's file and sets record.File.
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

// find is the address of the record's file.
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

// place is the path of the record's file below the directory of all files. It is never outside of
// that directory.
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

// maxTries is how often a download is tried that breaks off.
const maxTries = 3

// download stores the file and returns its size. name is called after the answer has arrived, as in
// the reference runtime.
func (u *uploader) download(ctx context.Context, target string, name func() (string, error)) (int64, error) {
	name = sync.OnceValues(name)
	for try := 1; ; try++ {
		size, err := u.try(ctx, target, name)
		fault, broke := errors.AsType[*rest.Fault](err)
		switch {
		case err == nil || ctx.Err() != nil || !broke:
			return size, err
		case try == maxTries:
			// No Fault: the page that the record came with is whole and need not be asked for
			// again.
			return 0, tap.Errorf(tap.Transient, "download a file: %v", fault)
		}
		u.log.Warn("a file broke off; it is asked for again", "stream", u.stream, "error", err)
	}
}

// try asks for the file once.
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

// store writes a whole file, or none.
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

// stagingDirectory is the directory where Airbyte expects files.
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
