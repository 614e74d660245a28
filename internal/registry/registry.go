package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"anytap/internal/spelling"
)

// DefaultBase is the address of Airbyte's public registry.
const DefaultBase = "https://connectors.airbyte.com/files"

// Registry gets connectors.
type Registry struct {
	Base    string // the address of the registry's files
	Cache   string // a folder, which is made when it is needed
	Offline bool   // no request is made
	Version string // of this program, for the registry's own statistics
	Now     func() time.Time
	// Wait waits between the tries of a request, or until ctx ends.
	Wait func(ctx context.Context, d time.Duration) error
	Log  *slog.Logger
	// Valid refuses a text that is no manifest. name is for its message.
	Valid func(name string, text []byte) error

	client *http.Client
}

// New makes a registry of an address, an http or https URL without credentials. transport sends its
// requests. Now, Wait and Log may be replaced before it is used.
func New(base, cache string, transport http.RoundTripper, valid func(name string, text []byte) error) (*Registry, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, fmt.Errorf("expected the registry's address, such as %s, without credentials or a query", DefaultBase)
	}
	return &Registry{
		Base: strings.TrimRight(u.Scheme+"://"+u.Host+u.Path, "/"), Cache: cache, Now: time.Now, Wait: wait, Log: slog.New(slog.DiscardHandler), Valid: valid,
		client: &http.Client{Transport: transport, CheckRedirect: followRedirect},
	}, nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// Close closes the connections that are kept open.
func (r *Registry) Close() { r.client.CloseIdleConnections() }

// Fetch gives a connector as the registry has it, without a lock file.
func (r *Registry) Fetch(ctx context.Context, ref Reference) (Connector, error) {
	e, err := r.newest(ctx, ref)
	return Connector{Entry: e, Folder: r.folder(e)}, err
}

// Connector is a connector in the cache.
type Connector struct {
	Entry
	Folder string // has manifest.yaml, and perhaps components.py
	New    bool   // the lock file did not have it before
}

// Manifest is the path of the manifest.
func (c Connector) Manifest() string { return filepath.Join(c.Folder, ManifestFile) }

// Find gives a connector for use: the one that the lock file has, else the one that is asked for,
// which the lock file then has. It is not requested if the cache has it.
func (r *Registry) Find(ctx context.Context, ref Reference, lockFile string) (Connector, error) {
	return r.find(ctx, ref, lockFile, false)
}

// Get is Find, and makes the version what the name means from now on, where one is given.
func (r *Registry) Get(ctx context.Context, ref Reference, lockFile string) (Connector, error) {
	return r.find(ctx, ref, lockFile, ref.Version != "")
}

func (r *Registry) find(ctx context.Context, ref Reference, lockFile string, first bool) (Connector, error) {
	lock, err := ReadLock(lockFile)
	if err != nil {
		return Connector{}, err
	}
	e, locked := lock.Find(ref)
	if locked {
		if err := r.have(ctx, ref, e, lockFile); err != nil {
			return Connector{}, err
		}
	} else if e, err = r.newest(ctx, ref); err != nil {
		return Connector{}, err
	}
	if locked && !first {
		return Connector{Entry: e, Folder: r.folder(e)}, nil
	}
	meanwhile := false // another process has locked it
	err = r.change(lockFile, func(now Lock) (Lock, error) {
		other, found := now.Find(Reference{Name: e.Name, Version: ref.Version})
		meanwhile = found && !locked && other != e
		if meanwhile || found && !first {
			return now, nil
		}
		return now.with(e, first), nil
	})
	if meanwhile {
		return r.find(ctx, ref, lockFile, first)
	}
	if err != nil {
		r.Log.Warn("the connector is not locked: another run may get another content", "connector", e.String(), "reason", err.Error())
	}
	return Connector{Entry: e, Folder: r.folder(e), New: !locked}, nil
}

// have makes sure that the cache has just what is locked.
func (r *Registry) have(ctx context.Context, ref Reference, e Entry, lockFile string) error {
	if r.has(e) {
		return nil
	}
	if r.Offline {
		return fmt.Errorf("%s is locked in %s, but not in the cache (%s): run once without --offline", e, lockFile, r.Cache)
	}
	c, err := r.fetch(ctx, ref, e.Version)
	if err != nil {
		return r.explain(ctx, ref, e.Version, err)
	}
	got := Entry{Name: e.Name, Version: e.Version}
	got.SHA256, got.ComponentsSHA256 = c.sums()
	if got != e {
		return changedError(lockFile, e, got)
	}
	return r.keep(e, c)
}

// changedError tells of a locked version whose content is another one now.
func changedError(lockFile string, locked, got Entry) error {
	what, before, now := "manifest", locked.SHA256, got.SHA256
	if before == now {
		what, before, now = "Python code", locked.ComponentsSHA256, got.ComponentsSHA256
	}
	none := func(s string) string {
		if s == "" {
			return "none"
		}
		return s[:16] + "…"
	}
	return fmt.Errorf("the %s of %s has changed: %s has the SHA-256 %s, the server now gives %s. Nothing of it was used. If you trust the change, take it over: anytap connectors update %s",
		what, locked, lockFile, none(before), none(now), locked)
}

// newest fetches what a reference means if nothing is locked.
func (r *Registry) newest(ctx context.Context, ref Reference) (Entry, error) {
	version := ref.Version
	if version == "" && ref.address == "" {
		l, err := r.Lookup(ctx, ref.Name, false)
		if err != nil {
			return Entry{}, err
		}
		if !l.Runs() {
			return Entry{}, errors.New(l.Instead())
		}
		version = l.Version
	}
	if r.Offline {
		if e, ok := r.kept(ref.Name, version); ok {
			return e, nil
		}
		return Entry{}, fmt.Errorf("%s is not in the cache (%s): run once without --offline", title(ref.Name, version), r.Cache)
	}
	c, err := r.fetch(ctx, ref, version)
	if err != nil {
		return Entry{}, r.explain(ctx, ref, version, err)
	}
	e := Entry{Name: ref.Name, Version: version}
	e.SHA256, e.ComponentsSHA256 = c.sums()
	return e, r.keep(e, c)
}

// explain says why the registry has no manifest of a connector, as far as its list tells.
func (r *Registry) explain(ctx context.Context, ref Reference, version string, err error) error {
	if !errors.Is(err, errAbsent) {
		return err
	}
	if ref.address != "" {
		return fmt.Errorf("%s: %w", ref.Name, err)
	}
	l, lookupErr := r.Lookup(ctx, ref.Name, false)
	switch {
	case lookupErr != nil:
		return lookupErr
	case !l.Runs():
		return errors.New(l.Instead())
	}
	return fmt.Errorf("the registry %s has no version %s of %s; the newest is %s", r.Base, version, ref.Name, l.Version)
}

// Lookup finds a connector in the list. One that is not there is an error, with the name that was
// probably meant.
func (r *Registry) Lookup(ctx context.Context, name string, anew bool) (Listed, error) {
	list, err := r.List(ctx, anew)
	if err != nil {
		return Listed{}, err
	}
	if i := slices.IndexFunc(list, func(l Listed) bool { return l.Name == name }); i >= 0 {
		return list[i], nil
	}
	return Listed{}, fmt.Errorf("the registry %s has no %s%s", r.Base, name, DidYouMean(name, list))
}

// DidYouMean ends a message about a name that is not in the list; empty: none is near.
func DidYouMean(name string, list []Listed) string {
	names := make([]string, len(list))
	for i, l := range list {
		names[i] = l.Name
	}
	if slices.Contains(names, "source-"+name) {
		return "; did you mean source-" + name + "?"
	}
	return cmp.Or(spelling.DidYouMean(name, names), spelling.DidYouMean("source-"+name, names))
}

// Instead says why a connector does not run here, and what else can be done.
func (l Listed) Instead() string {
	var ways []string
	if l.Package != "" {
		ways = append(ways, "with PyAirbyte ("+l.Package+" on PyPI)")
	}
	if l.Image != "" {
		ways = append(ways, "from its image "+l.Image+":"+l.Version)
	}
	text := l.Name + " is no manifest but a program"
	if l.Language != "" {
		text += " (" + l.Language + ")"
	}
	text += ", which anytap does not run"
	if len(ways) > 0 {
		text += ". It runs " + strings.Join(ways, ", or ")
	}
	return text + ". If the API is REST, `anytap init` with the address of one of its lists may read it"
}

// Change is what Update did to a connector.
type Change struct {
	Before, After Entry // Before is empty for one that was not locked
}

// Update locks the newest versions of connectors, or those that are asked for, and whatever content
// they have now. Without references it does so for all that are locked.
func (r *Registry) Update(ctx context.Context, lockFile string, refs []Reference) ([]Change, error) {
	lock, err := ReadLock(lockFile)
	if err != nil {
		return nil, err
	}
	if len(refs) == 0 {
		if refs, err = lock.references(); err != nil {
			return nil, err
		}
	}
	if _, err := r.List(ctx, true); err != nil && slices.ContainsFunc(refs, func(r Reference) bool { return r.address == "" }) {
		return nil, err
	}
	var changes []Change
	for _, ref := range refs {
		after, err := r.newest(ctx, ref)
		if err != nil {
			return changes, err
		}
		before, _ := lock.Find(ref)
		err = r.change(lockFile, func(now Lock) (Lock, error) {
			if ref.Version == "" {
				now = slices.DeleteFunc(slices.Clone(now), func(e Entry) bool { return e == before })
			}
			return now.with(after, true), nil
		})
		if err != nil {
			return changes, err
		}
		changes = append(changes, Change{before, after})
	}
	return changes, nil
}

// reason is the error of a request without its address, which may hold a secret.
func reason(err error) error {
	if inner, ok := errors.AsType[*url.Error](err); ok {
		return inner.Err
	}
	return err
}

// withoutQuery is an address as it is shown.
func withoutQuery(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return before
}
