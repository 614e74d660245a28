package rawjson

import (
	"errors"
	"fmt"
	"io"
)

// SyntaxError says where text stops being JSON.
type SyntaxError struct {
	Offset int64  // bytes before the one that does not fit
	Want   string // what could have stood there
	Got    string // what stands there; empty: the text ends
}

// Error gives the offset, what was expected there and what was found.
func (e *SyntaxError) Error() string {
	if e.Got == "" {
		return fmt.Sprintf("not JSON: the text ends at byte %d, expected %s", e.Offset, e.Want)
	}
	return fmt.Sprintf("not JSON: found %s at byte %d, expected %s", e.Got, e.Offset, e.Want)
}

// Unwrap gives io.ErrUnexpectedEOF for text that ends too early, else nil.
func (e *SyntaxError) Unwrap() error {
	if e.Got == "" {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// ErrTooLong is the error of a Stream for a value, or for all that stands beside the array, of more
// bytes than Most.
var ErrTooLong = errors.New("json: a value is too long")

func syntaxError(b []byte, i int, want string) *SyntaxError {
	e := &SyntaxError{Offset: int64(i), Want: want}
	if i < len(b) {
		e.Got = fmt.Sprintf("%q", b[i])
	}
	return e
}
