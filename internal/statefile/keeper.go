package statefile

import (
	"sync"

	"anytap/internal/tap"
	"anytap/internal/value"
)

// Keeper keeps a Singer state file up to date with the states that a target confirms. Some targets
// confirm only the streams that they have just stored, so the bookmarks of others stay.
type Keeper struct {
	mu        sync.Mutex
	file      *File
	confirmed int
	pending   bool
	changed   *sync.Cond
	closed    bool
	failed    error // the first error of a save
	saver     sync.WaitGroup
}

// NewKeeper begins to keep a file, which it writes once as it is: a place that can not be written
// is an error before anything is read.
func NewKeeper(f *File) (*Keeper, error) {
	if f.Airbyte {
		return nil, tap.Errorf(tap.Config, "%s: holds a state in Airbyte's form, expected a Singer state (an object with bookmarks)", f.Path)
	}
	if err := f.Save(); err != nil {
		return nil, err
	}
	k := &Keeper{file: f}
	k.changed = sync.NewCond(&k.mu)
	k.saver.Go(func() {
		defer tap.Guard()
		k.saveAll()
	})
	return k, nil
}

// Confirm takes a state that a target has confirmed. It is saved in a moment: of those that come
// meanwhile only the last is.
func (k *Keeper) Confirm(state *value.Dict) error {
	_, bookmarks, err := Singer("a state that the target printed", state)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, b := range bookmarks {
		if b.State == nil {
			k.file.Remove(b.Stream)
		} else {
			k.file.Set(b.Stream, b.State)
		}
	}
	k.file.setRest(state)
	k.confirmed++
	k.pending = true
	k.changed.Signal()
	return nil
}

// setRest keeps what stands beside the bookmarks.
func (f *File) setRest(state *value.Dict) {
	whole, _, err := Singer(f.Path, f.root)
	if err != nil || whole == nil {
		return
	}
	for name, v := range state.All() {
		if name != "bookmarks" {
			whole.Set(name, v)
		}
	}
}

// saveAll writes the file whenever something was confirmed, until the keeper is closed.
func (k *Keeper) saveAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for {
		for !k.pending && !k.closed {
			k.changed.Wait()
		}
		if !k.pending {
			return
		}
		k.pending = false
		text := k.file.Text()
		k.mu.Unlock()
		err := save(k.file.Path, text)
		k.mu.Lock()
		if err != nil && k.failed == nil {
			k.failed = err
		}
	}
}

// Close saves what is left. confirmed is how many states came; the error is the first of a save.
func (k *Keeper) Close() (confirmed int, err error) {
	k.mu.Lock()
	k.closed = true
	k.changed.Signal()
	k.mu.Unlock()
	k.saver.Wait()
	return k.confirmed, k.failed
}
