// Package contract holds what the kinds of components promise each other. It answers the question:
// what may a component expect of another one, of the stream around it and of the run? Contracts
// with the core's read loop are in package tap, contracts about requests and answers in package
// rest.
package contract
