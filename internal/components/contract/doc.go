// Package contract holds what components promise each other, and how they find what the run shares.
package contract
