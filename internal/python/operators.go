package python

// Operator is an arithmetic operator of two operands.
type Operator uint8

// The arithmetic operators.
const (
	Add      Operator = iota // +
	Sub                      // -
	Mul                      // *
	Div                      // /
	FloorDiv                 // //
	Mod                      // %
	Pow                      // **
)

// String is the operator as it is written.
func (op Operator) String() string {
	return [...]string{Add: "+", Sub: "-", Mul: "*", Div: "/", FloorDiv: "//", Mod: "%", Pow: "**"}[op]
}

// Comparison is a comparison operator.
type Comparison uint8

// The comparison operators.
const (
	Eq    Comparison = iota // ==
	Ne                      // !=
	Lt                      // <
	Le                      // <=
	Gt                      // >
	Ge                      // >=
	In                      // in
	NotIn                   // not in
)

// String is the operator as it is written.
func (op Comparison) String() string {
	return [...]string{Eq: "==", Ne: "!=", Lt: "<", Le: "<=", Gt: ">", Ge: ">=", In: "in", NotIn: "not in"}[op]
}
