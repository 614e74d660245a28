package paging

import (
	"anytap/internal/spelling"
	"anytap/internal/value"
)

// Judging are the settings by which the end of a list is judged.
type Judging struct {
	// More is the path of the statement whether another page follows, in either sense; nil: usual
	// names count.
	More value.Path
	// Next is the path at which the paginator finds the next page's address or token, so that an
	// empty place can be told from none; nil: not known.
	Next value.Path
	// Optional says that an answer without a place for records is a page without any.
	Optional bool
	// Distrust says that totals under usual names are not believed.
	Distrust bool
	// FirstOffset is the offset of the first record, where offsets are counted.
	FirstOffset int64
	// Names are what the user calls the settings records, next, more, total, pages and size, for
	// messages; nil: nobody has written them.
	Names map[string]string
}

// set reads one member of a stream's x-anytap: {pages: …}.
func (o *Judging) set(name string, v any) (err error) {
	switch name {
	case "more":
		o.More, err = value.PathOf(v)
	case "next":
		o.Next, err = value.PathOf(v)
	case "records_optional":
		o.Optional, err = typed[bool](v)
	case "trust_total":
		var trusted bool
		trusted, err = typed[bool](v)
		o.Distrust = !trusted
	case "first_offset":
		var n int
		n, err = wholeNumber(v)
		o.FirstOffset = int64(n)
	case "names":
		var names *value.Dict
		if names, err = typed[*value.Dict](v); err != nil {
			return err
		}
		if err := spelling.Check("", names, "records", "next", "more", "total", "pages"); err != nil {
			return err
		}
		o.Names = map[string]string{}
		for setting, called := range names.All() {
			o.Names[setting] = value.Str(called)
		}
	}
	return err
}
