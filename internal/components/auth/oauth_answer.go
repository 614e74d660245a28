package auth

import (
	"math"
	"time"

	"anytap/internal/python/number"
	"anytap/internal/tap"
	"anytap/internal/value"
)

// deepest is how deep below the top of an answer a field may be nested.
const deepest = 5

// find looks for a key at the top of an answer, then inside its members, one after the other; nil:
// there is none. An answer that is nested deeper before the key is found is an error, as in the
// reference runtime.
func find(v any, key string, depth int) (any, error) {
	if depth > deepest {
		return nil, tap.Errorf(tap.Config, "the answer of the token endpoint has no %s in its first %d levels", key, deepest)
	}
	switch v := v.(type) {
	case *value.Dict:
		if found, ok := v.Get(key); ok {
			return found, nil
		}
		for _, inner := range v.AllKeys() {
			if found, err := find(inner, key, depth+1); found != nil || err != nil {
				return found, err
			}
		}
	case *value.List:
		for _, inner := range v.All() {
			if found, err := find(inner, key, depth+1); found != nil || err != nil {
				return found, err
			}
		}
	}
	return nil, nil
}

// accessToken is the access token of an answer; nil: none.
func (e *endpoint) accessToken(answer any) (any, error) {
	name, err := e.accessName.text()
	if err != nil {
		return nil, err
	}
	token, err := find(answer, name, 0)
	e.secret(token)
	return token, err
}

// defaultLife is how long a token is valid where the answer does not say it.
const defaultLife = time.Hour

// expiry is when the answer's token expires: what the answer says, else present (when the last
// token expires) if isGood says that this is still to come, else in an hour.
func (e *endpoint) expiry(answer any, present time.Time, isGood bool) (time.Time, error) {
	name, err := e.expiresName.text()
	if err != nil {
		return time.Time{}, err
	}
	v, err := find(answer, name, 0)
	switch {
	case err != nil:
		return time.Time{}, err
	case v == nil && isGood:
		return present, nil
	case v == nil:
		return e.run.now().UTC().Add(defaultLife), nil
	case e.isDate:
		t, err := parseDate(value.Str(v), e.run.now())
		if err != nil {
			return t, tap.Errorf(tap.System, "%s of the token endpoint's answer: %w", name, err)
		}
		return t, nil
	}
	seconds, err := number.Float(v)
	if err != nil || math.IsNaN(seconds) || math.Abs(seconds) > longestLife {
		return time.Time{}, tap.Errorf(tap.System, "%s of the token endpoint's answer is %s, expected a number of seconds", name, value.Repr(v))
	}
	return e.run.now().UTC().Add(time.Duration(seconds) * time.Second), nil
}

// longestLife is the longest life of a token that is accepted, in seconds.
const longestLife = 200 * 365 * 86400
