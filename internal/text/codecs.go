package text

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// codecs are Python's codecs, by their normalised names.
var codecs = map[string]encoding.Encoding{
	"latin_1": charmap.ISO8859_1, "iso8859_2": charmap.ISO8859_2, "iso8859_3": charmap.ISO8859_3,
	"iso8859_4": charmap.ISO8859_4, "iso8859_5": charmap.ISO8859_5, "iso8859_6": charmap.ISO8859_6,
	"iso8859_7": charmap.ISO8859_7, "iso8859_8": charmap.ISO8859_8, "iso8859_9": charmap.ISO8859_9,
	"iso8859_10": charmap.ISO8859_10, "iso8859_13": charmap.ISO8859_13, "iso8859_14": charmap.ISO8859_14,
	"iso8859_15": charmap.ISO8859_15, "iso8859_16": charmap.ISO8859_16,
	"cp437": charmap.CodePage437, "cp850": charmap.CodePage850, "cp852": charmap.CodePage852,
	"cp855": charmap.CodePage855, "cp858": charmap.CodePage858, "cp860": charmap.CodePage860,
	"cp862": charmap.CodePage862, "cp863": charmap.CodePage863, "cp865": charmap.CodePage865,
	"cp866": charmap.CodePage866, "cp037": charmap.CodePage037, "cp1140": charmap.CodePage1140,
	"cp874":  charmap.Windows874,
	"cp1250": charmap.Windows1250, "cp1251": charmap.Windows1251, "cp1252": charmap.Windows1252,
	"cp1253": charmap.Windows1253, "cp1254": charmap.Windows1254, "cp1255": charmap.Windows1255,
	"cp1256": charmap.Windows1256, "cp1257": charmap.Windows1257, "cp1258": charmap.Windows1258,
	"koi8_r": charmap.KOI8R, "koi8_u": charmap.KOI8U,
	"mac_roman": charmap.Macintosh, "mac_cyrillic": charmap.MacintoshCyrillic,
	"shift_jis": japanese.ShiftJIS, "cp932": japanese.ShiftJIS, "euc_jp": japanese.EUCJP, "iso2022_jp": japanese.ISO2022JP,
	"gb2312": simplifiedchinese.GBK, "gbk": simplifiedchinese.GBK, "gb18030": simplifiedchinese.GB18030,
	"hz": simplifiedchinese.HZGB2312, "big5": traditionalchinese.Big5, "big5hkscs": traditionalchinese.Big5,
	"cp950": traditionalchinese.Big5, "euc_kr": korean.EUCKR, "cp949": korean.EUCKR,
	"utf_16":    unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf_16_le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf_16_be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"utf_32":    utf32.UTF32(utf32.LittleEndian, utf32.UseBOM),
	"utf_32_le": utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	"utf_32_be": utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
}

// undefined are the bytes that Python refuses in a code page although the web's tables map them.
var undefined = map[string]string{
	"cp1250": "\x81\x83\x88\x90\x98", "cp1251": "\x98", "cp1252": "\x81\x8d\x8f\x90\x9d",
	"cp1253": "\x81\x88\x8a\x8c\x8d\x8e\x8f\x90\x98\x9a\x9c\x9d\x9e\x9f\xaa\xd2\xff",
	"cp1254": "\x81\x8d\x8e\x8f\x90\x9d\x9e", "cp1255": "\xca\x81\x8a\x8c\x8d\x8e\x8f\x90\x9a\x9c\x9d\x9e\x9f\xd9\xda\xdb\xdc\xdd\xde\xdf\xfb\xfc\xff",
	"cp1257": "\x81\x83\x88\x8a\x8c\x90\x98\x9a\x9c\x9f\xa1\xa5", "cp1258": "\x81\x8a\x8d\x8e\x8f\x90\x9a\x9d\x9e",
}

// aliases are the other names that Python knows the codecs by.
var aliases = map[string]string{
	"utf8": "utf_8", "u8": "utf_8", "utf": "utf_8", "utf8_ucs2": "utf_8", "utf8_ucs4": "utf_8", "cp65001": "utf_8",
	"utf8_sig": "utf_8_sig", "646": "ascii", "us_ascii": "ascii", "us": "ascii", "ansi_x3_4_1968": "ascii", "iso646_us": "ascii",
	"latin1": "latin_1", "latin": "latin_1", "l1": "latin_1", "iso_8859_1": "latin_1", "iso8859_1": "latin_1", "iso8859": "latin_1",
	"8859": "latin_1", "cp819": "latin_1", "iso_ir_100": "latin_1", "iso_8859_1_1987": "latin_1", "csisolatin1": "latin_1",
	"iso_8859_2": "iso8859_2", "latin2": "iso8859_2", "l2": "iso8859_2", "iso_8859_3": "iso8859_3", "latin3": "iso8859_3",
	"iso_8859_4": "iso8859_4", "latin4": "iso8859_4", "iso_8859_5": "iso8859_5", "cyrillic": "iso8859_5",
	"iso_8859_6": "iso8859_6", "arabic": "iso8859_6", "iso_8859_7": "iso8859_7", "greek": "iso8859_7",
	"iso_8859_8": "iso8859_8", "hebrew": "iso8859_8", "iso_8859_9": "iso8859_9", "latin5": "iso8859_9",
	"iso_8859_10": "iso8859_10", "latin6": "iso8859_10", "iso_8859_13": "iso8859_13", "latin7": "iso8859_13",
	"iso_8859_14": "iso8859_14", "latin8": "iso8859_14", "iso_8859_15": "iso8859_15", "latin9": "iso8859_15",
	"iso_8859_16": "iso8859_16", "latin10": "iso8859_16",
	"437": "cp437", "ibm437": "cp437", "850": "cp850", "ibm850": "cp850", "852": "cp852", "ibm852": "cp852",
	"855": "cp855", "ibm855": "cp855", "858": "cp858", "860": "cp860", "862": "cp862", "863": "cp863", "865": "cp865",
	"866": "cp866", "ibm866": "cp866", "ibm037": "cp037", "ibm1140": "cp1140",
	"1250": "cp1250", "windows_1250": "cp1250", "1251": "cp1251", "windows_1251": "cp1251", "1252": "cp1252", "windows_1252": "cp1252",
	"1253": "cp1253", "windows_1253": "cp1253", "1254": "cp1254", "windows_1254": "cp1254", "1255": "cp1255", "windows_1255": "cp1255",
	"1256": "cp1256", "windows_1256": "cp1256", "1257": "cp1257", "windows_1257": "cp1257", "1258": "cp1258", "windows_1258": "cp1258",
	"macroman": "mac_roman", "macintosh": "mac_roman", "maccyrillic": "mac_cyrillic",
	"sjis": "shift_jis", "s_jis": "shift_jis", "shiftjis": "shift_jis", "csshiftjis": "shift_jis", "932": "cp932", "ms932": "cp932",
	"mskanji": "cp932", "windows_31j": "cp932", "eucjp": "euc_jp", "ujis": "euc_jp", "u_jis": "euc_jp", "iso2022jp": "iso2022_jp",
	"iso_2022_jp": "iso2022_jp", "gb2312_80": "gb2312", "euc_cn": "gb2312", "euccn": "gb2312", "936": "gbk", "cp936": "gbk", "ms936": "gbk",
	"gb18030_2000": "gb18030", "hzgb": "hz", "hz_gb": "hz", "big5_tw": "big5", "csbig5": "big5", "950": "cp950", "ms950": "cp950",
	"euckr": "euc_kr", "korean": "euc_kr", "949": "cp949", "ms949": "cp949", "uhc": "cp949",
	"u16": "utf_16", "utf16": "utf_16", "utf_16le": "utf_16_le", "utf_16be": "utf_16_be", "unicodelittleunmarked": "utf_16_le",
	"unicodebigunmarked": "utf_16_be", "u32": "utf_32", "utf32": "utf_32", "utf_32le": "utf_32_le", "utf_32be": "utf_32_be",
}
