// Package paging reads the pages of a slice, one behind the other or several ahead, and knows where an interrupted read goes on.
package paging
