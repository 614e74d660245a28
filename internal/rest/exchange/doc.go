// Package exchange carries out one exchange with an API, with everything around it.
//
// A Client holds what a run shares. An Endpoint sends requests of one kind. Its layers, from the
// outside in:
//
//	cache.go      answers kept between runs, in files
//	runcache.go   answers kept for this run
//	retry.go      tries: judge the answer, wait, refresh the token, try again (row.go counts those that failed, hints.go
//	              reads what headers say of waits, unreachable.go is for hosts that can not be reached)
//	sign.go       the authenticator signs the try
//	prepare.go    the request is built and encoded, with cookies (cookies.go)
//	origin.go     whether it goes to a host of the configuration; if not, without credentials
//	redirect.go   redirects are followed, each a request of its own
//	send.go       limits: the manifest's call rates (budget.go, matcher.go), the API's own pace (pace.go;
//	              refusals.go where it does not say it), the run's rate (limit.go), the run's number of requests (client.go)
//	roundtrip.go  one request and its timeouts, over connections that transport.go makes, to hosts that may be asked (reach.go), with the
//	              user's certificates (certificates.go) and the environment's proxies (proxy.go)
//	body.go       the body is decompressed (decompress.go), looked at (rest.Peek) and held in memory that is used again (memory.go)
//	strict.go     an answer that says it is JSON and is not counts as broken, where the run wants that
//	failure.go    the error of an answer that ends a stream; secrets.go keeps secrets out of it
package exchange
