// Package spec compiles a manifest's spec: what its configuration may hold, and how an older one is brought into the present form.
package spec
