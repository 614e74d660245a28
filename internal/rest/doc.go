// Package rest turns slices into pages over HTTP: the page loop, and the layers around one exchange (limit, sign, send, judge, retry, cache).
package rest
