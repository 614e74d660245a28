package paging_test

import (
	"strings"
	"testing"
	"time"

	"anytap/internal/rest/paging"
	"anytap/internal/value"
)

func TestParsePageOptions(t *testing.T) {
	v, err := value.DecodeString(`{"append_only": true, "pages": {
		"strict": true, "expire_after": 1.5, "expired": {"status": [400, 419], "text": "gone"},
		"total": ["page", "totalElements"], "total_pages": ["page", 0], "prefetch": 3, "speculate": true, "neighbours": 7,
		"credits": {"path": ["meta", "credits"], "per": "page", "cost": 0.5}}}`)
	if err != nil {
		t.Fatal(err)
	}
	o, err := paging.ParseSettings(v)
	if err != nil {
		t.Fatal(err)
	}
	if !o.Strict || o.ExpireAfter != 1500*time.Millisecond || o.Prefetch != 3 || !o.Speculate || o.Neighbours != 7 {
		t.Errorf("options %+v", o)
	}
	if strings.Join(o.Total.Names(), ".") != "page.totalElements" || strings.Join(o.TotalPages.Names(), ".") != "page.0" {
		t.Errorf("totals %v, %v", o.Total, o.TotalPages)
	}
	if !o.Expired.Matches(419, "it is gone") || o.Expired.Matches(419, "no") || o.Expired.Matches(410, "gone") {
		t.Errorf("expiry %+v", o.Expired)
	}
	v, err = value.DecodeString(`{"pages": {"expired": {"status": [419], "text": "(?<!not )gone\\Z"}}}`) // in Python's dialect
	if err != nil {
		t.Fatal(err)
	}
	look, err := paging.ParseSettings(v)
	if err != nil {
		t.Fatal(err)
	}
	if !look.Expired.Matches(419, "it is gone") || look.Expired.Matches(419, "it is not gone") || look.Expired.Matches(419, "gone\n") {
		t.Error("the text of an expired cursor is not searched as Python does")
	}
	if got := o.Credits(nil, 50); got != 0.5 {
		t.Errorf("credits %v, expected 0.5", got)
	}
	for _, none := range []any{nil, "text", value.NewDict(0), value.DictOf("pages", nil)} {
		if o, err := paging.ParseSettings(none); err != nil || o.Strict {
			t.Errorf("%v gives %+v, %v", none, o, err)
		}
	}
}

func TestParsePageOptionsRefuses(t *testing.T) {
	tests := map[string]string{
		`{"pages": 1}`:                                "pages is a int",
		`{"pages": {"stric": true}}`:                  "pages.stric is no setting; did you mean strict?",
		`{"pages": {"expired": {"staus": [400]}}}`:    "pages.expired: staus is no setting; did you mean status?",
		`{"pages": {"credits": {"costs": 2}}}`:        "pages.credits: costs is no setting; did you mean cost?",
		`{"pages": {"changes": {"pat": "a"}}}`:        "pages.changes: pat is no setting; did you mean path?",
		`{"pages": {"names": {"record": "r"}}}`:       "pages.names: record is no setting; did you mean records?",
		`{"pages": {"strict": 1}}`:                    "pages.strict: is 1",
		`{"pages": {"prefetch": -1}}`:                 "pages.prefetch",
		`{"pages": {"expire_after": "1 h"}}`:          "pages.expire_after",
		`{"pages": {"total": 3}}`:                     "pages.total",
		`{"pages": {"expired": {"text": "("}}}`:       "pages.expired: text",
		`{"pages": {"expired": {"status": 400}}}`:     "pages.expired: status",
		`{"pages": {"expired": {"status": ["4xx"]}}}`: "pages.expired: status",
		`{"pages": {"credits": {"per": "hour"}}}`:     "per is 'hour'",
		`{"pages": {"credits": {"path": 7}}}`:         "pages.credits: path",
		`{"pages": {"credits": {"cost": "much"}}}`:    "pages.credits: cost",
	}
	for text, says := range tests {
		v, err := value.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := paging.ParseSettings(v); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, expected %q", text, err, says)
		}
	}
}

// TestSettingsAreKnownByTheNamesThatAreRead holds that each name which is accepted is read: none of
// them takes a value of a wrong form.
func TestSettingsAreKnownByTheNamesThatAreRead(t *testing.T) {
	_, err := paging.ParseSettings(value.DictOf("pages", value.DictOf("?", 1)))
	if err == nil {
		t.Fatal("a name that is none is accepted")
	}
	_, names, _ := strings.Cut(err.Error(), "expected one of ")
	for name := range strings.SplitSeq(names, ", ") {
		if _, err := paging.ParseSettings(value.DictOf("pages", value.DictOf(name, value.NewList(value.NewDict(0))))); err == nil {
			t.Errorf("%s is accepted and not read", name)
		}
	}
}

func TestDefaultExpiry(t *testing.T) {
	tests := map[string]struct {
		status int
		text   string
		want   bool
	}{
		"the vendor's":    {400, `{"error":{"code":"cursor_expired","message":"Cursor expired"}}`, true},
		"invalid cursor":  {422, "Invalid cursor", true},
		"page token":      {400, `{"message":"The page_token provided is not valid"}`, true},
		"next page token": {410, "Next-Page-Token has expired", true},
		"scroll":          {404, "No search context found: scroll id not found", true},
		"foreign":         {400, `{"error":{"code":"invalid_parameter","message":"cursor: belongs to another query"}}`, true},
		"a parameter":     {400, "parameter limit is invalid", false},
		"not found":       {404, `{"message":"not found"}`, false},
		"rate limit":      {429, "cursor expired", false},
		"server":          {500, "cursor expired", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := paging.DefaultExpiry.Matches(test.status, test.text); got != test.want {
				t.Errorf("matches: %v", got)
			}
		})
	}
}
