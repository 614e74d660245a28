package jinja

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strings"
	"time"
	"unicode/utf8"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/pyre"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// hashes maps the names that the filter hash accepts to hash functions.
var hashes = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New,
	"sha384": sha512.New384, "sha512": sha512.New,
	"sha3_224": func() hash.Hash { return sha3.New224() },
	"sha3_256": func() hash.Hash { return sha3.New256() },
	"sha3_384": func() hash.Hash { return sha3.New384() },
	"sha3_512": func() hash.Hash { return sha3.New512() },
}

func filterHash(th *python.Thread, a []any) (any, error) {
	name, ok := pytext.Of(a[1])
	if !ok {
		return nil, exception.TypeErrorf("attribute name must be string, not '%s'", value.TypeName(a[1]))
	}
	make, ok := hashes[name]
	if !ok {
		switch name {
		case "shake_128", "shake_256":
			return nil, exception.TypeErrorf("hexdigest() missing required argument 'length' (pos 1)")
		}
		return nil, exception.New(exception.AttributeError, "No hashing function named %s", name)
	}
	h := make()
	for i, v := range []any{a[0], a[2]} {
		if i == 1 && !value.Truth(v) {
			break
		}
		s, err := python.Str(th, v)
		if err != nil {
			return nil, err
		}
		if err := pytext.Encodable(s); err != nil {
			return nil, err
		}
		h.Write([]byte(s))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func filterHMAC(th *python.Thread, a []any) (any, error) {
	if _, err := python.Key(th, a[2]); err != nil {
		return nil, err
	}
	if name, ok := pytext.Of(a[2]); !ok || name != "sha256" {
		return nil, exception.ValueErrorf("Hash type '%s' is not allowed. Allowed types: sha256", strings.Trim(python.Brief(a[2]), "'"))
	}
	k, err := python.Str(th, a[1])
	if err != nil {
		return nil, err
	}
	msg, err := python.Str(th, a[0])
	if err != nil {
		return nil, err
	}
	for _, s := range []string{k, msg} {
		if err := pytext.Encodable(s); err != nil {
			return nil, err
		}
	}
	h := hmac.New(sha256.New, []byte(k))
	h.Write([]byte(msg))
	return hex.EncodeToString(h.Sum(nil)), nil
}

// encodeArg returns the text of v. For any other value it fails as Python does when v has no method
// encode.
func encodeArg(v any) (string, error) {
	s, ok := pytext.Of(v)
	if !ok {
		return "", attributeMissing(v, "encode")
	}
	return s, pytext.Encodable(s)
}

func base64Encode(_ *python.Thread, a []any) (any, error) {
	s, err := encodeArg(a[0])
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString([]byte(s)), nil
}

// base64ASCII encodes, although the filter is called base64binascii_decode.
func base64ASCII(_ *python.Thread, a []any) (any, error) {
	s, ok := pytext.Of(a[0])
	if !ok {
		return nil, attributeMissing(a[0], "encode")
	}
	if !pytext.IsASCII(s) {
		return nil, exception.New(exception.UnicodeEncodeError, "'ascii' codec can't encode character: ordinal not in range(128)")
	}
	return base64.StdEncoding.EncodeToString([]byte(s)), nil
}

func base64Decode(_ *python.Thread, a []any) (any, error) {
	s, err := encodeArg(a[0])
	if err != nil {
		return nil, err
	}
	b, err := pytext.Base64(s)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(b) {
		return nil, exception.New(exception.UnicodeDecodeError, "'utf-8' codec can't decode bytes: invalid data")
	}
	return string(b), nil
}

// filterString is the CDK's filter string. It writes any value but text as JSON in triple quotes,
// so that the result is read as text.
func filterString(th *python.Thread, a []any) (any, error) {
	if _, ok := pytext.Of(a[0]); ok {
		return a[0], nil
	}
	b, err := python.DumpJSON(th, a[0], python.JSONStyle{})
	if err != nil {
		return nil, err
	}
	return `"""` + b + `"""`, nil
}

// regexArgs checks the arguments that regex_search and regex_replace share.
func regexArgs(th *python.Thread, pattern, v any) (*pyre.Pattern, string, error) {
	p, ok := pytext.Of(pattern)
	if !ok {
		return nil, "", exception.TypeErrorf("first argument must be string or compiled pattern")
	}
	r, err := pyre.Compile(p)
	if err != nil {
		return nil, "", err
	}
	s, ok := pytext.Of(v)
	if !ok {
		return nil, "", exception.TypeErrorf("expected string or bytes-like object, got '%s'", value.TypeName(v))
	}
	return r, s, th.Step(len(s) / 4) // a search may keep a trace for each character
}

// regexSearch is the filter regex_search: it returns the first group of the first match.
func regexSearch(th *python.Thread, a []any) (any, error) {
	r, s, err := regexArgs(th, a[1], a[0])
	if err != nil {
		return nil, err
	}
	start := time.Now()
	m, err := r.Search(s)
	if err := searched(th, start); err != nil {
		return nil, err
	}
	if err != nil || m == nil || r.Groups() == 0 {
		return "", err
	}
	if g, ok := m.Group(1); ok {
		return g, nil
	}
	return nil, nil
}

// regexReplace is the filter regex_replace, Python's re.sub.
func regexReplace(th *python.Thread, a []any) (any, error) {
	r, s, err := regexArgs(th, a[1], a[0])
	if err != nil {
		return nil, err
	}
	repl, ok := pytext.Of(a[2])
	if !ok {
		return nil, exception.TypeErrorf("replacement must be str, not %s", value.TypeName(a[2]))
	}
	last := time.Now()
	out, err := r.Sub(repl, s, func(written int) error {
		if err := searched(th, last); err != nil {
			return err
		}
		last = time.Now()
		if err := th.Step(1 + len(repl)/32); err != nil {
			return err
		}
		return python.Room(written)
	})
	if late := searched(th, last); late != nil {
		err = late
	}
	return out, err
}

// searched counts a search by its time, the only measure of its work that there is. A usual one
// takes microseconds and counts nothing.
func searched(th *python.Thread, start time.Time) error {
	const unnoticed, step = time.Millisecond, 250 * time.Nanosecond
	if took := time.Since(start); took > unnoticed {
		return th.Step(int(took / step))
	}
	return nil
}
