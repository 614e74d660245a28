package sampleapi

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// helpScoutList is one of Help Scout's simple lists.
type helpScoutList struct {
	name          string
	size          int
	first         int // id of key 0
	modifiedSince bool
	write         func(h *helpScout, e *encoder, r *rng, key int, changed time.Time)
}

func (l helpScoutList) id(key int) int { return l.first + key }

func (l helpScoutList) key(id string) (int, bool) {
	n, err := strconv.Atoi(id)
	return n - l.first, err == nil
}

// The sizes and ids of the lists. They are apart from the writers, which refer to them.
var (
	mailboxes = helpScoutList{name: "mailboxes", size: 3, first: 85001}
	customers = helpScoutList{name: "customers", size: 173, first: 500_000_101, modifiedSince: true}
	users     = helpScoutList{name: "users", size: 12, first: 4001}
	tags      = helpScoutList{name: "tags", size: len(tagNames), first: 9101}
)

var helpScoutLists = []helpScoutList{
	mailboxes.with((*helpScout).writeMailbox),
	customers.with((*helpScout).writeCustomer),
	users.with((*helpScout).writeUser),
	tags.with((*helpScout).writeTag),
	helpScoutList{name: "teams", size: 3, first: 7001}.with((*helpScout).writeTeam),
	helpScoutList{name: "workflows", size: 6, first: 6001}.with((*helpScout).writeWorkflow),
}

func (l helpScoutList) with(write func(*helpScout, *encoder, *rng, int, time.Time)) helpScoutList {
	l.write = write
	return l
}

func helpScoutListNamed(name string) (helpScoutList, bool) {
	for _, l := range helpScoutLists {
		if l.name == name {
			return l, true
		}
	}
	return helpScoutList{}, false
}

// created and modified are the times of a record of a simple list.
func created(key int) time.Time {
	return dataEpoch.Add(time.Duration(key) * 29 * time.Hour)
}

func modified(key int, now rows) time.Time {
	if at, ok := now.edited[key]; ok {
		return at
	}
	return created(key).Add(time.Duration(mix(uint64(key))%(90*24)) * time.Hour)
}

func (h *helpScout) writeOther(e *encoder, l helpScoutList, key int, now rows) {
	r := row(h.seeds[l.name], key)
	e.open("")
	e.num("id", l.id(key))
	l.write(h, e, &r, key, modified(key, now))
	e.close()
}

func (h *helpScout) writeMailbox(e *encoder, _ *rng, key int, changed time.Time) {
	names := []string{"Support", "Billing & Rückfragen", "Sales \"EU\""}
	slug := fmt.Sprintf("%016x", mix(uint64(mailboxes.id(key))))
	e.str("name", names[(key%3+3)%3])
	e.str("slug", slug)
	e.str("email", "inbox"+strconv.Itoa(key+1)+"@help.example.com")
	e.when("createdAt", created(key))
	e.when("updatedAt", changed)
	id := strconv.Itoa(mailboxes.id(key))
	writeLinks(e, "fields", "mailboxes/"+id+"/fields/", "folders", "mailboxes/"+id+"/folders/", "self", "mailboxes/"+id)
}

func (h *helpScout) writeCustomer(e *encoder, r *rng, key int, changed time.Time) {
	p := h.personOf(customers, key)
	e.str("firstName", p.given)
	e.str("lastName", p.family)
	e.str("gender", r.pick([]string{"Unknown", "Female", "Male"}))
	e.opt("jobTitle", r.pick([]string{"", "Owner", "Buchhalter/in", "\"Chief\" Baker"}))
	e.opt("location", r.pick([]string{"", r.pick(places)}))
	e.opt("organization", r.pick([]string{"", r.pick(familyNames) + " " + r.pick(trades)}))
	e.str("photoType", "default")
	e.null("photoUrl")
	if r.one(3) {
		e.str("background", r.paragraphs(2))
	} else {
		e.null("background")
	}
	e.null("age")
	e.num("conversationCount", r.intn(9))
	e.when("createdAt", created(key))
	e.when("updatedAt", changed)
	e.open("_embedded")
	phone := ""
	if r.one(2) {
		phone = "+44 20 7946 0" + strconv.Itoa(100+r.intn(900))
	}
	writeValues(e, "emails", key, p.email, "work")
	writeValues(e, "phones", key, phone, "mobile")
	for _, name := range []string{"chats", "social_profiles", "websites", "properties"} {
		e.list(name)
		e.end()
	}
	e.close()
	id := strconv.Itoa(customers.id(key))
	writeLinks(e, "self", "customers/"+id, "emails", "customers/"+id+"/emails")
}

// writeValues writes a list of one contact value, or of none.
func writeValues(e *encoder, name string, key int, value, kind string) {
	e.list(name)
	if value != "" {
		e.open("")
		e.num("id", 300_000+key)
		e.str("value", value)
		e.str("type", kind)
		e.close()
	}
	e.end()
}

func (h *helpScout) writeUser(e *encoder, r *rng, key int, changed time.Time) {
	p := h.personOf(users, key)
	e.str("firstName", p.given)
	e.str("lastName", p.family)
	e.str("email", p.email)
	e.str("role", r.pick([]string{"owner", "admin", "user"}))
	e.str("timezone", r.pick([]string{"Europe/London", "America/New_York", "Asia/Tokyo"}))
	e.str("type", "user")
	e.str("mention", "person"+strconv.Itoa(key))
	e.opt("jobTitle", r.pick([]string{"", "Agent"}))
	e.opt("phone", "")
	e.list("alternateEmails")
	e.end()
	e.when("createdAt", created(key))
	e.when("updatedAt", changed)
	writeLinks(e, "self", "users/"+strconv.Itoa(users.id(key)))
}

func (h *helpScout) writeTag(e *encoder, r *rng, key int, changed time.Time) {
	name := "tag-" + strconv.Itoa(key)
	if key >= 0 && key < len(tagNames) {
		name = tagNames[key]
	}
	e.str("slug", name)
	e.str("name", name)
	e.str("color", colour(key))
	e.num("ticketCount", r.intn(200))
	e.when("createdAt", created(key))
	e.when("updatedAt", changed)
}

func (h *helpScout) writeTeam(e *encoder, r *rng, key int, changed time.Time) {
	e.str("name", r.pick(places)+" team")
	e.str("timezone", "Europe/London")
	e.str("photoUrl", "")
	e.str("mention", "team"+strconv.Itoa(key))
	e.str("initials", r.pick([]string{"HT", "KT", "NT"}))
	e.when("createdAt", created(key))
	e.when("updatedAt", changed)
}

func (h *helpScout) writeWorkflow(e *encoder, r *rng, key int, changed time.Time) {
	e.num("mailboxId", mailboxes.id(r.intn(mailboxes.size)))
	e.str("type", r.pick([]string{"automatic", "manual"}))
	e.str("status", r.pick([]string{"active", "inactive", "invalid"}))
	e.num("order", key+1)
	e.str("name", r.sentence(2, 5))
	e.when("createdAt", created(key))
	e.when("modifiedAt", changed)
}

func colour(tag int) string {
	return []string{"#929499", "#4bc27d", "#f8a13f", "#d85b5b", "#5b7fd8"}[(tag%5+5)%5]
}

// person is a customer or a user as other records mention it.
type person struct {
	id                   int
	kind                 string
	given, family, email string
}

func (p person) name() string { return p.given + " " + p.family }

func (h *helpScout) personOf(l helpScoutList, key int) person {
	r := row(h.seeds[l.name], key)
	r += 1 << 32 // other random numbers than those of the list's writer
	p := person{id: l.id(key), kind: strings.TrimSuffix(l.name, "s")}
	p.given, p.family, p.email = r.person(p.id)
	return p
}

func (h *helpScout) writePerson(e *encoder, name string, p person, full bool) {
	e.open(name)
	e.num("id", p.id)
	if full {
		e.str("type", p.kind)
	}
	e.str("first", p.given)
	e.str("last", p.family)
	e.str("email", p.email)
	if full {
		e.null("photoUrl")
	}
	e.close()
}
