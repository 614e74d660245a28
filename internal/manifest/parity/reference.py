"""Says what the reference runtime makes of YAML manifests: one JSON line for each file named on stdin.

    reference.py yaml|resolve

yaml: the document as PyYAML reads it. resolve: after references, types and parameters (needs airbyte-cdk).
Values that JSON has no word for come as {"!": "repr"}, maps as {"!": [[key, value], …]} so that their order counts.
"""
import datetime
import json
import signal
import sys

import yaml


class Slow(BaseException):
    pass


def slow(signum, frame):
    raise Slow


def plain(v):
    if isinstance(v, dict):
        return {"!": [[plain(k), plain(x)] for k, x in v.items()]}
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    if isinstance(v, float):
        return {"!": repr(v)}
    if isinstance(v, (datetime.date, datetime.datetime, bytes)):
        return {"!": repr(v)}
    return v


def resolve(doc):
    from airbyte_cdk.sources.declarative.parsers.manifest_component_transformer import ManifestComponentTransformer
    from airbyte_cdk.sources.declarative.parsers.manifest_reference_resolver import ManifestReferenceResolver

    doc = dict(doc)
    doc.setdefault("type", "DeclarativeSource")
    doc = ManifestReferenceResolver().preprocess_manifest(doc)
    return ManifestComponentTransformer().propagate_types_and_parameters("", doc, {})


def main():
    signal.signal(signal.SIGALRM, slow)
    for name in sys.stdin.read().split("\0"):
        if not name:
            continue
        try:
            signal.alarm(20)
            with open(name, "rb") as f:
                doc = yaml.load(f, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            if sys.argv[1] == "resolve":
                doc = resolve(doc)
            out = {"value": plain(doc)}
            signal.alarm(0)
        except Slow:
            out = {"slow": True}
        except Exception as e:  # every failure is an answer
            out = {"error": type(e).__name__ + ": " + str(e)[:200]}
        print(json.dumps(out), flush=True)


main()
