package redact

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

// A sealed text has placeholders where secrets stood, which name them: «secret:auth.key», or with
// the spelling «secret:auth.key|query». A text in Base64 that held a secret stands decoded in
// «base64:…». What a placeholder cannot put back is «secret:?». The signs themselves become «lt»
// and «gt».
const (
	opening    = "«"
	closing    = "»"
	sealSecret = "secret:"
	sealBase64 = "base64:"
	sealLeft   = "lt"
	sealRight  = "gt"
)

// Unknown is the name of secrets that have none, and of what several secrets make together.
const Unknown = "?"

// mostNested is how many texts in Base64 may stand in one another.
const mostNested = 3

// Name gives a secret the name by which placeholders call it. The first name counts. A secret that
// is not known yet is added. false: it has a name, or is too short to be hidden.
func (r *Redactor) Name(name, secret string) bool {
	if len(secret) < shortestSecret {
		return false
	}
	r.mu.RLock()
	_, named := r.names[secret]
	r.mu.RUnlock()
	if named {
		return false
	}
	r.Add(secret)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[secret] = strings.NewReplacer(opening, "_", closing, "_", "|", "_").Replace(name)
	return true
}

// Seal replaces the secrets of a text by placeholders, which Unseal undoes.
func (r *Redactor) Seal(text string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.seal(text, mostNested)
}

func (r *Redactor) seal(text string, nested int) string {
	found := r.find(text)
	if found == nil {
		return escapeSigns(text)
	}
	for i, f := range found {
		if f.spelling == within {
			found[i].from, found[i].to = base64Around(text, f.from, f.to)
		}
	}
	slices.SortStableFunc(found, byPlace)
	var b strings.Builder
	end := 0
	for _, f := range joined(found) {
		b.WriteString(escapeSigns(text[end:f.from]))
		b.WriteString(r.placeholder(text, f, nested))
		end = f.to
	}
	b.WriteString(escapeSigns(text[end:]))
	return b.String()
}

// placeholder stands for a finding.
func (r *Redactor) placeholder(text string, f finding, nested int) string {
	if f.spelling == within {
		if inner, alphabet, ok := decode64(text[f.from:f.to]); ok && nested > 0 && r.find(inner) != nil {
			return opening + sealBase64 + alphabet + ":" + r.seal(inner, nested-1) + closing
		}
		return opening + sealSecret + Unknown + closing
	}
	name, named := r.names[f.secret]
	if !named {
		return opening + sealSecret + Unknown + closing
	}
	s, writable := spellingOf(f.secret, text[f.from:f.to], f.spelling)
	if !writable {
		name = Unknown
	} else if s == plain {
		s = spellingAt(text, f.from, f.secret)
	}
	if s != plain {
		name += "|" + string(s)
	}
	return opening + sealSecret + name + closing
}

// spellingAt is how another secret must be written in place of one that all spellings leave as it
// is: escaped, if it stands in an address.
func spellingAt(text string, at int, secret string) spelling {
	before := text[:at]
	switch {
	case !strings.HasPrefix(text, "http") && !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "?"):
	case strings.Contains(before, "?"):
		if escaped, _ := inQuery.write(secret); escaped == secret {
			return inQuery
		}
	default:
		if escaped, _ := inPath.write(secret); escaped == secret {
			return inPath
		}
	}
	return plain
}

var signEscapes = strings.NewReplacer(opening, opening+sealLeft+closing, closing, opening+sealRight+closing)

func escapeSigns(text string) string {
	if !strings.ContainsAny(text, opening+closing) {
		return text // the replacer would copy it
	}
	return signEscapes.Replace(text)
}

// base64Around widens a part of a text to all of the Base64 that it stands in, padding included.
func base64Around(text string, from, to int) (int, int) {
	for from > 0 && isBase64(text[from-1]) {
		from--
	}
	for to < len(text) && isBase64(text[to]) {
		to++
	}
	for to < len(text) && text[to] == '=' {
		to++
	}
	return from, to
}

func isBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-' || c == '_'
}

// alphabets are the kinds of Base64, by the names that placeholders have.
var alphabets = map[string]*base64.Encoding{"std": base64.StdEncoding, "raw": base64.RawStdEncoding, "url": base64.URLEncoding, "rawurl": base64.RawURLEncoding}

// decode64 decodes a text if the same text can be made of it again.
func decode64(text string) (inner, alphabet string, ok bool) {
	for _, name := range []string{"std", "raw", "url", "rawurl"} {
		data, err := alphabets[name].DecodeString(text)
		if err == nil && utf8.Valid(data) && alphabets[name].EncodeToString(data) == text {
			return string(data), name, true
		}
	}
	return "", "", false
}

// Unseal puts secrets back into a sealed text. lookUp gives a secret by its name. Texts that were
// not sealed stay as they are. missing names a secret that there is not.
func (r *Redactor) Unseal(text string, lookUp func(name string) (string, bool)) (whole, missing string) {
	if !strings.Contains(text, opening) {
		return text, ""
	}
	u := &unsealer{rest: text, lookUp: lookUp}
	return u.text(0), u.missing
}

// Named gives the secret of a name that it was made with.
func (r *Redactor) Named(name string) (string, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, s := range r.fixed {
		if r.names[s] == name {
			return s, true
		}
	}
	return "", false
}

// unsealer reads a sealed text.
type unsealer struct {
	rest    string
	lookUp  func(name string) (string, bool)
	missing string
}

// text reads up to the end, or inside of a placeholder up to its closing sign.
func (u *unsealer) text(depth int) string {
	var b strings.Builder
	for u.rest != "" {
		switch {
		case depth > 0 && strings.HasPrefix(u.rest, closing):
			u.rest = u.rest[len(closing):]
			return b.String()
		case strings.HasPrefix(u.rest, opening):
			b.WriteString(u.one(depth))
		default:
			i := strings.IndexAny(u.rest[1:], opening+closing)
			if i < 0 {
				i = len(u.rest) - 1
			}
			b.WriteString(u.rest[:i+1])
			u.rest = u.rest[i+1:]
		}
	}
	return b.String()
}

// one reads a placeholder, or the sign alone where there is none.
func (u *unsealer) one(depth int) string {
	after := u.rest[len(opening):]
	content, behind, closed := strings.Cut(after, closing)
	switch {
	case closed && content == sealLeft:
		u.rest = behind
		return opening
	case closed && content == sealRight:
		u.rest = behind
		return closing
	case closed && strings.HasPrefix(content, sealSecret) && !strings.Contains(content, opening):
		u.rest = behind
		return u.secret(content[len(sealSecret):])
	case strings.HasPrefix(after, sealBase64) && depth <= mostNested:
		name, inner, ok := strings.Cut(after[len(sealBase64):], ":")
		if encoding := alphabets[name]; ok && encoding != nil {
			u.rest = inner
			return encoding.EncodeToString([]byte(u.text(depth + 1)))
		}
	}
	u.rest = after
	return opening
}

// secret is what stands for a placeholder.
func (u *unsealer) secret(content string) string {
	name, how, _ := strings.Cut(content, "|")
	secret, ok := "", false
	if name != Unknown {
		secret, ok = u.lookUp(name)
	}
	text, spelled := spelling(how).write(secret)
	if !ok || !spelled {
		u.missing = name
	}
	return text
}
