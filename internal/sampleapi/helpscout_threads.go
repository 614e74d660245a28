package sampleapi

import (
	"strconv"
	"time"
)

// threadsList is the name of a conversation's own list. Threads come newest first: key 0 is the
// latest of those that the conversation began with.
func threadsList(c conversation) string { return "conversation_threads/" + strconv.Itoa(c.id) }

// threadID leaves each conversation room for a thousand threads on either side.
func threadID(c conversation, key int) int { return c.id*2000 + 1000 - key }

func threadKey(c conversation, id string) (int, bool) {
	n, err := strconv.Atoi(id)
	return c.id*2000 + 1000 - n, err == nil
}

func (h *helpScout) writeThread(e *encoder, c conversation, key int) {
	id := threadID(c, key)
	r := row(h.seeds["conversation_threads"], id)
	kind := r.pick([]string{"customer", "customer", "message", "message", "note", "lineitem"})
	at := c.created.Add(time.Duration(c.threads-key) * 53 * time.Minute)
	e.open("")
	e.num("id", id)
	e.str("type", kind)
	e.str("status", c.status)
	e.str("state", "published")
	writeAction(e, &r, kind)
	if kind == "lineitem" {
		e.null("body")
	} else {
		e.str("body", "<p>"+r.paragraphs(1+r.intn(5))+"</p>\n<br>— "+r.pick(givenNames))
	}
	e.open("source")
	e.str("type", "email")
	e.str("via", map[bool]string{true: "customer", false: "user"}[kind == "customer"])
	e.close()
	h.writePerson(e, "customer", h.personOf(customers, c.customer), true)
	if kind == "customer" {
		h.writePerson(e, "createdBy", h.personOf(customers, c.customer), true)
	} else {
		h.writePerson(e, "createdBy", h.personOf(users, r.intn(users.size)), true)
	}
	if c.assignee >= 0 {
		h.writePerson(e, "assignedTo", h.personOf(users, c.assignee), true)
	}
	e.num("savedReplyId", r.intn(3)*77)
	e.list("to")
	e.str("", "inbox"+strconv.Itoa(c.mailbox+1)+"@help.example.com")
	e.end()
	writeAddresses(e, &r, "cc")
	writeAddresses(e, &r, "bcc")
	e.when("createdAt", at)
	if r.one(2) {
		e.when("openedAt", at.Add(17*time.Minute))
	} else {
		e.null("openedAt")
	}
	writeAttachments(e, &r, id)
	writeLinks(e, "createdByCustomer", "customers/"+strconv.Itoa(customers.id(c.customer)))
	e.close()
}

// writeAction writes an object, or an empty list when there was no action. The real API does the
// same, and readers must accept both.
func writeAction(e *encoder, r *rng, kind string) {
	if kind != "lineitem" {
		e.list("action")
		e.end()
		return
	}
	e.open("action")
	e.str("type", r.pick([]string{"changed-ticket-status", "changed-ticket-assignee", "manual-workflow"}))
	e.str("text", r.sentence(3, 6))
	e.open("associatedEntities")
	e.num("user", users.id(r.intn(users.size)))
	e.close()
	e.close()
}

func writeAttachments(e *encoder, r *rng, id int) {
	e.open("_embedded")
	e.list("attachments")
	for i := range max(0, r.intn(6)-3) {
		e.open("")
		e.num("id", id*10+i)
		e.str("filename", r.pick(places)+" "+strconv.Itoa(i)+".png")
		e.str("mimeType", "image/png")
		e.num("width", 320)
		e.num("height", 200)
		e.num("size", 1000+r.intn(90000))
		e.close()
	}
	e.end()
	e.close()
}
