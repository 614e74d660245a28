package registry

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"anytap/internal/rest/exchange"
)

// The most bytes of what a registry gives.
const (
	mostOfList       = 64 << 20
	mostOfManifest   = 16 << 20
	mostOfArchive    = 16 << 20
	mostOfComponents = 16 << 20 // unpacked
)

// longestAnswer is how long an answer may take in all.
const longestAnswer = 5 * time.Minute

// waits are those before each try.
var waits = []time.Duration{0, time.Second, 3 * time.Second}

// errAbsent means that the server has no such file.
var errAbsent = errors.New("there is no such file (404)")

// errUnchanged means that the file is still the one that was fetched before.
var errUnchanged = errors.New("unchanged (304)")

// errRedirect is the kind of errors that say why a redirect is not followed.
var errRedirect = errors.New("a redirect is not followed")

// passing wraps errors that may be gone at the next try.
type passing struct{ error }

func (p passing) Unwrap() error { return p.error }

// content is what a connector consists of.
type content struct {
	manifest   []byte
	components []byte // Python code; nil: it has none
}

func (c content) sums() (manifest, components string) {
	if c.components != nil {
		components = sum(c.components)
	}
	return sum(c.manifest), components
}

// fetch asks for a connector's files. version is not empty, other than for an address.
func (r *Registry) fetch(ctx context.Context, ref Reference, version string) (c content, err error) {
	folder := r.Base + "/metadata/airbyte/" + ref.Name + "/" + version
	address := ref.address
	if address == "" {
		address = folder + "/manifest.yaml"
	}
	if c.manifest, err = r.file(ctx, address, mostOfManifest); err != nil {
		return c, err
	}
	if err := r.Valid(title(ref.Name, version), c.manifest); err != nil {
		return c, fmt.Errorf("what %s gives is no manifest: %w", withoutQuery(address), err)
	}
	if ref.address != "" {
		return c, nil
	}
	archive, err := r.file(ctx, folder+"/components.zip", mostOfArchive)
	if errors.Is(err, errAbsent) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if err := r.checkArchive(ctx, folder+"/components.zip", archive); err != nil {
		return c, err
	}
	if c.components, err = unpack(archive); err != nil {
		return c, fmt.Errorf("%s/components.zip: %w", folder, err)
	}
	return c, nil
}

// checkArchive compares an archive with the checksum beside it, if there is one.
func (r *Registry) checkArchive(ctx context.Context, address string, archive []byte) error {
	text, err := r.file(ctx, address+".sha256", 1<<10)
	if errors.Is(err, errAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	want := strings.TrimSpace(string(text)) // in hexadecimal digits, or in Base64
	if b, err := base64.StdEncoding.DecodeString(want); err == nil && len(want) < 64 {
		want = hex.EncodeToString(b)
	}
	if got := sum(archive); !strings.EqualFold(got, want) {
		return fmt.Errorf("%s has the SHA-256 %s, but the registry says %.64q: it did not arrive whole, or was changed", address, got, want)
	}
	return nil
}

// unpack takes components.py out of an archive. Nothing else in it is looked at.
func unpack(archive []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	for _, f := range z.File {
		if f.Name != ComponentsFile {
			continue
		}
		if !f.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is no file", ComponentsFile)
		}
		content, err := f.Open()
		if err != nil {
			return nil, err
		}
		defer content.Close() //nolint:errcheck // it was only read
		data, err := io.ReadAll(io.LimitReader(content, mostOfComponents+1))
		if err == nil && len(data) > mostOfComponents {
			err = fmt.Errorf("%s has more than %d MiB", ComponentsFile, mostOfComponents>>20)
		}
		return data, err
	}
	return nil, fmt.Errorf("holds no %s", ComponentsFile)
}

// file asks for a whole file of at most limit bytes.
func (r *Registry) file(ctx context.Context, address string, limit int64) (data []byte, err error) {
	err = r.ask(ctx, address, "", limit, func(_ http.Header, body io.Reader) error {
		data, err = io.ReadAll(body)
		return err
	})
	return data, err
}

// ask requests a file and lets use read it, with further tries where the failure may pass. etag is
// that of the file as it is known; then the error may be errUnchanged.
func (r *Registry) ask(ctx context.Context, address, etag string, limit int64, use func(http.Header, io.Reader) error) (err error) {
	if r.Offline {
		return fmt.Errorf("%s is not asked for: --offline is set", withoutQuery(address))
	}
	for _, wait := range waits {
		if err := r.Wait(ctx, wait); err != nil {
			return err
		}
		err = r.askOnce(ctx, address, etag, limit, use)
		var again passing
		if !errors.As(err, &again) || ctx.Err() != nil {
			break
		}
		r.Log.Debug("the registry failed", "address", withoutQuery(address), "reason", err.Error())
	}
	if err != nil && !errors.Is(err, errAbsent) && !errors.Is(err, errUnchanged) {
		return fmt.Errorf("%s: %w", withoutQuery(address), err)
	}
	return err
}

func (r *Registry) askOnce(ctx context.Context, address, etag string, limit int64, use func(http.Header, io.Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, longestAnswer)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", "anytap/"+r.Version)
	if etag != "" {
		request.Header.Set("If-None-Match", etag)
	}
	answer, err := r.client.Do(request)
	if err != nil {
		if err = reason(err); errors.Is(err, errRedirect) || exchange.IsOutOfReach(err) {
			return err
		}
		return passing{err}
	}
	defer answer.Body.Close() //nolint:errcheck // what is left of it does not matter
	switch status := answer.StatusCode; {
	case status == http.StatusOK:
	case status == http.StatusNotFound || status == http.StatusGone:
		return errAbsent
	case status == http.StatusNotModified && etag != "":
		return errUnchanged
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return passing{fmt.Errorf("the server answers %s", answer.Status)}
	default:
		return fmt.Errorf("the server answers %s", answer.Status)
	}
	body := &received{body: http.MaxBytesReader(nil, answer.Body, limit)}
	err = use(answer.Header, body)
	switch {
	case body.err == nil:
		return err
	case isTooLong(body.err):
		return fmt.Errorf("has more than %d bytes, the most that is read of it", limit)
	}
	return passing{body.err}
}

// received is a body that keeps the error with which it broke off.
type received struct {
	body io.Reader
	err  error
}

func (r *received) Read(b []byte) (int, error) {
	n, err := r.body.Read(b)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

func isTooLong(err error) bool {
	var long *http.MaxBytesError
	return errors.As(err, &long)
}

// followRedirect allows a few redirects, and none that leaves TLS.
func followRedirect(request *http.Request, before []*http.Request) error {
	from := before[len(before)-1].URL
	switch to := request.URL.Scheme; {
	case len(before) > 5:
		return fmt.Errorf("%w: it is the sixth in a row", errRedirect)
	case to != "https" && to != "http":
		return fmt.Errorf("%w: it leads to %s:, which is no web address", errRedirect, to)
	case to == "http" && from.Scheme == "https":
		return fmt.Errorf("%w: it leads from https to http", errRedirect)
	}
	return nil
}
