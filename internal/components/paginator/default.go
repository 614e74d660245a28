package paginator

import (
	"anytap/internal/components/contract"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/tap"
	"anytap/internal/value"
	"anytap/state"
)

// strategy makes the token of the next page. It holds no state.
type strategy interface {
	// first is the token of the first page; nil: none is sent.
	first() any
	// next is the token of the page behind the one that r holds; nil: that was the last. See
	// rest.Paginator.
	next(r *rest.Response, size int, last *value.Dict, p *rest.PageRequest) (any, error)
	// pageSize is the size to ask for; 0: none.
	pageSize() (int, error)
	// kind is the kind of the tokens.
	kind() state.Kind
	// abilities are what is known of tokens before an answer is there.
	abilities() rest.PaginatorAbilities
}

// DefaultDefinition configures a paginator.
//
//	type: DefaultPaginator
//	pagination_strategy: {type: OffsetIncrement, page_size: 100}
//	page_size_option: {type: RequestOption, inject_into: request_parameter, field_name: limit}
//	page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: offset}
type DefaultDefinition struct {
	Strategy    *manifest.Node `manifest:"pagination_strategy,required,is=PageIncrement|OffsetIncrement|CursorPagination|CustomPaginationStrategy" doc:"How the next page is found."`
	SizeOption  *manifest.Node `manifest:"page_size_option,is=RequestOption" doc:"Where the page size goes in a request."`
	TokenOption *manifest.Node `manifest:"page_token_option,is=RequestOption|RequestPath" doc:"Where the token of the page goes in a request; a RequestPath: it is the address of the request."`
}

// BuildDefault builds a DefaultPaginator.
func BuildDefault(c *manifest.Compiler, n *manifest.Node) (*Default, error) {
	var def DefaultDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	if err := checkDecoder(c, n); err != nil {
		return nil, err
	}
	p := &Default{}
	var err error
	if p.strategy, err = manifest.Build[strategy](c, def.Strategy); err != nil {
		return nil, err
	}
	if p.sizeOption, err = manifest.BuildOptional[*rest.RequestOption](c, def.SizeOption); err != nil {
		return nil, err
	}
	if err = p.buildToken(c, def.TokenOption); err != nil {
		return nil, err
	}
	return p, p.check(n)
}

// checkDecoder refuses a retriever's decoder whose answers a paginator can not read.
func checkDecoder(c *manifest.Compiler, n *manifest.Node) error {
	scope, _ := manifest.Scoped[contract.Scope](c)
	if !rest.CanPaginate(scope.Decoder) {
		return n.Problem("the retriever's decoder can not be used with a paginator: JSON and XML can")
	}
	return nil
}

// buildToken builds page_token_option.
func (d *Default) buildToken(c *manifest.Compiler, n *manifest.Node) error {
	token, err := manifest.BuildOptional[any](c, n)
	if err != nil || token == nil {
		return err
	}
	switch option := token.(type) {
	case RequestPath:
		d.byPath = true
	case *NextAddress:
		d.byPath, d.address = true, option
	case *TokenMembers:
		d.members = option
	case *rest.RequestOption:
		d.tokenOption = option
	default:
		return n.Problem("a %s can not stand here", n.Type())
	}
	return nil
}

// check refuses what the reference runtime refuses when it builds a paginator.
func (d *Default) check(n *manifest.Node) error {
	if d.sizeOption != nil {
		size, err := d.strategy.pageSize()
		if err != nil {
			return n.Problem("%v", err)
		}
		if size == 0 {
			return n.Problem("page_size_option needs a page_size in the pagination strategy")
		}
	}
	if d.tokenOption != nil {
		if err := rest.CheckOptions(d.sizeOption, d.tokenOption); err != nil {
			return n.Problem("page_size_option and page_token_option: %v", err)
		}
	}
	return nil
}

// Default asks for the pages that a strategy finds.
type Default struct {
	strategy    strategy
	sizeOption  *rest.RequestOption // nil: the size is not sent
	tokenOption *rest.RequestOption // nil: the token is not sent as an option
	members     *TokenMembers       // the token is an object of parameters; nil: it is one value
	byPath      bool                // the token is the address of the page
	address     *NextAddress        // makes that of what an answer holds; nil: it is taken as it is
}

var _ rest.Paginator = (*Default)(nil)

// First is the strategy's.
func (d *Default) First() (any, error) { return d.strategy.first(), nil }

// Inject adds the token and the page size. A page size that was reduced on the way replaces the
// strategy's.
func (d *Default) Inject(o *rest.Parts, p *rest.PageRequest) error {
	if d.tokenOption != nil && p.Token != nil {
		if err := d.tokenOption.Inject(o, p.Token); err != nil {
			return err
		}
	}
	if d.members != nil && p.Token != nil {
		if err := d.members.inject(o, p.Token); err != nil {
			return err
		}
	}
	if d.sizeOption == nil {
		return nil
	}
	size := p.PageSize
	if size == 0 {
		var err error
		if size, err = d.strategy.pageSize(); err != nil {
			return tap.Errorf(tap.System, "page_size: %w", err)
		}
	}
	if size == 0 {
		return nil
	}
	return d.sizeOption.Inject(o, int64(size))
}

// Path is the token, where that is the address of the page.
func (d *Default) Path(p *rest.PageRequest) (string, error) {
	if !d.byPath || !value.Truth(p.Token) {
		return "", nil
	}
	return value.Str(p.Token), nil
}

// Next is the strategy's.
func (d *Default) Next(r *rest.Response, size int, last *value.Dict, p *rest.PageRequest) (any, error) {
	next, err := d.strategy.next(r, size, last, p)
	if err != nil {
		return nil, tap.Errorf(tap.System, "next page: %w", err)
	}
	if !value.Truth(next) {
		return nil, nil
	}
	if d.address != nil {
		return d.address.absolute(next, r)
	}
	return next, nil
}

// PageSize is the strategy's.
func (d *Default) PageSize() (int, error) { return d.strategy.pageSize() }

// Kind is the strategy's, or state.NextURL for a cursor that is the address of the page.
func (d *Default) Kind() state.Kind {
	if k := d.strategy.kind(); k != state.Opaque || !d.byPath {
		return k
	}
	return state.NextURL
}

// Abilities are the strategy's.
func (d *Default) Abilities() rest.PaginatorAbilities { return d.strategy.abilities() }
