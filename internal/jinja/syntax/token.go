package syntax

// kind is the type of a token.
type kind uint8

const (
	tEOF kind = iota
	tData
	tVarBegin
	tVarEnd
	tBlockBegin
	tBlockEnd
	tName
	tString
	tInteger
	tFloat
	tAdd
	tSub
	tDiv
	tFloorDiv
	tMul
	tMod
	tPow
	tTilde
	tLBracket
	tRBracket
	tLParen
	tRParen
	tLBrace
	tRBrace
	tEq
	tNe
	tGt
	tGe
	tLt
	tLe
	tAssign
	tDot
	tColon
	tPipe
	tComma
	tSemicolon
)

// token is a lexical unit. text is a name or data, val the value of a literal.
type token struct {
	kind kind
	pos  int
	text string
	val  any
}

// operators maps operators to tokens. Operators of two characters are looked up first.
var operators = map[string]kind{
	"+": tAdd, "-": tSub, "/": tDiv, "//": tFloorDiv, "*": tMul, "%": tMod,
	"**": tPow, "~": tTilde, "[": tLBracket, "]": tRBracket, "(": tLParen,
	")": tRParen, "{": tLBrace, "}": tRBrace, "==": tEq, "!=": tNe, ">": tGt,
	">=": tGe, "<": tLt, "<=": tLe, "=": tAssign, ".": tDot, ":": tColon,
	"|": tPipe, ",": tComma, ";": tSemicolon,
}

// describe returns the name of a token in error messages.
func (t token) describe() string {
	switch t.kind {
	case tName:
		return t.text
	case tString:
		return "string"
	case tInteger:
		return "integer"
	case tFloat:
		return "float"
	}
	return t.kind.describe()
}

func (k kind) describe() string {
	switch k {
	case tEOF:
		return "end of template"
	case tData:
		return "template data / text"
	case tVarBegin:
		return "begin of print statement"
	case tVarEnd:
		return "end of print statement"
	case tBlockBegin:
		return "begin of statement block"
	case tBlockEnd:
		return "end of statement block"
	case tName:
		return "name"
	}
	for text, op := range operators {
		if op == k {
			return text
		}
	}
	return "token"
}
