package cursor

import (
	"errors"
	"fmt"
	"time"

	"anytap/internal/components/contract"
	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/paging"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// ChangeTokenDefinition configures a ChangeTokenCursor, a component of anytap's own for APIs that
// end a list with a token to ask for what changes from then on (a delta link, a sync token).
//
//	type: ChangeTokenCursor
//	cursor_field: updated
//	request_option: {type: RequestOption, inject_into: request_parameter, field_name: syncToken}
//
// The stream's x-anytap says where answers hold the token (pages: {changes: …}). The state is
// {"change_token": "…"}, or has one for each partition. If the API refuses a token, everything is
// read anew.
type ChangeTokenDefinition struct {
	CursorField *jinja.String  `manifest:"cursor_field" doc:"The field that catalogs name, as they need one; change_token by default."`
	Option      *manifest.Node `manifest:"request_option,is=RequestOption" doc:"Where the token goes in a request; without it the token is the address of the first one."`
}

// BuildChangeToken builds a ChangeTokenCursor.
func BuildChangeToken(c *manifest.Compiler, n *manifest.Node) (*Changes, error) {
	var def ChangeTokenDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	k := &Changes{key: ReplicationKey{env: c.ConfigEnv(), clock: c.Now, log: c.Logger(), field: def.CursorField}}
	var err error
	k.key.option, err = manifest.BuildOptional[*rest.RequestOption](c, def.Option)
	return k, err
}

// Changes is a compiled ChangeTokenCursor.
type Changes struct {
	key ReplicationKey // its field is what catalogs name; nil: change_token
}

var _ contract.IncrementalSync = (*Changes)(nil)

// Open starts one read. With a router each partition has a token of its own.
func (k *Changes) Open(o tap.StartingPoint, r tap.PartitionRouter) (tap.Cursor, error) {
	o.WithoutSince("the API says itself what has changed since the last read")
	c := newKeyCursor(&keySettings{ReplicationKey: &k.key, field: paging.ChangeToken, changes: true})
	if r != nil {
		var err error
		if c.partitions, err = r.Open(o.State); err != nil {
			return nil, err
		}
	}
	return c, c.restore(o.State)
}

// Field is the field that catalogs name.
func (k *Changes) Field() ([]string, bool, error) {
	if k.key.field == nil {
		return []string{paging.ChangeToken}, false, nil
	}
	return k.key.Field()
}

// Validate refuses groups of partitions, which have no state of their own.
func (k *Changes) Validate(r tap.PartitionRouter) error {
	if r != nil && r.GlobalOnly() {
		return errors.New("a ChangeTokenCursor can not follow groups of partitions")
	}
	return nil
}

// ClientSide is false: the API filters.
func (k *Changes) ClientSide() bool { return false }

// DataFeed is false: the order of the records is not known.
func (k *Changes) DataFeed() bool { return false }

// DateState is never ok: tokens are no times.
func (k *Changes) DateState(*value.Dict, tap.PartitionRouter) (time.Time, bool) {
	return time.Time{}, false
}

// Inject adds the token of the read before to a request.
func (k *Changes) Inject(o *rest.Parts, p *rest.PageRequest) error {
	token, ok := p.Slice.Window.Get(paging.ChangeToken)
	if !ok || k.key.option == nil {
		return nil
	}
	return k.key.option.Inject(o, token)
}

// Changed takes note of the change token of a slice; Close keeps it.
func (c *keyCursor) Changed(s *tap.Slice, token any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.open.find(s)
	if one == nil {
		return
	}
	k, err := newKey(token)
	if err != nil {
		one.fail(fmt.Errorf("pagination.change_path: the change token %w", err))
		return
	}
	one.most = &k
}
