"""Evaluates the templates of reference.jsonl and times.jsonl with airbyte-cdk and writes what they give.

    reference.py reference.jsonl ../../python/pytime/testdata/times.jsonl      (needs airbyte-cdk and time-machine; changes the files in place)

reference.jsonl: the first line holds contexts by name. Each other line is a template, the kind of the class that
evaluates it, a context's name or the variable config alone, and "result" (its repr) or "error" (the exception).
times.jsonl: a text, and the "time" or "error" that ab_datetime_parse makes of it.
"""
import copy
import datetime
import json
import os
import sys
import warnings

os.environ["TZ"] = "UTC"
import time_machine
from airbyte_cdk.sources.declarative.interpolation.interpolated_boolean import InterpolatedBoolean
from airbyte_cdk.sources.declarative.interpolation.interpolated_mapping import InterpolatedMapping
from airbyte_cdk.sources.declarative.interpolation.interpolated_nested_mapping import InterpolatedNestedMapping
from airbyte_cdk.sources.declarative.interpolation.interpolated_string import InterpolatedString
from airbyte_cdk.sources.declarative.interpolation.jinja import JinjaInterpolation
from airbyte_cdk.sources.types import StreamSlice
from airbyte_cdk.utils.datetime_helpers import ab_datetime_parse

NOW = datetime.datetime(2026, 11, 20, tzinfo=datetime.timezone.utc)


def variables(context):
    v = copy.deepcopy(context)
    extra = v.pop("stream_slice_extra_fields", None)
    whole = v.get("stream_slice")
    if whole is not None:
        cursor = {k: x for k, x in whole.items() if k.startswith(("start_", "end_"))}
        partition = {k: x for k, x in whole.items() if k not in cursor}
        v["stream_slice"] = StreamSlice(partition=partition, cursor_slice=cursor, extra_fields=extra)
    return v.pop("config", {}), v.pop("parameters", {}), v


def evaluate(template, kind, context):
    config, parameters, v = variables(context)
    if kind == "string":
        return InterpolatedString.create(template, parameters=parameters).eval(config, **v)
    if kind == "boolean":
        return InterpolatedBoolean(condition=template, parameters=parameters).eval(config, **v)
    if kind == "mapping":
        whole = InterpolatedMapping({"key": template}, parameters=parameters)
        return whole.eval(config, valid_value_types=(str, list), **v)["key"]
    if kind == "nested":
        return InterpolatedNestedMapping(template, parameters=parameters).eval(config, **v)
    if parameters:
        v["parameters"] = parameters
    return JinjaInterpolation().eval(template, config, **v)


def outcome(line, key, f):
    line = {k: x for k, x in line.items() if k not in (key, "error")}
    try:
        line[key] = f()
    except BaseException as e:
        line["error"] = type(e).__name__
    return line


def rewrite(name, change):
    with open(name, encoding="utf-8") as f:
        lines = [json.loads(text) for text in f]
    with open(name, "w", encoding="utf-8") as f:
        for line in change(lines):
            f.write(json.dumps(line, ensure_ascii=False) + "\n")


def cases(lines):
    contexts = lines[0]["contexts"]
    yield lines[0]
    for line in lines[1:]:
        context = contexts[line["context"]] if "context" in line else {"config": line.get("config", {})}
        yield outcome(line, "result", lambda: repr(evaluate(line["template"], line["kind"], context)))


def times(lines):
    for line in lines:
        yield outcome(line, "time", lambda: ab_datetime_parse(line["text"]).isoformat())


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with time_machine.travel(NOW, tick=False):
        rewrite(sys.argv[1], cases)
        rewrite(sys.argv[2], times)
