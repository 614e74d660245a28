// Package resolver makes streams at run time: it fills a stream's template once for each set of values that it finds.
package resolver
