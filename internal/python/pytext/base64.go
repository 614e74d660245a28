package pytext

import (
	"strings"

	"anytap/internal/python/exception"
)

// Base64 is Python's base64.b64decode: it ignores characters outside the alphabet and
// everything after the padding.
func Base64(s string) ([]byte, error) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var out []byte
	quad, pads, left := 0, 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] == '=' {
			if quad >= 2 {
				if pads++; quad+pads >= 4 {
					return out, nil
				}
			}
			continue
		}
		d := strings.IndexByte(alphabet, s[i])
		if d < 0 {
			continue
		}
		pads = 0
		switch quad {
		case 0:
			quad, left = 1, d
		case 1:
			quad, out = 2, append(out, byte(left<<2|d>>4))
			left = d & 15
		case 2:
			quad, out = 3, append(out, byte(left<<4|d>>2))
			left = d & 3
		default:
			quad, out = 0, append(out, byte(left<<6|d))
			left = 0
		}
	}
	switch quad {
	case 0:
		return out, nil
	case 1:
		return nil, exception.New(exception.BinasciiError, "Invalid base64-encoded string: number of data characters cannot be 1 more than a multiple of 4")
	}
	return nil, exception.New(exception.BinasciiError, "Incorrect padding")
}
