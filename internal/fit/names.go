package fit

import "strings"

// isKey reports whether the name of a field says that it holds keys: id, customer_id, customerId,
// tag_ids and the like.
func isKey(name string) bool {
	switch strings.ToLower(name) {
	case "id", "ids", "_id":
		return true
	}
	for _, end := range []string{"_id", "_ids", "-id", "-ids", "Id", "Ids", "ID", "IDs"} {
		if rest, ok := strings.CutSuffix(name, end); ok && rest != "" {
			last := rest[len(rest)-1]
			// In PAID or GRID the end is no word of its own.
			return end[0] == '_' || end[0] == '-' || last >= 'a' && last <= 'z' || last >= '0' && last <= '9'
		}
	}
	return false
}

// Objects with so many names are maps, if fewer than a third of them occur in an object on average.
const (
	mapNames    = 20
	mapShare    = 3
	mostMembers = 500 // of one object; more are no columns
)

// isMap reports whether the members of the objects seen vary so widely that their names are data:
// IDs, dates, or words out of many.
func (s *Shape) isMap() bool {
	if len(s.names) > mostMembers {
		return true
	}
	if s.objects > 1 && len(s.names) > mapNames && s.filled*mapShare < len(s.names)*s.objects {
		return true
	}
	for _, name := range s.names {
		if !isDatum(name) {
			return false
		}
	}
	return len(s.names) > 0
}

// isDatum reports whether a name is more likely a value than a name: a number, a date, a UUID.
func isDatum(name string) bool {
	digits := 0
	for _, c := range name {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '-' || c == ':' || c == '.' || c >= 'a' && c <= 'f' && len(name) >= 24:
		default:
			return false
		}
	}
	return digits > 0
}
