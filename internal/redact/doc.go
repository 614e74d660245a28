// Package redact keeps secrets out of texts.
package redact
