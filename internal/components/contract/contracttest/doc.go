// Package contracttest holds the checks that every cursor and every partition router has to pass.
package contracttest
