package python

import (
	"math/big"
	"strings"

	"anytap/internal/python/pytext"
	"anytap/internal/value"
)

// Names of special attributes without their underscores, by type. A sandbox treats names that exist
// differently from names that do not.
const (
	dunderAll    = " class delattr dir doc eq format ge getattribute getstate gt hash init init_subclass le lt ne new reduce reduce_ex repr setattr sizeof str subclasshook "
	dunderStr    = " add contains getitem getnewargs iter len mod mul rmod rmul "
	dunderInt    = " abs add and bool ceil divmod float floor floordiv getnewargs index int invert lshift mod mul neg or pos pow radd rand rdivmod rfloordiv rlshift rmod rmul ror round rpow rrshift rshift rsub rtruediv rxor sub truediv trunc xor "
	dunderFloat  = " abs add bool ceil divmod float floor floordiv getformat getnewargs int mod mul neg pos pow radd rdivmod rfloordiv rmod rmul round rpow rsub rtruediv sub truediv trunc "
	dunderList   = " add class_getitem contains delitem getitem iadd imul iter len mul reversed rmul setitem "
	dunderDict   = " class_getitem contains delitem getitem ior iter len or reversed ror setitem "
	dunderTuple  = " add class_getitem contains getitem getnewargs iter len mul rmul "
	dunderTime   = " add radd rsub sub "
	dunderSlice  = " abstractmethods bool class_getitem contains dict getitem iter json_serializable len module orig_bases parameters reversed setitem slots weakref "
	dunderMethod = " call module name qualname self text_signature "

	dunderFunction = " annotations builtins closure code defaults dict get globals kwdefaults type_params wrapped "
)

func hasDunder(v any, name string) bool {
	name = " " + strings.Trim(name, "_") + " "
	if strings.Contains(dunderAll, name) {
		return true
	}
	extra := ""
	switch v.(type) {
	case nil:
		extra = " bool "
	case string, pytext.Markup, value.Bytes:
		extra = dunderStr
	case int64, *big.Int, bool:
		extra = dunderInt
	case float64:
		extra = dunderFloat
	case *value.List:
		extra = dunderList
	case *value.Dict:
		extra = dunderDict
	case value.Tuple:
		extra = dunderTuple
	case value.Datetime, value.Date, value.Timedelta:
		extra = dunderTime
	case Mapping:
		extra = dunderSlice
	case *BoundMethod:
		extra = dunderMethod
	case *Builtin:
		extra = dunderMethod + dunderFunction
	}
	return strings.Contains(extra, name)
}
