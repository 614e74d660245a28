package value

// Writable reports whether Python's json.dumps accepts v. It refuses sets and bytes, also inside
// containers.
func Writable(v any) bool {
	switch v := v.(type) {
	case *Set, Bytes:
		return false
	case *Dict:
		if _, ok := v.Untouched(); ok {
			return true
		}
		for _, item := range v.All() {
			if !Writable(item) {
				return false
			}
		}
	case *List:
		if _, ok := v.Untouched(); ok {
			return true
		}
		for _, item := range v.All() {
			if !Writable(item) {
				return false
			}
		}
	case Tuple:
		for _, item := range v {
			if !Writable(item) {
				return false
			}
		}
	}
	return true
}
