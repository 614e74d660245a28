package jinja

import (
	"anytap/internal/python"
	"anytap/internal/python/pytext"
)

// filterTable holds the filters: Jinja's, and those of the CDK, which replace the ones with the
// same name.
var filterTable = python.Table(
	// numbers
	python.Def("abs", "x, /", filterAbs),
	python.Def("filesizeformat", "value, binary=False", fileSize),
	python.Def("float", "value, default=0.0", filterFloat),
	python.Def("int", "value, default=0, base=10", filterInt),
	python.Def("round", "value, precision=0, method='common'", filterRound),

	// text
	python.Def("capitalize", "s", textFilter(pytext.Capitalize)),
	python.Def("center", "value, width=80", filterCenter),
	python.Def("e", "s, /", filterEscape),
	python.Def("escape", "s, /", filterEscape),
	python.Def("forceescape", "value", forceEscape),
	python.Def("format", "value, /, *args, **kwargs", filterFormat),
	python.Def("indent", "s, width=4, first=False, blank=False", filterIndent),
	python.Def("lower", "s", textFilter(pytext.Lower)),
	python.Def("pprint", "value", filterPprint),
	python.Def("replace", "s, old, new, count=None", filterReplace),
	python.Def("safe", "value", filterSafe),
	python.Def("striptags", "value", filterStripTags),
	python.Def("title", "s", textFilter(titleWords)),
	python.Def("trim", "value, chars=None", filterTrim),
	python.Def("truncate", "s, length=255, killwords=False, end='...', leeway=None", filterTruncate),
	python.Def("upper", "s", textFilter(pytext.Upper)),
	python.Def("urlencode", "value", urlencode),
	python.Def("urlize", "value, trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None", filterUrlize),
	python.Def("wordcount", "s", filterWordCount),
	python.Def("wordwrap", "s, width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True", filterWordWrap),
	python.Def("xmlattr", "d, autospace=True", filterXMLAttr),
	python.Def("tojson", "value, indent=None", filterToJSON),

	// values and sequences
	python.Quick(python.Def("attr", "obj, name", filterAttr)),
	python.Def("batch", "value, linecount, fill_with=None", filterBatch),
	python.Quick(python.Def("count", "obj, /", filterLength)),
	python.Quick(python.Def("d", "value, default_value='', boolean=False", filterDefault)),
	python.Quick(python.Def("default", "value, default_value='', boolean=False", filterDefault)),
	python.Def("dictsort", "value, case_sensitive=False, by='key', reverse=False", filterDictSort),
	python.Quick(python.Def("first", "seq", filterFirst)),
	python.Def("groupby", "value, attribute, default=None, case_sensitive=False", filterGroupBy),
	python.Quick(python.Def("items", "value", filterItems)),
	python.Def("join", "value, d='', attribute=None", filterJoin),
	python.Quick(python.Def("last", "seq", filterLast)),
	python.Quick(python.Def("length", "obj, /", filterLength)),
	python.Def("list", "value", filterList),
	python.Def("max", "value, case_sensitive=False, attribute=None", extremeFilter("max")),
	python.Def("min", "value, case_sensitive=False, attribute=None", extremeFilter("min")),
	python.Def("reverse", "value", filterReverse),
	python.Def("slice", "value, slices, fill_with=None", filterSlice),
	python.Def("sort", "value, reverse=False, case_sensitive=False, attribute=None", filterSort),
	python.Def("sum", "iterable, attribute=None, start=0", filterSum),
	python.Def("unique", "value, case_sensitive=False, attribute=None", filterUnique),
	python.Quick(python.Volatile(python.Def("map", "value, /, *args, **kwargs", filterMap))),
	python.Quick(python.Volatile(python.Def("random", "seq", filterRandom))),
	python.Quick(python.Volatile(python.Def("reject", "value, /, *args, **kwargs", selector(false, false)))),
	python.Quick(python.Volatile(python.Def("rejectattr", "value, /, *args, **kwargs", selector(false, true)))),
	python.Quick(python.Volatile(python.Def("select", "value, /, *args, **kwargs", selector(true, false)))),
	python.Quick(python.Volatile(python.Def("selectattr", "value, /, *args, **kwargs", selector(true, true)))),

	// from the CDK
	python.Def("base64binascii_decode", "value", base64ASCII),
	python.Def("base64decode", "value", base64Decode),
	python.Def("base64encode", "value", base64Encode),
	python.Def("hash", "value, hash_type='md5', salt=None", filterHash),
	python.Def("hmac", "value, key, hash_type='sha256'", filterHMAC),
	python.Def("regex_replace", "value, regex, replacement", regexReplace),
	python.Def("regex_search", "value, regex", regexSearch),
	python.Def("string", "value", filterString),
)
