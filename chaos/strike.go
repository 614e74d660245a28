package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// strike is one fault of a run: it hits the requests at, at+1, …, at+times-1. Faults of the wire
// last for times × 150 ms from request at on.
type strike struct {
	at, times int
	fault     string
	arg       int // what the fault makes of it: a tenth of the body, a status
}

func (s strike) String() string { return fmt.Sprintf("%s(%d)@%d×%d", s.fault, s.arg, s.at, s.times) }

func (s strike) hits(request int) bool { return request >= s.at && request < s.at+s.times }

// lasts is how long a fault of the wire lasts.
func (s strike) lasts() time.Duration { return time.Duration(s.times) * 150 * time.Millisecond }

// Faults of answers, which the HTTP proxy makes, and of the wire, which Toxiproxy makes.
var (
	answerFaults = []string{
		"cut", "cut chunked", "long", "short", "gzip damaged", "gzip cut", "html", "429", "429 bare", "5xx", "redirect", "redirect loop", "nowhere",
		"revoke", "stall", "drip", "empty", "close", "no type",
	}
	wireFaults = []string{"reset", "reset request", "timeout", "slicer", "bandwidth", "limit", "latency", "slow close", "down", "certificate"}
)

// randomStrike makes a strike for a run of about so many requests.
func randomStrike(r *rand.Rand, requests int, k *kind) strike {
	for {
		s := strike{at: 1 + r.IntN(max(requests, 2)), times: 1 + r.IntN(3)}
		if r.IntN(12) == 0 {
			s.times = 9 // more than is tried again
		}
		if r.IntN(3) == 0 {
			s.fault = wireFaults[r.IntN(len(wireFaults))]
		} else {
			s.fault = answerFaults[r.IntN(len(answerFaults))]
		}
		switch s.fault {
		case "429 bare":
			s.times = min(s.times, 2) // each is waited for
		case "5xx":
			s.arg = []int{500, 502, 503, 504, 520, 408}[r.IntN(6)]
		case "redirect loop":
			s.times = 40
		case "certificate":
			s.times *= 4
			if !k.tls {
				continue
			}
		default:
			s.arg = r.IntN(11)
		}
		if !k.spared[s.fault] {
			return s
		}
	}
}
