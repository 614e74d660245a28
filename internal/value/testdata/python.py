"""Writes python.json: what Python makes of values, for the tests of package value.

Run with python3; a value that JSON lacks is tagged, as {"$tuple": [1, 2]}.
"""
import datetime as dt
import json
import pathlib

UTC = dt.timezone.utc

TEXTS = [
    "null", "true", "false", "0", "-0", "7", "-12", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "999999999999999999",
    "1000000000000000000", "1.0", "-0.0", "1.10", "0.1", "1e3", "1E+2", "1e15", "1e16", "123456789012345680.0", "1e22",
    "1e-4", "0.00001", "1.5e300", "5e-324", "1e400", "-1e400", "0.30000000000000004", "9007199254740993.0",
    '""', '"a"', '"it\'s"', '"say \\"hi\\""', '"it\'s \\"x\\""', '"\\\\ \\/ \\b\\f\\n\\r\\t\\u0000\\u001f\\u007f"',
    '"\\u00e9 \\u2603 \\ud83d\\ude00"', '"é ☃ 😀"', '"\\ud800"', '"a\\ude00\\ud83d b"', '"\\u00a0\\u00ad\\u200b\\u2028\\ue000\\uffff"',
    '"\\u0378\\ufffd"', '"<&>"',
    "[]", "[1, 2.50, \"x\", null, [true, {}]]", "{}", '{"a": 1, "b": [1.0, {"c": null}], "é": "ü"}',
    '{"b": 1, "a": 2, "b": 3}', '{"a": {"x": 1}, "a": {"y": 2}}', '{"\\u0061": 1, "a": 2, "\\"": 3}',
    '{"z": 1, "Z": 2, "é": 3, "10": 4, "9": 5}', "NaN", "[Infinity, -Infinity, NaN]",
]

VALUES = [
    None, True, False, 0, 1, 2, -1, 2**53, 2**53 + 1, 2**63, -(2**70), 0.0, 1.0, 1.5, float(2**53), float(2**63),
    1e300, float("inf"), float("-inf"), float("nan"), "", "a", "b", "ab", "é", "1", (), (1,), (1, 2), (1, "a"), (True, 2.0),
    [], [1], [1, 2], [1, "a"], [[1]], {}, {"a": 1}, {"a": 1.0}, {"a": 1, "b": 2}, {"b": 2, "a": 1},
    set(), {1}, {1, 2}, {True}, b"", b"a", b"b'\x00\xff\n",
    dt.datetime(2026, 1, 2, 3, 4, 5, 6, UTC), dt.datetime(2026, 1, 2, 3, 4, tzinfo=UTC), dt.datetime(2026, 1, 2, 3, 4),
    dt.datetime(2026, 1, 2, 4, 4, 5, 6, dt.timezone(dt.timedelta(hours=1))),
    dt.datetime(26, 1, 2, 3, 4, 5, 0, dt.timezone(-dt.timedelta(hours=5, minutes=30))),
    dt.datetime(2026, 1, 2, tzinfo=dt.timezone(dt.timedelta(seconds=3601))),
    dt.date(2026, 1, 2), dt.date(2026, 1, 3), dt.timedelta(0), dt.timedelta(1), dt.timedelta(days=2, seconds=5, microseconds=7),
    dt.timedelta(microseconds=-1), dt.timedelta(days=-1), {1: "x", None: 2, True: "y", 2.5: 3, (1, 2): 4}, {1: 1, "1": 2},
]


def tag(v):
    if isinstance(v, float):
        return {"$float": repr(v)}
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return {"$int": str(v)}
    if isinstance(v, list):
        return [tag(e) for e in v]
    if isinstance(v, (tuple, set)):
        return {"$" + type(v).__name__: [tag(e) for e in v]}
    if isinstance(v, bytes):
        return {"$bytes": v.hex()}
    if isinstance(v, dict):
        return {"$dict": [[tag(k), tag(e)] for k, e in v.items()]}
    if isinstance(v, dt.datetime):
        off = v.utcoffset()
        return {"$datetime": [v.replace(tzinfo=None).isoformat(timespec="microseconds"), None if off is None else int(off.total_seconds())]}
    if isinstance(v, dt.date):
        return {"$date": [v.year, v.month, v.day]}
    return {"$timedelta": [v.days, v.seconds, v.microseconds]}


def order(a, b):
    got = []
    for op in (lambda: a < b, lambda: a <= b, lambda: a > b, lambda: a >= b):
        try:
            got.append("01"[op()])
        except TypeError as e:
            return str(e)
    return "".join(got)


def main():
    texts, values, pairs, orders = [], [], [], []
    for t in TEXTS:
        v = json.loads(t)
        texts.append({
            "json": t, "type": type(v).__name__, "repr": hexed(repr(v)), "str": hexed(str(v)), "truth": bool(v),
            "dumps": json.dumps(v), "sorted": json.dumps(v, sort_keys=True),
            "compact": json.dumps(v, sort_keys=True, separators=(",", ":")),
        })
    for v in VALUES:
        try:
            hash(v)
            hashable = True
        except TypeError:
            hashable = False
        values.append({"value": tag(v), "type": type(v).__name__, "repr": repr(v), "str": str(v), "truth": bool(v), "hashable": hashable})
    for a in VALUES:
        row = [order(a, b) for b in VALUES]
        for e in row:
            if e not in orders:
                orders.append(e)
        pairs.append({"equal": "".join("01"[a == b] for b in VALUES), "order": [orders.index(e) for e in row]})
    out = pathlib.Path(__file__).with_name("python.json")
    out.write_text(json.dumps({"texts": texts, "values": values, "pairs": pairs, "orders": orders}, separators=(",", ":")).replace("},{", "},\n{") + "\n")


def hexed(s):
    """Text may hold surrogates, so it goes as hexadecimal digits of the bytes that package value keeps."""
    return s.encode("utf-8", "surrogatepass").hex()


main()
