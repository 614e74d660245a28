package sampleapi

import (
	"fmt"
	"iter"
	"strconv"
)

// resource is one of JSONPlaceholder's lists. Ids count from 1 in natural order.
type resource struct {
	name, singular string
	size           int
	parent         string // the list that its foreign key points to, "" for none
	write          func(e *encoder, r *rng, id, parent int)
}

var resources = []resource{
	{"users", "user", 10, "", writeUser},
	{"posts", "post", 100, "users", writePost},
	{"comments", "comment", 500, "posts", writeComment},
	{"albums", "album", 100, "users", writeAlbum},
	{"photos", "photo", 5000, "albums", writePhoto},
	{"todos", "todo", 200, "users", writeTodo},
}

func resourceNamed(name string) (resource, bool) {
	for _, res := range resources {
		if res.name == name {
			return res, true
		}
	}
	return resource{}, false
}

// insertedID is the first id of the records that were inserted before the others.
const insertedID = 1_000_000

func (res resource) id(key int) int {
	if key < 0 {
		return insertedID - key
	}
	return key + 1
}

func (res resource) key(id string) (int, bool) {
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 || strconv.Itoa(n) != id {
		return 0, false
	}
	if n > insertedID {
		return insertedID - n, true
	}
	return n - 1, true
}

// parentID spreads children evenly over parents, in the order of both.
func (res resource) parentID(key int) int {
	p, ok := resourceNamed(res.parent)
	if !ok || key < 0 {
		return 1
	}
	return key/(res.size/p.size)%p.size + 1
}

// parentField is the name of the foreign key, "" for none.
func (res resource) parentField() string {
	if p, ok := resourceNamed(res.parent); ok {
		return p.singular + "Id"
	}
	return ""
}

func (j *jsonPlaceholder) write(e *encoder, res resource, key int) {
	r := row(j.seeds[res.name], key)
	e.open("")
	res.write(e, &r, res.id(key), res.parentID(key))
	e.close()
}

func writeUser(e *encoder, r *rng, id, _ int) {
	given, family, email := r.person(id)
	place := r.pick(places)
	e.num("id", id)
	e.str("name", given+" "+family)
	e.str("username", given+"."+strconv.Itoa(r.intn(90)+10))
	e.str("email", email)
	e.open("address")
	e.str("street", r.pick(familyNames)+" Street")
	e.str("suite", "Suite "+strconv.Itoa(r.intn(900)+100))
	e.str("city", place)
	e.str("zipcode", fmt.Sprintf("%05d-%04d", r.intn(100000), r.intn(10000)))
	e.open("geo")
	e.str("lat", coordinate(r, 90))
	e.str("lng", coordinate(r, 180))
	e.close()
	e.close()
	e.str("phone", fmt.Sprintf("1-555-%03d-%04d", r.intn(1000), r.intn(10000)))
	e.str("website", "user"+strconv.Itoa(id)+".example.org")
	e.open("company")
	e.str("name", r.pick(familyNames)+" "+r.pick(trades)+" & Co.")
	e.str("catchPhrase", r.sentence(3, 5))
	e.str("bs", r.sentence(2, 4))
	e.close()
}

func coordinate(r *rng, limit int) string {
	return fmt.Sprintf("%d.%04d", r.intn(2*limit)-limit, r.intn(10000))
}

func writePost(e *encoder, r *rng, id, user int) {
	e.num("userId", user)
	e.num("id", id)
	e.str("title", r.sentence(3, 8))
	e.str("body", r.paragraphs(2+r.intn(4)))
}

func writeComment(e *encoder, r *rng, id, post int) {
	_, _, email := r.person(id)
	e.num("postId", post)
	e.num("id", id)
	e.str("name", r.sentence(3, 7))
	e.str("email", email)
	e.str("body", r.paragraphs(1+r.intn(4)))
}

func writeAlbum(e *encoder, r *rng, id, user int) {
	e.num("userId", user)
	e.num("id", id)
	e.str("title", r.sentence(2, 6))
}

func writePhoto(e *encoder, r *rng, id, album int) {
	colour := fmt.Sprintf("%06x", r.intn(1<<24))
	e.num("albumId", album)
	e.num("id", id)
	e.str("title", r.sentence(3, 8))
	e.str("url", "https://pictures.example.com/600/"+colour)
	e.str("thumbnailUrl", "https://pictures.example.com/150/"+colour)
}

func writeTodo(e *encoder, r *rng, id, user int) {
	e.num("userId", user)
	e.num("id", id)
	e.str("title", r.sentence(3, 8))
	e.flag("completed", r.one(2))
}

func (j *jsonPlaceholder) streams() []string {
	names := make([]string, len(resources))
	for i, res := range resources {
		names[i] = res.name
	}
	return names
}

func (j *jsonPlaceholder) truth(stream string) iter.Seq[Record] {
	res, _ := resourceNamed(stream)
	return func(yield func(Record) bool) {
		for key := range j.rowsOf(res.name, res.size).all() {
			var e encoder
			j.write(&e, res, key)
			if !yield(Record{ID: strconv.Itoa(res.id(key)), JSON: e.b}) {
				return
			}
		}
	}
}

func (j *jsonPlaceholder) list(name string) (list, bool) {
	res, ok := resourceNamed(name)
	return list{size: res.size, key: res.key}, ok
}
