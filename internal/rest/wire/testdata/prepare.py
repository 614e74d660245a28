"""Records how Python's requests and urllib prepare addresses, parameters and bodies: prepare.json, for prepare_test.go.

    python3 prepare.py > prepare.json        (needs the package requests)
"""

import json
from urllib.parse import urljoin

import requests

JOINS = [
    ("http://h", "items"), ("http://h/", "items"), ("http://h/v1", "items"), ("http://h/v1/", "items/"), ("http://h/v1", ""),
    ("http://h/v1", "/items"), ("http://h/v1", "../items"), ("http://h/v1/a/b", "../../c"), ("http://h/a", "../../../c"),
    ("http://h/v1", "http://other/x"), ("http://h/v1", "https://other/x?y=1"), ("http://h/v1", "//other/x"), ("http://h/v1?x=1", "p"),
    ("http://h/v1?x=1", "?page=2"), ("http://h/v1", "?page=2"), ("http://h/v1", "#f"), ("http://h/v1", "a//b"), ("http://h/v1", "a/./b"),
    ("http://h/v1", "."), ("http://h/v1", ".."), ("http://h/v1", "a/.."), ("http://h/v1", "a:b"), ("http://h/v1", "a/b:c"),
    ("http://h/v1", "items?x=a/b"), ("http://h//v1//", "items"), ("HTTP://H/v1", "items"), ("ftp://h/v1", "x"), ("odd://h/v1", "x"),
    ("h/v1", "x"), ("", "x"), ("http://h:80/v1", "items"), ("http://u:p@h/v1", "items"), ("http://h/v1", "/"), ("http://h/v1", "a b"),
    ("http://h/ü", "é"), ("http://h/v1", "items;p=1"), ("http://h/v1", "http:items"), ("http://h/v1", " items"), ("http://h/v1", "it\nems"),
]

ADDRESSES = [
    "http://h", "http://h/", "http://h?x=1", "http://h/a b", "http://h/ü/é", "http://h/a%20b", "http://h/a%2fb", "http://h/%7Euser",
    "http://h/a%zz", "http://h/100%", "http://h/a/../b", "http://h/a/./b/", "http://h/a/..", "http://h/a//b", "http://h/[x]|y", "http://h/\"q\"",
    "http://h/a?x=a b", "http://h/a?x=[1]", "http://h/a?x=%5B1%5D&y=ü", "http://h/a?x=1#frag", "http://h/a?x={y}", "http://H.Example/A",
    "  http://h/lead", "http://h/trail ", "http://h/a?q=it's", "http://h/a?q=a+b", "http://h/a?q=%2B", "http://h:8080/x", "http://u:p@h/x",
    "http://h/a;b=c", "http://h/a?x=%e9", "http://h/a?b?c", "http://h/a?x=1&x=2&y=", "http://h/a?", "https://h/%41%5f", "http://h/a?d=a/b:c@d",
]

PARAMS = [
    {}, {"a": "1"}, {"a": 1, "b": 1.5, "c": True, "d": False}, {"a": None, "b": "x"}, {"l": ["x", "y"]}, {"l": [1, None, True]}, {"l": []},
    {"a": "a+b c/d?e=f&g,h:i;j|k%20*~é"}, {"a b": "c d"}, {"fields[]": ["x", "y"]}, {"e": ""}, {"n": 10000000000000000}, {"f": 1e16},
    {"f": 1e-7}, {"l": [["x", "y"], "z"]}, {"l": ["a", 1.0]}, {"ü": "ö"}, {"t": "'\"<>()[]{}!$"}, {"l": [{"k": 1}]},
]

BODIES = [{"json": {"a": [1, 2.5, None, True, "ü\n"], "b": {"c": {}}}}, {"data": {"a": "x y", "l": ["p", "q"], "n": None, "d": {"k": 1}}},
          {"data": "raw text ü"}, {"json": {}}, {"data": {}}]


def prepared(**kw):
    r = requests.Session().prepare_request(requests.Request(**kw))
    body = r.body.decode() if isinstance(r.body, bytes) else r.body
    return r.url, body, r.headers.get("Content-Type")


def address(a):
    try:
        return prepared(method="GET", url=a)[0]
    except requests.RequestException:
        return None


print(json.dumps({
    "joins": [[b, p, urljoin(b + "/" if p and not b.endswith("/") else b, p)] for b, p in JOINS],
    "addresses": [[a, address(a)] for a in ADDRESSES],
    "params": [[p, prepared(method="GET", url="http://h/", params=p)[0]] for p in PARAMS],
    "appended": [[a, prepared(method="GET", url=a, params={"p": "x y"})[0]] for a in ADDRESSES if address(a)],
    "bodies": [[b, *prepared(method="POST", url="http://h/", **b)[1:]] for b in BODIES],
}, ensure_ascii=False, indent=1))
