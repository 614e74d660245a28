package exchange

import (
	"net/http"
	"testing"
	"time"

	"anytap/internal/rest"
)

func TestReadHints(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		header map[string]string
		want   hints
	}{
		"nothing":              {nil, hints{left: -1}},
		"seconds":              {map[string]string{"Retry-After": " 2.5 "}, hints{left: -1, retryAfter: 2500 * time.Millisecond}},
		"negative":             {map[string]string{"Retry-After": "-3"}, hints{left: -1}},
		"no number":            {map[string]string{"Retry-After": "soon", "X-RateLimit-Remaining": "some"}, hints{left: -1}},
		"NaN":                  {map[string]string{"Retry-After": "NaN"}, hints{left: -1}},
		"huge":                 {map[string]string{"Retry-After": "99999999999999999999", "X-RateLimit-Reset": "99999999999999999999"}, hints{left: -1, retryAfter: time.UnixMilli(1e17).Sub(now), reset: time.UnixMilli(1e17).Sub(now)}},
		"huge, structured":     {map[string]string{"RateLimit": `"default";r=0;t=9223372036854775807`}, hints{left: 0, reset: rest.Seconds(1e300)}},
		"an exponent":          {map[string]string{"Retry-After": "1e3"}, hints{left: -1}},
		"milliseconds":         {map[string]string{"X-Rate-Limit-Reset": "1795132801500", "X-Rate-Limit-Remaining": "3"}, hints{left: 3, reset: 1500 * time.Millisecond}},
		"several windows":      {map[string]string{"RateLimit-Limit": "100, 100;w=60, 5000;w=3600", "RateLimit-Remaining": "9", "RateLimit-Reset": "50"}, hints{left: 9, limit: 100, reset: 50 * time.Second}},
		"date":                 {map[string]string{"X-RateLimit-Reset": "2026-11-20T00:01:00Z"}, hints{left: -1, reset: time.Minute}},
		"past":                 {map[string]string{"Retry-After": "Fri, 20 Nov 2026 00:00:00 GMT"}, hints{left: -1}},
		"a minute's own count": {map[string]string{"X-RateLimit-Remaining-Minute": "4", "X-RateLimit-Limit-Minute": "200"}, hints{left: 4, limit: 200, reset: time.Minute}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for k, v := range c.header {
				h.Set(k, v)
			}
			if got := readHints(h, now); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func FuzzReadHints(f *testing.F) {
	f.Add("12", `"default";r=1;t=2`, "limit=1, remaining=0, reset=9")
	f.Add("Fri, 20 Nov 2026 00:00:00 GMT", ";;=,", "\"")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		h := http.Header{"Retry-After": {a}, "Ratelimit": {b}, "Ratelimit-Policy": {c}, "X-Ratelimit-Reset": {c}, "X-Ratelimit-Remaining": {b}}
		if got := readHints(h, time.Unix(0, 0)); got.retryAfter < 0 || got.reset < 0 || got.left < -1 || got.limit < 0 {
			t.Errorf("%+v", got)
		}
	})
}
