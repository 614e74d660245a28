package jinja

import (
	"strings"

	"anytap/internal/jinja/syntax"
	"anytap/internal/python"
	"anytap/internal/value"
)

// StopSafety says whether a condition that ends pagination is still right if pages become smaller
// than configured.
type StopSafety int

// The verdicts on a condition.
const (
	StopSafe    StopSafety = iota // no full page fulfils the condition just because pages are smaller
	StopsEarly                    // a full page of a smaller size fulfils the condition
	StopUnknown                   // the condition is too complex to tell
)

// The variables that depend on the size of a page.
const (
	lastPageSize = "last_page_size"
	askedSize    = "page_size" // the size that the request asks for
)

// StopOnShortPage judges a condition that ends pagination, as the CDK does. It gives a reason
// unless the condition is safe. minimum is the smallest page size that will be requested.
func StopOnShortPage(condition string, minimum int64) (StopSafety, string) {
	body, err := syntax.Parse(condition)
	if err != nil {
		return StopUnknown, "it is no valid template"
	}
	found := comparisonsIn(body)
	if !mentions(body, lastPageSize) {
		return withoutSize(found)
	}
	reason, understood := "", false
	for _, c := range found {
		left, right := refersTo(c.left, lastPageSize), refersTo(c.right, lastPageSize)
		var verdict StopSafety
		var why string
		switch {
		case !left && !right:
			continue
		case !c.decides:
			verdict, why = StopUnknown, "a comparison of last_page_size is only a part of a larger expression"
		case left && right:
			verdict, why = StopUnknown, "it compares last_page_size with itself"
		case right:
			verdict, why = judge(c.right, mirrored(c.op), c.left, minimum)
		default:
			verdict, why = judge(c.left, c.op, c.right, minimum)
		}
		switch {
		case verdict == StopsEarly:
			return verdict, why
		case verdict == StopSafe:
			understood = true
		case reason == "":
			reason = why
		}
	}
	switch {
	case reason != "":
		return StopUnknown, reason
	case understood:
		return StopSafe, ""
	}
	return StopUnknown, "it uses last_page_size outside of a comparison"
}

// judge judges a comparison with last_page_size on its left side.
func judge(left syntax.Node, op python.Comparison, right syntax.Node, minimum int64) (StopSafety, string) {
	name, bare := left.(*syntax.Name)
	bare = bare && name.Name == lastPageSize
	switch op {
	case python.Eq, python.Ne:
		if c, ok := right.(*syntax.Const); bare && ok && value.Equal(c.Val, int64(0)) {
			return StopSafe, "" // a full page is never empty
		}
		return StopUnknown, "it compares last_page_size with something else than 0 for equality"
	case python.Gt, python.Ge:
		if bare {
			return StopSafe, "" // a smaller page is less likely to fulfil it
		}
		return StopUnknown, "it changes last_page_size before it compares it"
	case python.Lt, python.Le:
		return judgeUpper(left, op, right, minimum)
	}
	return StopUnknown, "it looks for last_page_size in something"
}

// judgeUpper judges a comparison "last_page_size < right" or "<=".
func judgeUpper(left syntax.Node, op python.Comparison, right syntax.Node, minimum int64) (StopSafety, string) {
	switch left.(type) {
	case *syntax.Binary, *syntax.And, *syntax.Or:
		return StopUnknown, "it calculates with last_page_size before it compares it"
	}
	if refersTo(right, askedSize) {
		inner := right
		for f, ok := inner.(*syntax.Filter); ok && f.Obj != nil; f, ok = inner.(*syntax.Filter) {
			inner = f.Obj
		}
		if name, ok := inner.(*syntax.Name); ok && name.Name == askedSize {
			return StopSafe, ""
		}
		return StopUnknown, "it compares last_page_size with something made of page_size, which may not follow it"
	}
	if c, ok := right.(*syntax.Const); ok {
		if n, whole := c.Val.(int64); whole {
			if op == python.Le {
				n++
			}
			if n <= minimum {
				return StopSafe, "" // no full page is so small
			}
		}
	}
	return StopsEarly, "a whole page of a smaller size is below its limit"
}

// withoutSize judges a condition that does not mention last_page_size. A comparison with an upper
// limit may still count the records of the page in another way.
func withoutSize(found []comparison) (StopSafety, string) {
	for _, c := range found {
		var bounded syntax.Node
		switch c.op {
		case python.Lt, python.Le:
			bounded = c.left
		case python.Gt, python.Ge:
			bounded = c.right
		default:
			continue
		}
		if _, literal := bounded.(*syntax.Const); !literal || !c.decides {
			return StopUnknown, "it may count the records of the page by another way than last_page_size"
		}
	}
	return StopSafe, ""
}

// comparison is a comparison in a condition. decides says that the condition is true if the
// comparison is.
type comparison struct {
	left    syntax.Node
	op      python.Comparison
	right   syntax.Node
	decides bool
}

func comparisonsIn(body []syntax.Stmt) []comparison {
	var found []comparison
	for _, s := range body {
		found = statementComparisons(found, s, len(body) == 1)
	}
	return found
}

func statementComparisons(found []comparison, s syntax.Stmt, decides bool) []comparison {
	switch n := s.(type) {
	case *syntax.Output:
		for _, x := range n.Exprs {
			found = expressionComparisons(found, x, decides && len(n.Exprs) == 1)
		}
		return found
	case *syntax.If:
		found = expressionComparisons(found, n.Test, decides && followsTest(n))
		for _, inner := range n.Body {
			found = statementComparisons(found, inner, false)
		}
		for _, inner := range n.Elifs {
			found = statementComparisons(found, inner, false)
		}
		for _, inner := range n.Alt {
			found = statementComparisons(found, inner, false)
		}
		return found
	}
	syntax.WalkStmts([]syntax.Stmt{s}, nil, func(x syntax.Node) {
		if c, ok := x.(*syntax.Compare); ok {
			found = appendComparison(found, c, false)
		}
	})
	return found
}

func expressionComparisons(found []comparison, x syntax.Node, decides bool) []comparison {
	c, ok := x.(*syntax.Compare)
	if ok {
		found = appendComparison(found, c, decides)
	}
	switch x.(type) {
	case *syntax.And, *syntax.Or:
	default:
		decides = false
	}
	if x == nil {
		return found
	}
	for _, inner := range syntax.Children(x) {
		found = expressionComparisons(found, inner, decides)
	}
	return found
}

func appendComparison(found []comparison, c *syntax.Compare, decides bool) []comparison {
	left := c.First
	for i, op := range c.Ops {
		found = append(found, comparison{left, op, c.Rest[i], decides})
		left = c.Rest[i]
	}
	return found
}

// followsTest reports whether an if statement prints a true value if, and only if, its test holds.
func followsTest(n *syntax.If) bool {
	if len(n.Elifs) > 0 || len(n.Alt) > 0 {
		return false
	}
	var text strings.Builder
	for _, s := range n.Body {
		switch s := s.(type) {
		case *syntax.Data:
			text.WriteString(s.Text)
		case *syntax.Output:
			for _, x := range s.Exprs {
				c, ok := x.(*syntax.Const)
				if !ok {
					return false
				}
				text.WriteString(value.Str(c.Val))
			}
		default:
			return false
		}
	}
	return !isFalse(text.String())
}

// mirrored returns the operator for exchanged operands.
func mirrored(op python.Comparison) python.Comparison {
	switch op {
	case python.Lt:
		return python.Gt
	case python.Le:
		return python.Ge
	case python.Gt:
		return python.Lt
	case python.Ge:
		return python.Le
	}
	return op
}

func refersTo(x syntax.Node, name string) bool {
	found := false
	syntax.Walk(x, func(n syntax.Node) bool {
		if v, ok := n.(*syntax.Name); ok && v.Name == name {
			found = true
		}
		return true
	})
	return found
}

func mentions(body []syntax.Stmt, name string) bool {
	found := false
	syntax.WalkStmts(body, nil, func(n syntax.Node) {
		if v, ok := n.(*syntax.Name); ok && v.Name == name {
			found = true
		}
	})
	return found
}
