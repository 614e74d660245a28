//go:build !linux

package cli

import "os"

// replaced does not know it here.
func replaced(*os.File) bool { return false }
