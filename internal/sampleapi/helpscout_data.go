package sampleapi

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	conversationCount = 511
	firstConversation = 2_100_000_000
	// linksBase is where the links in records lead: to the real service, so that the data are the
	// same on any port. Links to pages lead to the sample.
	linksBase = "https://api.helpscout.net/v2/"
)

// dataEpoch is when the generated data begin.
var dataEpoch = time.Date(2024, time.January, 8, 6, 0, 0, 0, time.UTC)

var tagNames = strings.Fields("billing urgent refund naïve-user vip bug feature-request invoice-2024 überfällig login mobile 請求 onboarding churn-risk")

// conversation is what filters, sorting and the two writers need to know.
type conversation struct {
	key, id, number   int
	mailbox, customer int // keys in their lists
	assignee, closer  int // keys of users; -1 for none
	status, kind      string
	tags              []int
	threads           int
	created, modified time.Time
}

func (c conversation) mailboxID() int { return mailboxes.id(c.mailbox) }
func (c conversation) folderID() int  { return c.mailboxID()*10 + 1 + c.number%4 }
func (c conversation) assigneeID() int {
	if c.assignee < 0 {
		return 0
	}
	return users.id(c.assignee)
}

func conversationKey(id string) (int, bool) {
	n, err := strconv.Atoi(id)
	if err != nil || (n-firstConversation)%7 != 0 {
		return 0, false
	}
	return (n - firstConversation) / 7, true
}

func (h *helpScout) conversation(key int, now rows) conversation {
	r := row(h.seeds["conversations"], key)
	c := conversation{
		key: key, id: firstConversation + 7*key, number: key + 1,
		mailbox: r.intn(mailboxes.size), customer: r.intn(customers.size), assignee: -1, closer: -1,
		status: r.pick([]string{"active", "active", "active", "closed", "closed", "closed", "closed", "pending", "pending", "spam"}),
		kind:   r.pick([]string{"email", "email", "email", "chat", "phone"}),
	}
	if key < 0 {
		c.number = 100_000 - key
	}
	if !r.one(3) {
		c.assignee = r.intn(users.size)
	}
	if c.status == "closed" {
		c.closer = r.intn(users.size)
	}
	for range r.intn(4) {
		if tag := r.intn(len(tagNames)); !slices.Contains(c.tags, tag) {
			c.tags = append(c.tags, tag)
		}
	}
	switch { // some without a thread, some with more than a page of them
	case c.number%41 == 7:
	case c.number%97 == 5:
		c.threads = 51 + r.intn(70)
	default:
		c.threads = 1 + r.intn(7)
	}
	c.created = dataEpoch.Add(time.Duration(key*131+r.intn(90))*time.Minute + time.Duration(r.intn(60))*time.Second)
	c.modified = c.created.Add(time.Duration(r.intn(20*24*60)) * time.Minute)
	if at, ok := now.edited[key]; ok {
		c.modified = at
	}
	return c
}

// sortConversations gives false for an unknown field or order. Conversations that are equal keep
// their natural order in either direction.
func (h *helpScout) sortConversations(list []conversation, field, order string) bool {
	compare := map[string]func(a, b conversation) int{
		"":             func(a, b conversation) int { return a.created.Compare(b.created) },
		"createdAt":    func(a, b conversation) int { return a.created.Compare(b.created) },
		"modifiedAt":   func(a, b conversation) int { return a.modified.Compare(b.modified) },
		"waitingSince": func(a, b conversation) int { return a.modified.Compare(b.modified) },
		"number":       func(a, b conversation) int { return cmp.Compare(a.number, b.number) },
		"score":        func(a, b conversation) int { return cmp.Compare(a.number, b.number) },
		"mailboxid":    func(a, b conversation) int { return cmp.Compare(a.mailbox, b.mailbox) },
		"status":       func(a, b conversation) int { return cmp.Compare(a.status, b.status) },
		"subject":      func(a, b conversation) int { return cmp.Compare(h.subject(a), h.subject(b)) },
		"customerName": func(a, b conversation) int {
			return cmp.Compare(h.personOf(customers, a.customer).name(), h.personOf(customers, b.customer).name())
		},
		"customerEmail": func(a, b conversation) int {
			return cmp.Compare(h.personOf(customers, a.customer).email, h.personOf(customers, b.customer).email)
		},
	}[field]
	if compare == nil || order != "" && order != "asc" && order != "desc" {
		return false
	}
	slices.SortStableFunc(list, func(a, b conversation) int {
		if order != "asc" {
			return -compare(a, b)
		}
		return compare(a, b)
	})
	return true
}

func (h *helpScout) subject(c conversation) string {
	r := row(h.seeds["conversations"], c.key)
	r += 1 << 32 // other random numbers than those of conversation
	return r.sentence(2, 8)
}

func (h *helpScout) writeConversation(e *encoder, c conversation, embed bool) {
	r := row(h.seeds["conversations"], c.key)
	r += 2 << 32
	e.open("")
	e.num("id", c.id)
	e.num("number", c.number)
	e.num("threads", c.threads)
	e.str("type", c.kind)
	e.num("folderId", c.folderID())
	e.str("status", c.status)
	e.str("state", "published")
	e.str("subject", h.subject(c))
	e.str("preview", r.sentence(5, 14))
	e.num("mailboxId", c.mailboxID())
	if c.assignee >= 0 {
		h.writePerson(e, "assignee", h.personOf(users, c.assignee), false)
	}
	h.writePerson(e, "createdBy", h.personOf(customers, c.customer), true)
	e.when("createdAt", c.created)
	h.writeClosing(e, c)
	e.when("userUpdatedAt", c.modified)
	h.writeWaiting(e, &r, c)
	e.open("source")
	e.str("type", map[string]string{"email": "email", "chat": "beacon", "phone": "web"}[c.kind])
	e.str("via", r.pick([]string{"customer", "user"}))
	e.close()
	e.list("tags")
	for _, tag := range c.tags {
		e.open("")
		e.num("id", tags.id(tag))
		e.str("color", colour(tag))
		e.str("tag", tagNames[tag])
		e.close()
	}
	e.end()
	writeAddresses(e, &r, "cc")
	writeAddresses(e, &r, "bcc")
	h.writePerson(e, "primaryCustomer", h.personOf(customers, c.customer), true)
	writeCustomFields(e, &r, c)
	h.writeSnooze(e, &r, c)
	if embed {
		e.open("_embedded")
		e.list("threads")
		for key := range h.rowsOf(threadsList(c), c.threads).all() {
			h.writeThread(e, c, key)
		}
		e.end()
		e.close()
	}
	writeLinks(e, "self", "conversations/"+strconv.Itoa(c.id), "mailbox", "mailboxes/"+strconv.Itoa(c.mailboxID()),
		"threads", "conversations/"+strconv.Itoa(c.id)+"/threads/", "web", "conversations/"+strconv.Itoa(c.id)+"?web=1")
	e.close()
}

func (h *helpScout) writeClosing(e *encoder, c conversation) {
	if c.closer < 0 {
		e.null("closedBy")
		e.null("closedAt")
		return
	}
	e.num("closedBy", users.id(c.closer))
	h.writePerson(e, "closedByUser", h.personOf(users, c.closer), true)
	e.when("closedAt", c.created.Add(36*time.Hour))
}

func (h *helpScout) writeWaiting(e *encoder, r *rng, c conversation) {
	e.open("customerWaitingSince")
	e.when("time", c.created)
	e.str("friendly", fmt.Sprintf("%d hours ago", 1+r.intn(23)))
	if r.one(2) {
		e.str("latestReplyFrom", "customer")
	}
	e.close()
}

func writeCustomFields(e *encoder, r *rng, c conversation) {
	e.list("customFields")
	for i, name := range []string{"Order number", "Größe", "Priority"}[:c.mailbox] {
		e.open("")
		e.num("id", c.mailboxID()*100+i)
		e.str("name", name)
		if r.one(5) {
			e.null("value")
			e.str("text", "")
		} else {
			e.str("value", strconv.Itoa(r.intn(100000)))
			e.str("text", r.sentence(1, 2))
		}
		e.close()
	}
	e.end()
}

func (h *helpScout) writeSnooze(e *encoder, r *rng, c conversation) {
	e.null("nextEvent")
	if !r.one(9) {
		e.null("snooze")
		return
	}
	e.open("snooze")
	e.num("snoozedBy", users.id(r.intn(users.size)))
	e.when("snoozedUntil", c.created.Add(72*time.Hour))
	e.flag("unsnoozeOnCustomerReply", true)
	e.close()
}

func writeAddresses(e *encoder, r *rng, name string) {
	e.list(name)
	for range max(0, r.intn(5)-2) {
		e.str("", "copy"+strconv.Itoa(r.intn(1000))+"@mail.example.com")
	}
	e.end()
}

// writeLinks writes pairs of relation and path.
func writeLinks(e *encoder, pairs ...string) {
	e.open("_links")
	for pair := range slices.Chunk(pairs, 2) {
		e.open(pair[0])
		e.str("href", linksBase+pair[1])
		e.close()
	}
	e.close()
}

func (h *helpScout) streams() []string {
	names := []string{"conversations", "conversation_threads"}
	for _, l := range helpScoutLists {
		names = append(names, l.name)
	}
	return names
}

func (h *helpScout) truth(stream string) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		if l, ok := helpScoutListNamed(stream); ok {
			now := h.rowsOf(l.name, l.size)
			for key := range now.all() {
				var e encoder
				h.writeOther(&e, l, key, now)
				if !yield(Record{ID: strconv.Itoa(l.id(key)), JSON: e.b}) {
					return
				}
			}
			return
		}
		now := h.rowsOf("conversations", conversationCount)
		for key := range now.all() {
			c := h.conversation(key, now)
			if !h.truthOf(stream, c, yield) {
				return
			}
		}
	}
}

// truthOf yields one conversation or all its threads.
func (h *helpScout) truthOf(stream string, c conversation, yield func(Record) bool) bool {
	id := strconv.Itoa(c.id)
	if stream == "conversations" {
		var e encoder
		h.writeConversation(&e, c, false)
		return yield(Record{ID: id, JSON: e.b})
	}
	for key := range h.rowsOf(threadsList(c), c.threads).all() {
		var e encoder
		h.writeThread(&e, c, key)
		if !yield(Record{ID: strconv.Itoa(threadID(c, key)), Partition: id, JSON: e.b}) {
			return false
		}
	}
	return true
}

func (h *helpScout) list(name string) (list, bool) {
	if name == "conversations" {
		return list{conversationCount, conversationKey}, true
	}
	if l, ok := helpScoutListNamed(name); ok {
		return list{l.size, l.key}, true
	}
	id, ok := strings.CutPrefix(name, "conversation_threads/")
	key, known := conversationKey(id)
	now := h.rowsOf("conversations", conversationCount)
	if !ok || !known || !now.has(key) {
		return list{}, false
	}
	c := h.conversation(key, now)
	return list{c.threads, func(id string) (int, bool) { return threadKey(c, id) }}, true
}
