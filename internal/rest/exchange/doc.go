// Package exchange carries out one exchange with an API: it signs, limits, sends, judges, tries again and keeps answers.
package exchange
