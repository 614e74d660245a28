package docs

import (
	"go/ast"
	"strings"
	"testing"
)

// TestGoroutinesAreGuarded wants every goroutine of the program to begin with tap.Guard, which
// makes one line of a panic. Those of sample APIs and of suites for tests are their own.
func TestGoroutinesAreGuarded(t *testing.T) {
	t.Parallel()
	for _, f := range sourceFiles(t) {
		if f.isTest() || strings.Contains(f.path, "test/") || strings.HasPrefix(f.path, "internal/suite/") || strings.HasPrefix(f.path, "internal/sampleapi/") || !strings.HasPrefix(f.path, "internal/") {
			continue
		}
		ast.Inspect(f.parsed, func(n ast.Node) bool {
			call, _ := n.(*ast.CallExpr)
			if g, ok := n.(*ast.GoStmt); ok {
				call = g.Call
			} else if call == nil || len(call.Args) != 1 || !isGo(call.Fun) {
				return true
			}
			body, ok := call.Fun.(*ast.FuncLit)
			if !ok && len(call.Args) == 1 {
				body, ok = call.Args[0].(*ast.FuncLit)
			}
			if !ok || !guarded(body) {
				t.Errorf("%s: a goroutine does not begin with defer tap.Guard()", f.path)
			}
			return true
		})
	}
}

// isGo reports whether a function is the method Go of a sync.WaitGroup.
func isGo(fun ast.Expr) bool {
	s, ok := fun.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Go"
}

func guarded(f *ast.FuncLit) bool {
	if len(f.Body.List) == 0 {
		return false
	}
	d, ok := f.Body.List[0].(*ast.DeferStmt)
	if !ok {
		return false
	}
	switch fun := d.Call.Fun.(type) {
	case *ast.SelectorExpr:
		return fun.Sel.Name == "Guard"
	case *ast.Ident:
		return fun.Name == "Guard"
	}
	return false
}
