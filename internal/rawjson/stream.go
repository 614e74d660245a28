package rawjson

import (
	"io"
	"slices"
)

// streamBuffer is the first size of a Stream's buffer, in bytes.
const streamBuffer = 64 << 10

// Stream cuts JSON that comes from a reader into the elements of the array at a path, each as soon
// as its bytes are there. It holds no more than the largest value that it meets, and one buffer.
type Stream struct {
	Python bool // accept NaN, Infinity and -Infinity; to be set before the first Next
	Most   int  // bytes that a value may have; 0: any number; to be set before the first Next
	// Others are paths at one of which the array may stand in place of the first; to be set before
	// the first Next. The one that leads somewhere first counts.
	Others [][]string

	in    source
	path  []string
	step  func() ([]byte, error) // what Next does next
	level int                    // objects that are open on the way to the array
	kind  Kind
	seen  Flags
	rest  []byte
	err   error // what every further Next returns
}

// NewStream reads r. path are the names from the root to the array; none when the root is the
// array.
func NewStream(r io.Reader, path []string) *Stream {
	s := &Stream{}
	s.Reset(r, path)
	return s
}

// Reset makes s what NewStream returns, but for Python, Most, Others and the memory of its buffers.
func (s *Stream) Reset(r io.Reader, path []string) {
	*s = Stream{Python: s.Python, Most: s.Most, Others: s.Others, in: source{r: r, buf: s.in.buf}, path: path, rest: s.rest[:0]}
	s.step = s.root
}

// Next returns the next element of the array. It is valid until the next call. The error is io.EOF
// at the end of the text, which is validated to its last byte; it is io.ErrUnexpectedEOF when the
// text ends too early, a *SyntaxError when it is no JSON, ErrTooLong for a value above Most, and
// otherwise the reader's own. When an object stands at the path, it is the only element; any other
// value that is no array gives none. When the path occurs more than once, Next returns the elements
// of all.
func (s *Stream) Next() ([]byte, error) {
	for s.err == nil {
		raw, err := s.step()
		if err != nil {
			s.err = err
			break
		}
		if raw != nil {
			return raw, nil
		}
	}
	return nil, s.err
}

// Seen tells what the scan saw in the element that Next returned last.
func (s *Stream) Seen() Flags { return s.seen }

// Kind tells what stood at the path, as far as the text was read.
func (s *Stream) Kind() Kind { return s.kind }

// Path is the path at which the array stood, or the last that led some way.
func (s *Stream) Path() []string { return s.path }

// Envelope returns the text without the value at the path: an object of all other members, nested
// as they came. It is complete when Next has returned io.EOF. It is nil when the root is no object,
// or is what the path names.
func (s *Stream) Envelope() []byte {
	if len(s.rest) == 0 {
		return nil
	}
	return s.rest
}

func (s *Stream) root() ([]byte, error) {
	s.in.most = s.Most
	c, err := s.in.peek()
	if err != nil {
		return nil, err
	}
	if len(s.path) == 0 {
		return s.target(c)
	}
	if c != '{' {
		s.step = s.end
		return nil, s.pass()
	}
	s.open()
	return nil, nil
}

// open enters an object on the way.
func (s *Stream) open() {
	s.in.i++
	s.level++
	s.rest = append(s.rest, '{')
	s.step = s.firstMember
}

func (s *Stream) firstMember() ([]byte, error) {
	if c, err := s.in.peek(); err != nil {
		return nil, err
	} else if c == '}' {
		s.close()
		return nil, nil
	}
	return s.member()
}

func (s *Stream) nextMember() ([]byte, error) {
	c, err := s.in.peek()
	if err != nil {
		return nil, err
	}
	switch c {
	case '}':
		s.close()
		return nil, nil
	case ',':
		s.in.i++
		if _, err := s.in.peek(); err != nil {
			return nil, err
		}
		return s.member()
	}
	return nil, s.in.unexpected("',' or '}'")
}

func (s *Stream) close() {
	s.in.i++
	s.rest = append(s.rest, '}')
	s.level--
	s.leave()
}

// leave sets what comes after a value on the way.
func (s *Stream) leave() {
	if s.level == 0 {
		s.step = s.end
		return
	}
	s.step = s.nextMember
}

func (s *Stream) member() ([]byte, error) {
	if s.in.buf[s.in.i] != '"' {
		return nil, s.in.unexpected("a member name")
	}
	key, _, err := s.in.take(s.Python)
	if err != nil {
		return nil, err
	}
	onWay := s.leads(key)
	mark := len(s.rest)
	if s.rest[mark-1] != '{' {
		s.rest = append(s.rest, ',')
	}
	s.rest = append(append(s.rest, key...), ':')
	if s.Most > 0 && len(s.rest) > s.Most {
		return nil, ErrTooLong
	}
	if c, err := s.in.peek(); err != nil {
		return nil, err
	} else if c != ':' {
		return nil, s.in.unexpected("':'")
	}
	s.in.i++
	c, err := s.in.peek()
	if err != nil {
		return nil, err
	}
	s.step = s.nextMember
	switch {
	case onWay && s.level == len(s.path):
		s.rest = s.rest[:mark]
		return s.target(c)
	case onWay && c == '{':
		s.open()
		return nil, nil
	}
	return nil, s.keep()
}

// leads reports whether a member is on the way to the array.
func (s *Stream) leads(key []byte) bool {
	if KeyIs(key, s.path[s.level-1]) {
		return true
	}
	for _, other := range s.Others {
		if s.kind == Missing && len(other) >= s.level && slices.Equal(other[:s.level-1], s.path[:s.level-1]) && KeyIs(key, other[s.level-1]) {
			s.path = other
			return true
		}
	}
	return false
}

// keep adds a value to the envelope.
func (s *Stream) keep() error {
	raw, _, err := s.in.take(s.Python)
	if s.Most > 0 && len(s.rest)+len(raw) > s.Most {
		return ErrTooLong
	}
	s.rest = append(s.rest, raw...)
	return err
}

func (s *Stream) pass() error {
	_, _, err := s.in.take(s.Python)
	return err
}

// target starts on the value at the path, whose first byte is c.
func (s *Stream) target(c byte) ([]byte, error) {
	s.leave()
	switch c {
	case '[':
		s.kind = Array
		s.in.i++
		s.step = s.firstElement
		return nil, nil
	case '{':
		s.kind = Object
		return s.element()
	case 'n':
		s.kind = Null
	default:
		s.kind = Scalar
	}
	return nil, s.pass()
}

func (s *Stream) firstElement() ([]byte, error) {
	if c, err := s.in.peek(); err != nil {
		return nil, err
	} else if c == ']' {
		s.in.i++
		s.leave()
		return nil, nil
	}
	s.step = s.nextElement
	return s.element()
}

func (s *Stream) nextElement() ([]byte, error) {
	c, err := s.in.peek()
	if err != nil {
		return nil, err
	}
	switch c {
	case ']':
		s.in.i++
		s.leave()
		return nil, nil
	case ',':
		s.in.i++
		if _, err := s.in.peek(); err != nil {
			return nil, err
		}
		return s.element()
	}
	return nil, s.in.unexpected("',' or ']'")
}

func (s *Stream) element() ([]byte, error) {
	raw, seen, err := s.in.take(s.Python)
	s.seen = seen
	return raw, err
}

// end makes sure that nothing but white space follows.
func (s *Stream) end() ([]byte, error) {
	switch _, err := s.in.peek(); {
	case err == nil:
		return nil, s.in.unexpected("the end of the text")
	case !s.in.ended:
		return nil, err
	}
	return nil, io.EOF
}
