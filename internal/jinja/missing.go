package jinja

// missing marks a local that has no value.
type missingMark struct{}

var missing any = missingMark{}
