package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"anytap/internal/files"
)

// Listed is a source as the registry's list describes it.
type Listed struct {
	Name          string `json:"name"`    // such as source-pokeapi
	Title         string `json:"title"`   // such as PokeAPI
	Version       string `json:"version"` // the newest
	Language      string `json:"language"`
	Image         string `json:"image,omitempty"` // of a container, without its tag
	Package       string `json:"package,omitempty"`
	Documentation string `json:"documentation,omitempty"`
	Support       string `json:"support,omitempty"` // such as certified or community
	// Components says that the manifest needs Python code, as far as the list knows.
	Components bool `json:"components,omitempty"`
}

// manifestOnly is the language of connectors that are a manifest.
const manifestOnly = "manifest-only"

// Runs reports whether anytap can run it: it is a manifest.
func (l Listed) Runs() bool { return l.Language == manifestOnly }

// fresh is how long a list is used without asking whether there is a newer one.
const fresh = time.Hour

const mostSources = 20_000 // of a list; Airbyte's has some 600

const listFormat = 1 // of the cache's file

// keptList is the cache's file: what is needed of a list.
type keptList struct {
	Format     int       `json:"format"`
	Address    string    `json:"address"`
	Asked      time.Time `json:"asked"`
	ETag       string    `json:"etag,omitempty"`
	Connectors []Listed  `json:"connectors"`
}

func (r *Registry) listAddress() string { return r.Base + "/registries/v0/oss_registry.json" }

func (r *Registry) listFile() string {
	return filepath.Join(r.Cache, "lists", sum([]byte(r.Base))[:16]+".json")
}

// List gives the sources of the registry. It asks if the list in the cache is older than an hour,
// or with anew. A registry that can not be asked leaves the list that there is.
func (r *Registry) List(ctx context.Context, anew bool) ([]Listed, error) {
	kept := r.keptList()
	if kept.Connectors != nil && (r.Offline || !anew && r.Now().Sub(kept.Asked).Abs() < fresh) {
		return kept.Connectors, nil
	}
	address := r.listAddress()
	next := keptList{Format: listFormat, Address: address, Asked: r.Now()}
	err := r.ask(ctx, address, kept.ETag, mostOfList, func(h http.Header, body io.Reader) (err error) {
		next.ETag = h.Get("ETag")
		next.Connectors, err = parseList(body)
		return err
	})
	switch {
	case errors.Is(err, errUnchanged):
		next.ETag, next.Connectors = kept.ETag, kept.Connectors
	case errors.Is(err, errAbsent):
		return nil, fmt.Errorf("%s: %w; is --registry the address of a registry? It ends with /files as a rule", address, err)
	case err != nil && kept.Connectors != nil && ctx.Err() == nil:
		r.Log.Warn("the list of connectors could not be fetched: an older one is used", "of", kept.Asked.Format(time.DateOnly), "reason", err.Error())
		return kept.Connectors, nil
	case err != nil:
		return nil, err
	}
	if err := r.keepList(next); err != nil {
		r.Log.Warn("the list of connectors could not be kept", "reason", err.Error())
	}
	return next.Connectors, nil
}

// keptList is the list in the cache; it has no connectors if there is none.
func (r *Registry) keptList() (kept keptList) {
	data, err := os.ReadFile(r.listFile())
	if err != nil || json.Unmarshal(data, &kept) != nil || kept.Format != listFormat || kept.Address != r.listAddress() {
		return keptList{}
	}
	return kept
}

func (r *Registry) keepList(l keptList) error {
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(r.listFile()), 0o700); err != nil {
		return err
	}
	return files.WriteAs(r.listFile(), data, 0o600)
}

// entry is what is read of a connector in the registry's own list.
type entry struct {
	Name             string   `json:"name"`
	DockerRepository string   `json:"dockerRepository"`
	DockerImageTag   string   `json:"dockerImageTag"`
	DocumentationURL string   `json:"documentationUrl"`
	SupportLevel     string   `json:"supportLevel"`
	Language         string   `json:"language"`
	Tags             []string `json:"tags"`
	Tombstone        bool     `json:"tombstone"`
	RemoteRegistries struct {
		PyPI struct {
			Enabled     bool   `json:"enabled"`
			PackageName string `json:"packageName"`
		} `json:"pypi"`
	} `json:"remoteRegistries"`
	Generated struct {
		PythonComponents struct {
			Required bool `json:"required"`
		} `json:"pythonComponents"`
	} `json:"generated"`
}

// parseList reads the list one connector after the other. It has tens of megabytes, most of which
// are specifications.
func parseList(body io.Reader) ([]Listed, error) {
	d := json.NewDecoder(body)
	if err := expect(d, json.Delim('{')); err != nil {
		return nil, fmt.Errorf("is no list of connectors: %w", err)
	}
	list, known := []Listed{}, map[string]bool{}
	found := false
	for d.More() {
		member, err := d.Token()
		if err != nil {
			return nil, err
		}
		if member != "sources" {
			if err := skip(d); err != nil {
				return nil, err
			}
			continue
		}
		found = true
		if err := expect(d, json.Delim('[')); err != nil {
			return nil, fmt.Errorf("sources: %w", err)
		}
		for n := 0; d.More(); n++ {
			if n == mostSources {
				return nil, fmt.Errorf("has more than %d sources", mostSources)
			}
			var e entry
			if err := d.Decode(&e); err != nil && !isOtherType(err) {
				return nil, err
			}
			if l, ok := e.listed(); ok && !known[l.Name] {
				known[l.Name] = true
				list = append(list, l)
			}
		}
		if err := expect(d, json.Delim(']')); err != nil {
			return nil, err
		}
	}
	if !found {
		return nil, errors.New("is no list of connectors: it has no sources")
	}
	return list, expect(d, json.Delim('}'))
}

// skip passes over a value, of which it holds one member at a time.
func skip(d *json.Decoder) error {
	open, err := d.Token()
	if err != nil || open != json.Delim('[') && open != json.Delim('{') {
		return err
	}
	for d.More() {
		if open == json.Delim('{') {
			if _, err := d.Token(); err != nil {
				return err
			}
		}
		if err := d.Decode(&struct{}{}); err != nil && !isOtherType(err) {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func expect(d *json.Decoder, want json.Delim) error {
	token, err := d.Token()
	if err == nil && token != want {
		err = fmt.Errorf("expected %s at byte %d", want, d.InputOffset())
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// isOtherType reports whether a member merely has another type than expected: it is left out.
func isOtherType(err error) bool {
	var other *json.UnmarshalTypeError
	return errors.As(err, &other)
}

// listed is what is kept of an entry. Those of other vendors are not below metadata/airbyte.
func (e entry) listed() (l Listed, ok bool) {
	l = Listed{
		Name: strings.TrimPrefix(e.DockerRepository, "airbyte/"), Version: e.DockerImageTag, Title: plain(e.Name), Language: plain(e.Language),
		Image: plain(e.DockerRepository), Documentation: plain(e.DocumentationURL), Support: plain(e.SupportLevel), Components: e.Generated.PythonComponents.Required,
	}
	if e.RemoteRegistries.PyPI.Enabled {
		l.Package = plain(e.RemoteRegistries.PyPI.PackageName)
	}
	for _, tag := range e.Tags {
		if language, is := strings.CutPrefix(tag, "language:"); is && l.Language == "" {
			l.Language = plain(language)
		}
	}
	return l, isName(l.Name) && strings.HasPrefix(l.Name, "source-") && isVersion(l.Version) && !e.Tombstone
}

// plain is a text of a stranger as it can be shown on a terminal.
func plain(s string) string {
	s = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, s)
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}
