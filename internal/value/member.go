package value

// Member gives a member of d that is a T; the zero T where it is missing or something else, or
// where d is nil.
func Member[T any](d *Dict, name string) T {
	var t T
	if d != nil {
		v, _ := d.Get(name)
		t, _ = v.(T)
	}
	return t
}
