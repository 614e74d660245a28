package sampleapi

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FaultHeader is the request header that sets faults for one request, in the form that
// [Faults.Parse] reads. They are added to the faults of the server's options.
const FaultHeader = "X-Sample-Faults"

// Faults say how a sample server misbehaves. With the zero value it does not.
//
// Fields that count requests ("every n-th") use the system's own count of API requests: 1 means
// each, 0 never. Fields that name a page, from 1, take effect from that page on. When pages have no
// number, it is the position divided by the page size. FaultHelp lists the names that the header
// and Parse take.
type Faults struct {
	// Rate is the most requests answered in any window of length Per (default a minute); more get
	// 429. The headers are in the form RateForm (default: the system's own).
	Rate     int
	Per      time.Duration
	RateForm RateForm

	// Throttle answers every n-th request 429, Fail with FailStatus (default 500). RetryAfter is
	// what a throttled answer's headers say (default 1 s).
	Throttle, Fail int
	FailStatus     int
	RetryAfter     time.Duration
	// TokenFail answers every n-th token request 500.
	TokenFail int

	// Every n-th answer: Cut drops the connection in the middle of the body, Stall stops there
	// until the client leaves, InvalidJSON ends the answer there, TextType gives JSON the type
	// text/html, HTML sends a web page with 200, Close closes the connection after the answer.
	Cut, Stall, InvalidJSON, TextType, HTML, Close int

	// Every n-th request: Redirect sends 302 to the same address, RedirectHost to the same server
	// under its other loopback name (127.0.0.1 and localhost).
	Redirect, RedirectHost int

	// Latency passes before anything is answered.
	Latency time.Duration
	// Gzip is "" for none, "accepted" to compress for clients that accept it, "always" to compress
	// regardless.
	Gzip string

	// The first request for that page or a later one changes the list, once and for good: Insert
	// puts Rows records (default 1) before the first, Append after the last, Remove deletes the
	// first ones, Edit marks them as modified now.
	Insert, Append, Remove, Edit int
	Rows                         int

	// From that page on, the list is empty, null or missing, whatever paging says.
	EmptyList, NullList, MissingList int
	// From that page on, the cursor or link leads to the same page again, to the second page again,
	// or is missing although there is a next page.
	StuckCursor, RepeatCursor, NoCursor int
	// Once for each query, the first request by cursor for that page or a later one is answered as
	// if the cursor had expired, or belonged to another query.
	ExpiredCursor, ForeignCursor int
	// CursorAtEnd sends a next cursor with the last page too (has_more is false).
	CursorAtEnd bool

	// Clamp answers a page past the end with the last one; IgnorePaging answers as if no paging
	// parameter had been sent.
	Clamp, IgnorePaging bool

	// JSONServer1 lets JSONPlaceholder page as json-server 1.x does.
	JSONServer1 bool
}

type fault struct {
	name, value, help string
	set               func(*Faults, string) error
}

// faultTable has the order in which FaultHelp prints.
var faultTable = []fault{
	{"rate", "N/DURATION", "answer 429 beyond N requests in any window of that length", setRate},
	{"rate_form", "FORM", "headers: minute, epoch, seconds, ietf, ietf-fields, retry-after, retry-after-date, none; joined with +", setRateForm},
	{"throttle", "N", "429 for every n-th request", number(func(f *Faults) *int { return &f.Throttle })},
	{"retry_after", "DURATION", "what a throttled answer tells to wait", duration(func(f *Faults) *time.Duration { return &f.RetryAfter })},
	{"fail", "N", "500 for every n-th request", number(func(f *Faults) *int { return &f.Fail })},
	{"fail_status", "CODE", "status in place of that 500", setFailStatus},
	{"token_fail", "N", "500 for every n-th token request", number(func(f *Faults) *int { return &f.TokenFail })},
	{"cut", "N", "drop every n-th connection in mid-body", number(func(f *Faults) *int { return &f.Cut })},
	{"stall", "N", "stop every n-th answer in mid-body", number(func(f *Faults) *int { return &f.Stall })},
	{"invalid_json", "N", "end every n-th body in its middle", number(func(f *Faults) *int { return &f.InvalidJSON })},
	{"text_type", "N", "call every n-th answer text/html", number(func(f *Faults) *int { return &f.TextType })},
	{"html", "N", "a web page with 200 for every n-th request", number(func(f *Faults) *int { return &f.HTML })},
	{"close", "N", "close the connection after every n-th answer", number(func(f *Faults) *int { return &f.Close })},
	{"redirect", "N", "redirect every n-th request to the same address", number(func(f *Faults) *int { return &f.Redirect })},
	{"redirect_host", "N", "redirect every n-th request to another host name", number(func(f *Faults) *int { return &f.RedirectHost })},
	{"latency", "DURATION", "wait before answering", duration(func(f *Faults) *time.Duration { return &f.Latency })},
	{"gzip", "accepted|always|0", "compress answers", setGzip},
	{"insert", "PAGE", "put rows before the first, once, when that page is asked for", number(func(f *Faults) *int { return &f.Insert })},
	{"append", "PAGE", "add rows after the last, likewise", number(func(f *Faults) *int { return &f.Append })},
	{"remove", "PAGE", "remove the first rows, likewise", number(func(f *Faults) *int { return &f.Remove })},
	{"edit", "PAGE", "modify the first rows, likewise", number(func(f *Faults) *int { return &f.Edit })},
	{"rows", "N", "how many rows those four concern (1)", number(func(f *Faults) *int { return &f.Rows })},
	{"empty_list", "PAGE", "an empty list from that page on", number(func(f *Faults) *int { return &f.EmptyList })},
	{"null_list", "PAGE", "null in place of the list from that page on", number(func(f *Faults) *int { return &f.NullList })},
	{"missing_list", "PAGE", "no list from that page on", number(func(f *Faults) *int { return &f.MissingList })},
	{"stuck_cursor", "PAGE", "from that page on, the next page is the same again", number(func(f *Faults) *int { return &f.StuckCursor })},
	{"repeat_cursor", "PAGE", "from that page on, the next page is the second again", number(func(f *Faults) *int { return &f.RepeatCursor })},
	{"no_cursor", "PAGE", "from that page on, more is promised without a cursor", number(func(f *Faults) *int { return &f.NoCursor })},
	{"expired_cursor", "PAGE", "the cursor of that page has expired, once", number(func(f *Faults) *int { return &f.ExpiredCursor })},
	{"foreign_cursor", "PAGE", "the cursor of that page belongs to another query, once", number(func(f *Faults) *int { return &f.ForeignCursor })},
	{"cursor_at_end", "1", "a next cursor on the last page too", toggle(func(f *Faults) *bool { return &f.CursorAtEnd })},
	{"clamp", "1", "past the end, the last page again", toggle(func(f *Faults) *bool { return &f.Clamp })},
	{"ignore_paging", "1", "paging parameters are ignored", toggle(func(f *Faults) *bool { return &f.IgnorePaging })},
	{"json_server", "0|1", "JSONPlaceholder as json-server 1.x", toggle(func(f *Faults) *bool { return &f.JSONServer1 })},
}

// FaultHelp lists the faults by name, one a line, for a command's help.
func FaultHelp() string {
	var b strings.Builder
	for _, f := range faultTable {
		fmt.Fprintf(&b, "%-34s %s\n", f.name+"="+f.value, f.help)
	}
	return b.String()
}

// Parse adds settings such as "throttle=5; rate=60/1m" to f. 0 switches a fault off. An error names
// the setting. Those before it are set.
func (f *Faults) Parse(settings string) error {
	for part := range strings.SplitSeq(settings, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if name == "" {
			continue
		}
		at := -1
		for i := range faultTable {
			if faultTable[i].name == strings.TrimSpace(name) {
				at = i
			}
		}
		if at < 0 {
			return fmt.Errorf("fault %q: unknown name", name)
		}
		if err := faultTable[at].set(f, strings.TrimSpace(value)); err != nil {
			return fmt.Errorf("fault %s=%s: %w", name, value, err)
		}
	}
	return nil
}

func number(at func(*Faults) *int) func(*Faults, string) error {
	return func(f *Faults, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return fmt.Errorf("want a whole number from 0")
		}
		*at(f) = n
		return nil
	}
}

func duration(at func(*Faults) *time.Duration) func(*Faults, string) error {
	return func(f *Faults, v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < 0 {
			return fmt.Errorf("want a duration such as 250ms")
		}
		*at(f) = d
		return nil
	}
}

func toggle(at func(*Faults) *bool) func(*Faults, string) error {
	return func(f *Faults, v string) error {
		on, err := strconv.ParseBool(v)
		if err != nil {
			return fmt.Errorf("want 0 or 1")
		}
		*at(f) = on
		return nil
	}
}

func setRate(f *Faults, v string) error {
	count, per, found := strings.Cut(v, "/")
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 {
		return fmt.Errorf("want a count and a window such as 60/1m")
	}
	window := time.Minute
	if found {
		if window, err = time.ParseDuration(per); err != nil || window <= 0 {
			return fmt.Errorf("want a count and a window such as 60/1m")
		}
	}
	f.Rate, f.Per = n, window
	return nil
}

func setRateForm(f *Faults, v string) error {
	if err := RateForm(v).check(); err != nil {
		return err
	}
	f.RateForm = RateForm(v)
	return nil
}

func setFailStatus(f *Faults, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 400 || n > 599 {
		return fmt.Errorf("want a status from 400 to 599")
	}
	f.FailStatus = n
	return nil
}

func setGzip(f *Faults, v string) error {
	switch v {
	case "0":
		f.Gzip = ""
	case "1":
		f.Gzip = gzipAccepted
	case gzipAccepted, gzipAlways:
		f.Gzip = v
	default:
		return fmt.Errorf("want accepted, always or 0")
	}
	return nil
}

const (
	gzipAccepted = "accepted"
	gzipAlways   = "always"
)

// due tells whether a fault of every n-th request strikes the request of that number.
func due(every, number int) bool { return every > 0 && number%every == 0 }

// reached tells whether a fault from some page on strikes that page.
func reached(from, page int) bool { return from > 0 && page >= from }

// next gives the number of the page that the answer says is next; 0 for none.
func (f Faults) next(page, last int) int {
	switch {
	case reached(f.NoCursor, page):
		return 0
	case reached(f.StuckCursor, page):
		return page
	case reached(f.RepeatCursor, page):
		return min(2, page)
	case page < last:
		return page + 1
	}
	return 0
}

// list says how a page's list is spoilt: "", "empty", "null" or "missing".
func (f Faults) list(page int) string {
	switch {
	case reached(f.MissingList, page):
		return "missing"
	case reached(f.NullList, page):
		return "null"
	case reached(f.EmptyList, page):
		return "empty"
	}
	return ""
}
