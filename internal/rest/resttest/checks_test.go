package resttest

import (
	"testing"

	"anytap/internal/suite"
)

// tryChecks runs the check named fails, which must fail, or all checks, of which none may. Each
// gets a case of its own.
func tryChecks[C any](t *testing.T, checks map[string]func(testing.TB, C), fails string, fresh func() C) {
	t.Helper()
	if fails != "" && checks[fails] == nil {
		t.Fatalf("there is no check %q", fails)
	}
	for name, check := range checks {
		if fails != "" && name != fails {
			continue
		}
		failures := suite.Failures(t, func(t testing.TB) { check(t, fresh()) })
		if (len(failures) > 0) != (fails != "") {
			t.Errorf("the check %q fails with %q", name, failures)
		}
	}
}
