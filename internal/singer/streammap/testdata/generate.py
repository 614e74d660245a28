"""Records what the Meltano SDK's own mapper answers: one case a line in answers.jsonl.gz.

Run it with the SDK of requirements.txt, without Faker: python generate.py
"""

import copy
import gzip
import json
import logging
import random
import warnings

from singer_sdk.mapper import PluginMapper, RemoveRecordTransform
from singer_sdk.singerlib import RecordMessage
from singer_sdk.singerlib.json import serialize_json

from maps import DOCUMENTED, EXPRESSIONS, RECORDS, SCHEMA

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


def outcome(case):
    """The maps of a case with their records, or the error that stops it."""
    try:
        mapper = PluginMapper(copy.deepcopy(case["config"]), logging.getLogger("map"))
        mapper.register_raw_stream_schema(case["stream"], copy.deepcopy(case["schema"]), case["keys"])
        maps = [m for m in mapper.stream_maps[case["stream"]] if not isinstance(m, RemoveRecordTransform)]
        out = [
            {"stream": m.stream_alias, "schema": copy.deepcopy(m.transformed_schema), "keys": m.transformed_key_properties, "records": []}
            for m in maps
        ]
        json.dumps(out)
    except Exception as e:  # whatever it is, it stops the tap
        return {"error": f"{type(e).__name__}: {e}"}
    for record in case["records"]:
        record = copy.deepcopy(record)
        for m, o in zip(maps, out):
            try:
                mapped = m.transform(record)
                if mapped is not None:
                    mapped = serialize_json(RecordMessage(stream="x", record=mapped).to_dict()["record"])
                o["records"].append(mapped)
            except Exception as e:
                o["records"].append({"error": f"{type(e).__name__}: {e}"[:200]})
    return {"maps": out}


class Generator:
    """Makes expressions and maps at random."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *choices):
        return self.r.choice(choices)

    def text(self, depth):
        if depth <= 0:
            return self.pick("name", "email", "_['name']", "record['email']", "'a'", "'Zoë'", "country", "record.get('country', 'XX')", "config['seed']", "''", "created_at")
        t, n = self.text(depth - 1), self.number(depth - 1)
        return self.pick(
            f"{t}.upper()", f"{t}.lower().strip()", f"{t} + {self.text(depth - 1)}", f"str({n})", f"{t}[:{self.r.randint(-3, 5)}]",
            f"{t}[::{self.pick(-1, 2)}]", f"{t}.replace('a', '{self.pick('', 'b', 'xyz')}')", f"md5({t})", f"sha256({t})", f"'-'.join({t}.split('@'))",
            f"f'{{{n}:>6}}|{{id}}'", f"'%s/%s' % ({t}, {n})", f"{t} if {self.truth(depth - 1)} else {self.text(depth - 1)}", f"{t} or 'none'",
            f"{t}.title()", f"{t}.zfill(6)", f"{t} * {self.r.randint(0, 3)}", f"json.dumps({self.any(depth - 1)})", f"{t}.split('@')[-1]", f"{t}.center(8, '*')",
            f"''.join([c for c in {t} if c != 'a'])",
        )

    def number(self, depth):
        if depth <= 0:
            return self.pick("id", "price", "len_", "3", "-7", "2.5", "0", "quantity", "_['id']", "1e3", "0x1f", "True")
        a, b = self.number(depth - 1), self.number(depth - 1)
        return self.pick(
            f"({a} + {b})", f"({a} - {b})", f"{a} * {b}", f"{a} / {b}", f"{a} // {b}", f"{a} % {b}", f"-{a}", f"int({a})", f"float({b})",
            f"{a} ** 2", f"({a} if {self.truth(depth - 1)} else {b})", f"{self.text(depth - 1)}.count('a')", f"int({a}) | 5", f"int({a}) & 6", f"~int({b})",
            f"{self.text(depth - 1)}.find('e')", f"int(str(abs_({a})))" if self.r.random() < 0.05 else f"int(float({a}))",
        )

    def truth(self, depth):
        if depth <= 0:
            return self.pick("active", "id > 2", "name == 'Ann'", "email is None", "country in ('DE', 'FR')", "tags", "not address", "True")
        a, b = self.any(depth - 1), self.any(depth - 1)
        return self.pick(
            f"{a} == {b}", f"{a} != {b}", f"{self.number(depth - 1)} < {self.number(depth - 1)}", f"not {a}", f"({a}) and ({b})", f"({a}) or ({b})",
            f"bool({a})", f"0 < {self.number(depth - 1)} <= 10", f"{self.text(depth - 1)} in {self.text(depth - 1)}", f"{self.text(depth - 1)}.startswith('a')",
            f"{a} is not None",
        )

    def any(self, depth):
        if depth <= 0:
            return self.pick("tags", "address", "address['city']", "_.get('missing')", "address.geo", "[1, 2]", "{'a': id}", "(id, name)", "nothing", "record['tags'][0]", "None")
        return self.pick(
            self.text, self.number, self.truth,
            lambda d: f"[{self.any(d - 1)}, {self.any(d - 1)}]", lambda d: f"{{'k': {self.any(d - 1)}, 'n': {self.number(d - 1)}}}",
            lambda d: f"[x for x in (tags or []) if {self.truth(d - 1)}]", lambda d: f"{{k: str(v) for k, v in (address or {{}}).items()}}",
            lambda d: f"list({self.text(d - 1)})[:3]", lambda d: f"json.loads(json.dumps({self.any(d - 1)}))", lambda d: f"datetime.datetime.fromisoformat(created_at[:19])",
            lambda d: f"datetime.date(2024, {self.r.randint(1, 13)}, 3)",
        )(depth)

    def map(self):
        out = {}
        for _ in range(self.r.randint(1, 3)):
            name = self.pick("name", "email", "price", "new", "full", "x_y", "id", "address", "tags")
            out[name] = self.pick(self.text, self.number, self.truth, self.any)(self.r.randint(1, 2))
            if self.r.random() < 0.12:
                out[name] = self.pick(None, "__NULL__")
            elif self.r.random() < 0.05:
                out[name] = self.broken(out[name])
        if self.r.random() < 0.2:
            out["__filter__"] = self.truth(1)
        if self.r.random() < 0.15:
            out["__else__"] = None
            if self.r.random() < 0.7:
                out["id"] = "id"
        if self.r.random() < 0.1:
            out["__key_properties__"] = self.pick(None, [], ["new"], ["id", "name"])
        if self.r.random() < 0.1:
            out["__alias__"] = self.pick("people", "__stream_name__ + '_v2'", "v2.people", "'x y'")
        return out

    def broken(self, text):
        at = self.r.randint(0, len(text))
        return self.pick(text[:at], text[:at] + ")" + text[at:], text + " +", "import os", text.replace("(", "", 1), "lambda: " + text, " " + text)


def generated():
    for i in range(420):
        g = Generator(i)
        config = {"stream_maps": {"customers": g.map()}, "stream_map_config": {"seed": "s33d"}}
        if g.r.random() < 0.15:
            config["stream_maps"][g.pick("copies", "others")] = {"__source__": g.pick("customers", "cust*", "nobody"), **{k: v for k, v in g.map().items() if k != "__alias__"}}
        if g.r.random() < 0.25:
            config.update(flattening_enabled=True, flattening_max_depth=g.r.randint(0, 3))
            if g.r.random() < 0.3:
                config["flattening_max_key_length"] = g.pick(5, 10, 20)
            if g.r.random() < 0.2:
                config["flattening_separator"] = g.pick("_", ".")
        yield f"generated {i}", config


def main():
    cases = [(f"documented: {name}", config) for name, config in DOCUMENTED.items()]
    cases += [(f"expression: {text}", {"stream_maps": {"customers": {"new": text}}, "stream_map_config": {"seed": "s33d"}}) for text in EXPRESSIONS]
    cases += list(generated())
    shared = {"stream": "customers", "schema": SCHEMA, "keys": ["id"], "records": RECORDS}
    lines = [shared]
    for name, config in cases:
        given = dict(shared)
        given.update(config.pop("given", {}))
        case = {"name": name, "config": config}
        case.update({k: v for k, v in given.items() if v is not shared.get(k)})
        lines.append({**case, **outcome({**given, "config": config})})
    text = "".join(json.dumps(line) + "\n" for line in lines)
    with open("answers.jsonl.gz", "wb") as f:
        f.write(gzip.compress(text.encode(), mtime=0))


main()
