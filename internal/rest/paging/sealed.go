package paging

import (
	"anytap/internal/value"
	"anytap/state"
)

// sealed is a token for the state and for messages: the API may have put a secret into it, as it
// does where a next address repeats the key. A placeholder takes its place there.
func (w *walk) sealed(token any) any {
	if w.kind == state.Page || w.kind == state.Offset {
		return token
	}
	return w.sealedText(token)
}

// sealedText is sealed for what is no page's token.
func (w *walk) sealedText(v any) any {
	seal := w.requests.Seal
	if seal == nil || v == nil {
		return v
	}
	out, _ := eachText(v, func(text string) (string, error) { return seal(text), nil })
	return out
}

// unsealed is a token of an earlier run with the secrets as they are now.
func (w *walk) unsealed(token any) (any, error) {
	unseal := w.requests.Unseal
	if unseal == nil || token == nil {
		return token, nil
	}
	return eachText(token, func(text string) (string, error) { return unseal(w.ctx, text) })
}

// eachText is v with each text in it changed. What stays the same is shared.
func eachText(v any, change func(string) (string, error)) (any, error) {
	switch v := v.(type) {
	case string:
		return change(v)
	case *value.List:
		out, same := make([]any, 0, v.Len()), true
		for _, item := range v.All() {
			changed, err := eachText(item, change)
			if err != nil {
				return nil, err
			}
			same = same && value.Equal(changed, item)
			out = append(out, changed)
		}
		if same {
			return v, nil
		}
		return value.NewList(out...), nil
	case *value.Dict:
		out, same := value.NewDict(v.Len()), true
		for key, item := range v.AllKeys() {
			changed, err := eachText(item, change)
			if err != nil {
				return nil, err
			}
			same = same && value.Equal(changed, item)
			out.SetKey(key, changed)
		}
		if same {
			return v, nil
		}
		return out, nil
	}
	return v, nil
}
