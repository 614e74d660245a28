package exchange

import (
	"math"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// row counts tries of one kind since the first of them.
type row struct {
	tries int
	began time.Time
	waits *backoff.ExponentialBackOff
}

// most is the number of tries in a row that the handler allows.
func (t *attempts) most() int {
	retries, _ := t.x.Handler.MaxRetries()
	return min(max(retries, 0), math.MaxInt32) + 1
}

// next counts a try that failed; spent says that it was the last.
func (w *row) next(at time.Time, most int, maxTime time.Duration) (spent bool) {
	if w.tries == 0 {
		w.began = at
	}
	w.tries++
	return w.tries >= most || maxTime > 0 && at.Sub(w.began) >= maxTime
}
