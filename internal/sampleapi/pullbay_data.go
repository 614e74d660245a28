package sampleapi

import (
	"iter"
	"strconv"
	"strings"
	"time"
)

// business is one of the options' businesses and its place among them.
type business struct {
	Business
	index int
}

// list is the name of the business's list, for both endpoints.
func (b business) list() string { return "reviews/" + b.ID }

func (p *pullbay) business(id string) (business, bool) {
	for i, b := range p.opt.Businesses {
		if b.ID == id {
			return business{b, i}, true
		}
	}
	return business{}, false
}

// reviewsEnd is shortly after the latest review: reviews come newest first.
var reviewsEnd = time.Date(2025, time.June, 30, 12, 0, 0, 0, time.UTC)

// review is what filters need to know, with the random numbers for the rest.
type review struct {
	id      int
	rating  int
	created time.Time
	rest    rng
}

// firstReview leaves each business room for five billion reviews on either side.
const firstReview = 5_000_000_000

func (b business) reviewID(key int) int { return (b.index+1)*2*firstReview + firstReview - key }

func (p *pullbay) review(b business, key int) review {
	r := row(p.seed, b.reviewID(key))
	rev := review{id: b.reviewID(key), rating: 1 + max(r.intn(5), r.intn(5))}
	rev.created = reviewsEnd.Add(-time.Duration(key*780+r.intn(700)) * time.Second)
	rev.rest = r
	return rev
}

// content is the text, the same on both endpoints. Some reviews have none.
func (r *review) content(e *encoder, name string) {
	if r.rest.one(40) {
		e.null(name)
		return
	}
	e.prose(name, &r.rest, 1+r.rest.intn(6), r.rest.one(4))
}

func (p *pullbay) writeStandard(e *encoder, r *review) {
	e.open("")
	e.str("id", strconv.Itoa(r.id))
	r.content(e, "text")
	e.num("rating", r.rating)
	e.when("created_at", r.created)
	e.close()
}

func (p *pullbay) writeManaged(e *encoder, r *review) {
	author := rng(mix(uint64(r.id)))
	e.open("")
	e.str("id", strconv.Itoa(r.id))
	e.str("author", author.pick(givenNames)+" "+strconv.Itoa(author.intn(10_000)))
	e.num("rating", r.rating)
	if author.one(6) {
		e.null("title")
	} else {
		e.str("title", author.sentence(1, 4))
	}
	r.content(e, "content")
	e.when("date", r.created)
	if author.one(20) {
		e.null("version")
	} else {
		e.str("version", strconv.Itoa(1+author.intn(9))+"."+strconv.Itoa(author.intn(30)))
	}
	e.num("helpful_count", author.intn(12)*author.intn(3))
	e.close()
}

func (p *pullbay) streams() []string { return []string{"reviews", "reviews_managed"} }

func (p *pullbay) truth(stream string) iter.Seq[Record] {
	write := p.writeStandard
	if stream == "reviews_managed" {
		write = p.writeManaged
	}
	return func(yield func(Record) bool) {
		for i, b := range p.opt.Businesses {
			b := business{b, i}
			for key := range p.rowsOf(b.list(), b.Reviews).all() {
				var e encoder
				rev := p.review(b, key)
				write(&e, &rev)
				if !yield(Record{ID: strconv.Itoa(rev.id), Partition: b.ID, JSON: e.b}) {
					return
				}
			}
		}
	}
}

func (p *pullbay) list(name string) (list, bool) {
	id, found := strings.CutPrefix(name, "reviews/")
	b, ok := p.business(id)
	return list{b.Reviews, func(id string) (int, bool) {
		n, err := strconv.Atoi(id)
		return b.reviewID(0) - n, err == nil
	}}, found && ok
}
