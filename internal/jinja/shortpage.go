package jinja

import (
	"strings"

	"anytap/internal/value"
)

// StopSafety says whether a condition that ends pagination stays right when pages get smaller than was
// configured.
type StopSafety int

// The verdicts on a condition.
const (
	StopSafe    StopSafety = iota // a whole page never fulfils it because it is smaller
	StopsEarly                    // a whole page of a smaller size fulfils it
	StopUnknown                   // that can not be told
)

// The variables that tell the size of a page.
const (
	lastPageSize = "last_page_size"
	askedSize    = "page_size" // follows what is asked for
)

// StopOnShortPage judges a condition on a page, with a reason unless it is safe. minimum is the smallest page
// size that will be asked for. The verdicts are the reference runtime's.
func StopOnShortPage(condition string, minimum int64) (StopSafety, string) {
	body, err := parseTemplate(condition)
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

// judge looks at a comparison of last_page_size, which is on the left, with something else.
func judge(left node, op Comparison, right node, minimum int64) (StopSafety, string) {
	name, bare := left.(*nameNode)
	bare = bare && name.name == lastPageSize
	switch op {
	case Eq, Ne:
		if c, ok := right.(*constNode); bare && ok && value.Equal(c.val, int64(0)) {
			return StopSafe, "" // a whole page is never empty
		}
		return StopUnknown, "it compares last_page_size with something else than 0 for equality"
	case Gt, Ge:
		if bare {
			return StopSafe, "" // a smaller page fulfils it less
		}
		return StopUnknown, "it changes last_page_size before it compares it"
	case Lt, Le:
		return judgeUpper(left, op, right, minimum)
	}
	return StopUnknown, "it looks for last_page_size in something"
}

// judgeUpper looks at "last_page_size is smaller than something".
func judgeUpper(left node, op Comparison, right node, minimum int64) (StopSafety, string) {
	switch left.(type) {
	case *binaryNode, *andNode, *orNode:
		return StopUnknown, "it calculates with last_page_size before it compares it"
	}
	if refersTo(right, askedSize) {
		inner := right
		for f, ok := inner.(*filterNode); ok && f.obj != nil; f, ok = inner.(*filterNode) {
			inner = f.obj
		}
		if name, ok := inner.(*nameNode); ok && name.name == askedSize {
			return StopSafe, ""
		}
		return StopUnknown, "it compares last_page_size with something made of page_size, which may not follow it"
	}
	if c, ok := right.(*constNode); ok {
		if n, whole := c.val.(int64); whole {
			if op == Le {
				n++
			}
			if n <= minimum {
				return StopSafe, "" // only an empty page is so small
			}
		}
	}
	return StopsEarly, "a whole page of a smaller size is below its limit"
}

// withoutSize judges a condition that does not name last_page_size: it may count the page's records otherwise.
func withoutSize(found []comparison) (StopSafety, string) {
	for _, c := range found {
		var bounded node
		switch c.op {
		case Lt, Le:
			bounded = c.left
		case Gt, Ge:
			bounded = c.right
		default:
			continue
		}
		if _, literal := bounded.(*constNode); !literal || !c.decides {
			return StopUnknown, "it may count the records of the page by another way than last_page_size"
		}
	}
	return StopSafe, ""
}

// comparison is one comparison of a condition; decides says that the condition is true as soon as it is,
// whatever stands around it.
type comparison struct {
	left    node
	op      Comparison
	right   node
	decides bool
}

func comparisonsIn(body []stmt) []comparison {
	var found []comparison
	for _, s := range body {
		found = statementComparisons(found, s, len(body) == 1)
	}
	return found
}

func statementComparisons(found []comparison, s stmt, decides bool) []comparison {
	switch n := s.(type) {
	case *outputStmt:
		for _, x := range n.exprs {
			found = expressionComparisons(found, x, decides && len(n.exprs) == 1)
		}
		return found
	case *ifStmt:
		found = expressionComparisons(found, n.test, decides && followsTest(n))
		for _, inner := range n.body {
			found = statementComparisons(found, inner, false)
		}
		for _, inner := range n.elifs {
			found = statementComparisons(found, inner, false)
		}
		for _, inner := range n.alt {
			found = statementComparisons(found, inner, false)
		}
		return found
	}
	walkStmts([]stmt{s}, nil, func(x node) {
		if c, ok := x.(*compareNode); ok {
			found = appendComparison(found, c, false)
		}
	})
	return found
}

func expressionComparisons(found []comparison, x node, decides bool) []comparison {
	c, ok := x.(*compareNode)
	if ok {
		found = appendComparison(found, c, decides)
	}
	switch x.(type) {
	case *andNode, *orNode:
	default:
		decides = false
	}
	if x == nil {
		return found
	}
	for _, inner := range children(x) {
		found = expressionComparisons(found, inner, decides)
	}
	return found
}

func appendComparison(found []comparison, c *compareNode, decides bool) []comparison {
	left := c.first
	for i, op := range c.ops {
		found = append(found, comparison{left, op, c.rest[i], decides})
		left = c.rest[i]
	}
	return found
}

// followsTest reports whether an if statement prints something true just when its test holds.
func followsTest(n *ifStmt) bool {
	if len(n.elifs) > 0 || len(n.alt) > 0 {
		return false
	}
	var text strings.Builder
	for _, s := range n.body {
		switch s := s.(type) {
		case *dataStmt:
			text.WriteString(s.text)
		case *outputStmt:
			for _, x := range s.exprs {
				c, ok := x.(*constNode)
				if !ok {
					return false
				}
				text.WriteString(value.Str(c.val))
			}
		default:
			return false
		}
	}
	return !isFalse(text.String())
}

func mirrored(op Comparison) Comparison {
	switch op {
	case Lt:
		return Gt
	case Le:
		return Ge
	case Gt:
		return Lt
	case Ge:
		return Le
	}
	return op
}

func refersTo(x node, name string) bool {
	found := false
	walk(x, func(n node) bool {
		if v, ok := n.(*nameNode); ok && v.name == name {
			found = true
		}
		return true
	})
	return found
}

func mentions(body []stmt, name string) bool {
	found := false
	walkStmts(body, nil, func(n node) {
		if v, ok := n.(*nameNode); ok && v.name == name {
			found = true
		}
	})
	return found
}
