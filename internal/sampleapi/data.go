package sampleapi

import (
	"hash/fnv"
	"iter"
	"maps"
	"strconv"
	"strings"
	"time"
)

// rng is SplitMix64. It has eight bytes of state, so each record has one of its own and no record
// depends on another.
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	return mix(uint64(*r))
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// intn gives 0 ≤ x < n.
func (r *rng) intn(n int) int { return int(r.next() >> 33 % uint64(n)) }

// one is true in one of n cases.
func (r *rng) one(n int) bool { return r.intn(n) == 0 }

func (r *rng) pick(list []string) string { return list[r.intn(len(list))] }

// streamSeed is the seed of a stream, from which row makes that of a record.
func streamSeed(seed uint64, stream string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(stream))
	return mix(seed ^ h.Sum64())
}

func row(stream uint64, key int) rng { return rng(mix(stream + uint64(key)*0xd1b54a32d192ed03)) }

var (
	givenNames  = strings.Fields("Ada Bruno Chloé Dmitri Elif Søren Ingrid Yūki Zoë Kwame María Noor Óscar Priya Quentin Rosa Siân Tomáš Uma Vítor")
	familyNames = strings.Fields("Okafor Lindqvist Müller Nakamura Ferreira O'Brien Çelik Dvořák Haddad Ivanova Jensen Kowalski Łuczak Moreau Nguyễn Petrov Quispe Rossi Šimić Tran")
	places      = strings.Fields("Harbourton Nørdal Kestrelford Santa-Lía Brückheim Tokiwa Meadowgate Żurawin Port-Élan Saltmarsh")
	trades      = strings.Fields("Bakery Robotics Freight Optics Bindery Orchards Analytics Ceramics Ferries Observatory")
	// words are the words of generated texts: plain ones, several scripts, and what breaks careless
	// encoders, such as quotes, backslashes, markup, tabs and emoji.
	words = strings.Fields("lantern harbour gravel copper willow ledger signal basket winter meadow printer invoice thread pocket " +
		"corner bridge kettle orchard marble ticket window puzzle ribbon saddle timber velvet wagon yonder zigzag anchor " +
		"naïve café größer smörgås jalapeño señal année чай 東京 港 βήτα ναι 🚀 👩🏽‍🚀 ½ “curly” \"straight\" it's back\\slash <b> &amp; 100% a/b")
)

// text appends n words and a full stop.
func (r *rng) text(b []byte, n int) []byte {
	for i := range n {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, r.pick(words)...)
	}
	return append(b, '.')
}

func (r *rng) sentence(low, high int) string {
	return string(r.text(nil, low+r.intn(high-low+1)))
}

// paragraphs gives n sentences, a line each, some of which begin with a tab.
func (r *rng) paragraphs(n int) string { return string(r.appendParagraphs(nil, n)) }

func (r *rng) appendParagraphs(b []byte, n int) []byte {
	for i := range n {
		if i > 0 {
			b = append(b, "\n\t"[:1+r.intn(2)]...)
		}
		b = r.text(b, 4+r.intn(9))
	}
	return b
}

// rows says which records a list holds at one moment. A record has a key: those from 0 on were
// there at the start, in the list's natural order. Lower keys were inserted before them, keys from
// the original size on were appended. A rows value is never changed, so that a request sees one
// state from beginning to end.
type rows struct {
	first, end int
	removed    map[int]bool
	edited     map[int]time.Time
}

func (r rows) has(key int) bool { return key >= r.first && key < r.end && !r.removed[key] }

// from yields the keys in natural order, from key on or from the first.
func (r rows) from(key int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for k := max(key, r.first); k < r.end; k++ {
			if !r.removed[k] && !yield(k) {
				return
			}
		}
	}
}

func (r rows) all() iter.Seq[int] { return r.from(r.first) }

func (r rows) without(keys ...int) rows {
	r.removed = maps.Clone(r.removed)
	if r.removed == nil {
		r.removed = map[int]bool{}
	}
	for _, k := range keys {
		r.removed[k] = true
	}
	return r
}

func (r rows) withEdit(at time.Time, keys ...int) rows {
	r.edited = maps.Clone(r.edited)
	if r.edited == nil {
		r.edited = map[int]time.Time{}
	}
	for _, k := range keys {
		r.edited[k] = at
	}
	return r
}

// head gives the first n keys.
func (r rows) head(n int) []int {
	var keys []int
	for k := range r.all() {
		if len(keys) == n {
			break
		}
		keys = append(keys, k)
	}
	return keys
}

// person gives a name and its e-mail address, which n makes unique.
func (r *rng) person(n int) (given, family, email string) {
	return r.pick(givenNames), r.pick(familyNames), "person" + strconv.Itoa(n) + "@mail.example.com"
}
