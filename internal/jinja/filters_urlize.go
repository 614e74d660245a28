package jinja

import (
	"regexp"
	"sort"
	"strings"
	"sync"

	"anytap/internal/python"
	"anytap/internal/python/exception"
	"anytap/internal/python/number"
	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// linkPatterns are the patterns of urlize.
type linkPatterns struct{ link, mail, scheme, head, tail *regexp.Regexp }

// links compiles the patterns on first use. With all letters of Unicode they are large, and few
// templates use urlize.
var links = sync.OnceValue(func() linkPatterns {
	return linkPatterns{
		link: regexp.MustCompile(`(?i)^(?:(?:https?://|www\.)(?:(?:[\pL\pN_%-]+\.)+)?(?:[a-z]{2,63}|xn--[\pL\pN_%]{2,59})` +
			`|(?:[\pL\pN_%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)` +
			`|https?://(?:\d{1,3}(?:\.\d{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\]))(?::\d{1,5})?(?:[/?#]\S*)?$`),
		mail:   regexp.MustCompile(`^\S+@[\pL\pN_][\pL\pN_.-]*\.[\pL\pN_]+$`),
		scheme: regexp.MustCompile(`^[\pL\pN_.+-]{2,}:/{0,2}$`),
		head:   regexp.MustCompile(`^(?:[(<]|&lt;)+`),
		tail:   regexp.MustCompile(`(?:[)>.,\n]|&gt;)+$`),
	}
})

// filterUrlize turns the addresses in a text into links.
func filterUrlize(th *python.Thread, a []any) (any, error) {
	m, err := escaped(th, a[0])
	if err != nil {
		return nil, err
	}
	l := &linker{limit: -1}
	if a[1] != nil {
		if l.limit, err = number.IntArg(a[1]); err != nil {
			return nil, err
		}
	}
	rels := map[string]bool{"noopener": true}
	if value.Truth(a[2]) {
		rels["nofollow"] = true
	}
	if rel, ok := pytext.Of(a[4]); ok {
		for _, r := range strings.FieldsFunc(rel, pytext.IsSpace) {
			rels[r] = true
		}
	}
	var list []string
	for r := range rels {
		list = append(list, r)
	}
	sort.Strings(list)
	l.attrs = ` rel="` + pytext.EscapeHTML(strings.Join(list, " ")) + `"`
	if value.Truth(a[3]) {
		target, err := escaped(th, a[3])
		if err != nil {
			return nil, err
		}
		l.attrs += ` target="` + string(target) + `"`
	}
	if a[5] != nil {
		err := python.Each(th, a[5], func(v any) error {
			s, err := pytext.Arg(v)
			if err == nil && !links().scheme.MatchString(s) {
				err = exception.New(filterArgument, "%s is not a valid URI scheme prefix.", value.Repr(s))
			}
			l.schemes = append(l.schemes, s)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return pytext.MarkupIf(l.text(string(m)), stateOf(th).escape), nil
}

// linker replaces the addresses in a text by links.
type linker struct {
	limit   int      // characters of a web address to show; -1: all
	attrs   string   // attributes of a link, each after a blank
	schemes []string // further URI schemes to link
}

func (l *linker) text(s string) string {
	var b strings.Builder
	for s != "" {
		n := strings.IndexFunc(s, pytext.IsSpace)
		if n < 0 {
			n = len(s)
		}
		b.WriteString(l.word(s[:n]))
		s = s[n:]
		n = len(s) - len(strings.TrimLeftFunc(s, pytext.IsSpace))
		b.WriteString(s[:n])
		s = s[n:]
	}
	return b.String()
}

// word links a word without the brackets and punctuation around it.
func (l *linker) word(w string) string {
	head := links().head.FindString(w)
	middle := w[len(head):]
	tail := links().tail.FindString(middle)
	middle = middle[:len(middle)-len(tail)]
	for _, p := range [][2]string{{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}} {
		opened := strings.Count(middle, p[0])
		if opened <= strings.Count(middle, p[1]) {
			continue
		}
		n := 0 // bytes of the tail that close what is open
		for range min(opened, strings.Count(tail, p[1])) {
			n += strings.Index(tail[n:], p[1]) + len(p[1])
		}
		middle, tail = middle+tail[:n], tail[n:]
	}
	return head + l.link(middle) + tail
}

func (l *linker) link(s string) string {
	switch {
	case links().link.MatchString(s):
		url := s
		if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
			url = "https://" + s
		}
		return `<a href="` + url + `"` + l.attrs + ">" + l.short(s) + "</a>"
	case strings.HasPrefix(s, "mailto:") && links().mail.MatchString(s[7:]):
		return `<a href="` + s + `">` + s[7:] + "</a>"
	case strings.Contains(s, "@") && !strings.HasPrefix(s, "www.") && !strings.HasPrefix(s, "@") &&
		!strings.Contains(s, ":") && links().mail.MatchString(s):
		return `<a href="mailto:` + s + `">` + s + "</a>"
	}
	for _, scheme := range l.schemes {
		if s != scheme && strings.HasPrefix(s, scheme) {
			s = `<a href="` + s + `"` + l.attrs + ">" + s + "</a>"
		}
	}
	return s
}

func (l *linker) short(s string) string {
	if l.limit >= 0 && pytext.Len(s) > l.limit {
		return pytext.Prefix(s, l.limit) + "..."
	}
	return s
}
