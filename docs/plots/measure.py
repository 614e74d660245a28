#!/usr/bin/env python3
"""Measures what the plots show, with the bench's own runner, and writes figures.json.

  measure.py --bench PATH                     everything, with the program built from this checkout
  measure.py --bench PATH --only start        one kind of figures; the file keeps the others
  measure.py --bench PATH --quick             few points, small loads, one round

The bench (bench.py with its apiserver, floor and measure) varies little by itself. This script adds cases to it: other
page sizes, latencies, and manifests of other sizes. It runs the bench once for each point, and stores its JSON output
with the point's place on its axis. If there is no bench at PATH, nothing is measured.

It needs the standard library only; the bench installs the other programs into its cache. All traffic stays on 127.0.0.1.
"""
import argparse
import contextlib
import datetime
import gzip
import importlib.util
import io
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ADDRESS = re.compile(r"https?://(?=[A-Za-z0-9{'\"])")


class Bench:
    """The bench's runner as a module, called as from a command line."""

    def __init__(self, path, options):
        spec = importlib.util.spec_from_file_location("bench", path / "bench.py")
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.options, self.inputs, self.points = options, self.module.write_inputs, []

    def run(self, axis, x, case, what, rounds, peers=None, **options):
        """Measures one point. case describes what is read, in the bench's own form."""
        o = self.options
        self.module.CASES[what] = case
        file = pathlib.Path(o.work) / "out.json"
        options.setdefault("workers", 10)
        args = ["bench.py", "--bin", o.bin, "--peers", o.peers if peers is None else peers, "--cases", what, "--rounds", str(rounds),
                "--cache", o.cache, "--json", str(file)]
        for name, value in options.items():
            args += ["--" + name.replace("_", "-"), str(value)]
        sys.argv = args
        print(f"\n# {axis} {x:g}", flush=True)
        self.module.main()
        self.points.append({"axis": axis, "x": x, "date": datetime.date.today().isoformat(), "commit": o.commit, "case": what,
                            **options, "bench": trimmed(json.loads(file.read_text())[what])})


def trimmed(result):
    """The bench's figures without what no plot shows, and without the texts of failures, which are full of paths."""
    keep = ("wall", "cpu", "rss_kb", "peak_in_flight", "requests")
    rounds = {name: [{k: round(m[k], 4) for k in keep if k in m} for m in runs] for name, runs in result["rounds"].items()}
    return {**result, "failed": {name: "failed" for name in result["failed"]}, "rounds": rounds}


def sizes(b, q):
    for size in (10, 100, 1000) if q else (10, 30, 100, 300, 1000, 3000, 10000):
        b.run("page size", size, dict(stream="items_page", size=size, records="N"), f"size{size}", 1 if q else 2, records=10000 if q else 50000)


def memory(b, q):
    for n in (2000, 10000) if q else (10000, 30000, 100000, 300000):
        b.run("records", n, dict(stream="items_page", size=100, records="N"), f"records{n}", 1, records=n)
    if not q:  # by then the other programs' lines are clear
        b.run("records", 1000000, dict(stream="items_page", size=100, records="N"), "records1000000", 1, peers="none", records=1000000)


def latency(b, q):
    for ms in (10, 50) if q else (5, 10, 20, 50, 100, 200):
        few = 1 if q or ms > 50 else 2
        b.run("latency of a list", ms, dict(stream="items_page", size=100, records=2000 if q else 10000, latency=f"{ms}ms"), f"list{ms}", few)
        b.run("latency of partitions", ms, partitions(ms), f"partitions{ms}", few, partition_pages=2 if q else 10)


def partitions(ms, size=100):
    return dict(stream="reviews", size=size, records=100, latency=f"{ms}ms", parts=20, pages="P")


def concurrency(b, q):
    for n in (2, 10) if q else (1, 2, 5, 10, 20):
        b.run("concurrency", n, partitions(50), f"workers{n}", 1 if q else 2, partition_pages=2 if q else 10, workers=n)


def start(b, q):
    """Start-up with real manifests, of sizes that are spread as evenly as possible."""
    folder = b.options.manifests
    files = sorted(((f.stat().st_size, f) for f in folder.glob("*.yaml") if (folder.parent / "goldens" / (f.stem + ".json.gz")).exists()))
    if not files:
        return print(f"no manifests with configurations at {folder}: start-up is not measured")
    for n in range(count := 3 if q else 10):
        wanted = files[0][0] * (files[-1][0] / files[0][0]) ** (n / (count - 1))
        size, file = min(files, key=lambda f: abs(f[0] / wanted - 1))
        files.remove((size, file))
        with of_manifest(b, file):
            for verb in ("spec", "discover"):
                b.run(verb, round(size / 1000, 1), dict(verb=verb, stream="items_page", size=100, records=100), f"{verb} {file.stem}", 1 if q else 5, peers="cdk,singer-sdk-msgspec")


@contextlib.contextmanager
def of_manifest(b, file):
    """Lets the bench read a manifest that it does not know, with all addresses on this machine."""
    with gzip.open(file.parent.parent / "goldens" / (file.stem + ".json.gz")) as f:
        config = json.load(f)["config"]
    manifest, given = pathlib.Path(b.options.work) / file.name, pathlib.Path(b.options.work) / "config.json"
    manifest.write_text(ADDRESS.sub("http://127.0.0.1:9/", file.read_text()))
    given.write_text(ADDRESS.sub("http://127.0.0.1:9/", json.dumps(config)))
    b.module.write_inputs = lambda *a: {**b.inputs(*a), "manifest": str(manifest), "config": str(given)}
    try:
        yield
    finally:
        b.module.write_inputs = b.inputs


def tables(b, q):
    """The tables of docs/performance.md: the bench's own cases, and a stream whose records are changed."""
    n, rounds = (10000, 1) if q else (50000, 3)
    for case, peers in {"page100": None, "page1000": None, "array100": "cdk", "gzip100": "cdk", "cursor100": "cdk", "first": None, "spec": None, "discover": None,
                        "latpage": None, "latcursor": None, "latency": None}.items():
        slow = case.startswith("lat") and not q
        b.run("table", 0, b.module.CASES[case], case, 2 if slow else rounds, peers, records=n, partition_pages=5 if q else 50)
    b.run("table", 0, b.module.CASES["array100"], "array100 small", rounds, "cdk", records=n // 5)
    b.run("table", 0, partitions(50, 1000), "in flight 1000", 1, partition_pages=2 if q else 10)
    with changing(b):
        b.run("table", 0, dict(stream="items_page", size=100, records="N"), "changed100", rounds, peers="cdk", records=n)


@contextlib.contextmanager
def changing(b):
    """Lets the bench read a stream that is filtered, gets two fields, loses one and is cast by its schema."""
    m, expected = b.module, b.module.expected
    text = m.MANIFEST.read_text()
    old = "      paginator: {$ref: \"#/definitions/by_page\"}\n  - type: DeclarativeStream\n    name: items_array"
    new = """      paginator: {$ref: "#/definitions/by_page"}
    transformations:
      - type: AddFields
        fields:
          - {path: [shop], value: "{{ config['api_key'] }}"}
          - {path: [customer_id], value: "{{ record['customer']['id'] }}"}
      - type: RemoveFields
        field_pointers: [[custom_fields]]
  - type: DeclarativeStream
    name: items_array"""
    selector = "      record_selector: {$ref: \"#/definitions/selector\"}\n"
    at = text.index("name: items_page")
    text = text[:at] + text[at:].replace(old, new, 1).replace(selector, """      record_selector:
        type: RecordSelector
        extractor: {type: DpathExtractor, field_path: [data]}
        record_filter: {type: RecordFilter, condition: "{{ record['status'] != 'spam' }}"}
        schema_normalization: Default
""", 1)
    if new not in text:
        sys.exit("measure: the bench's manifest has changed; adapt changing()")
    file = pathlib.Path(b.options.work) / "changed.yaml"
    file.write_text(text)
    m.write_inputs = lambda *a: {**b.inputs(*a), "manifest": str(file)}

    def changed(*args):
        for r in expected(*args):
            if r["status"] != "spam":
                yield {**{k: v for k, v in r.items() if k != "custom_fields"}, "shop": "bench", "customer_id": r["customer"]["id"]}
    m.expected = lambda *args: list(changed(*args))
    try:
        yield
    finally:
        m.expected, m.write_inputs = expected, b.inputs


KINDS = {"tables": tables, "sizes": sizes, "start": start, "memory": memory, "concurrency": concurrency, "latency": latency}
AXES = {"sizes": ("page size",), "memory": ("records",), "latency": ("latency of a list", "latency of partitions"),
        "concurrency": ("concurrency",), "start": ("spec", "discover"), "tables": ("table",)}


def machine():
    return f"{len(os.sched_getaffinity(0))} cores, {platform.system()} {'.'.join(platform.release().split('.')[:2])}, {platform.machine()}"


def versions(b):
    peers = {pip.split("==")[0]: pip.split("==")[1] for p in b.options.peers.split(",") for pip in b.module.PEERS.get(p, {}).get("pip", []) if "==" in pip}
    go = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    return {"go": go, "python": platform.python_version(), **peers}


def build(work):
    """Builds the program as `make build` does."""
    out = os.path.join(work, "anytap")
    subprocess.run(["go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "."], check=True, cwd=ROOT, env={**os.environ, "CGO_ENABLED": "0"})
    return out


def save(file, b, kinds):
    """Replaces what was measured again, and keeps the rest of the file."""
    old = json.loads(file.read_text()) if file.exists() else {"points": []}
    axes = {axis for kind in kinds for axis in AXES[kind]}
    points = [p for p in old["points"] if p["axis"] not in axes] + b.points
    out = io.StringIO()
    head = {"machine": machine(), "versions": versions(b)}
    out.write(json.dumps(head, indent=1)[:-2] + ',\n "points": [\n')
    out.write(",\n".join("  " + json.dumps(p) for p in points) + "\n ]\n}\n")
    file.write_text(out.getvalue())
    print(f"\n{file}: {len(b.points)} points measured, {len(points)} in all")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--bench", required=True, help="the folder of bench.py")
    ap.add_argument("--bin", help="the program; built from this checkout by default")
    ap.add_argument("--commit", help="the commit that it was built from; asked of git by default")
    ap.add_argument("--peers", default="cdk,singer-sdk-msgspec,dlt-extract")
    ap.add_argument("--cache", default=os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "anytap-bench"))
    ap.add_argument("--manifests", help="manifests, with goldens/ beside the folder for their configurations; default ../parity/manifests of the bench")
    ap.add_argument("--only", default=",".join(KINDS), help=f"any of {','.join(KINDS)}")
    ap.add_argument("--out", default=str(HERE / "figures.json"))
    ap.add_argument("--quick", action="store_true")
    o = ap.parse_args()
    path, kinds = pathlib.Path(o.bench).resolve(), o.only.split(",")
    if unknown := set(kinds) - set(KINDS):
        ap.error(f"{', '.join(sorted(unknown))}: expected any of {', '.join(KINDS)}")
    if not (path / "bench.py").exists():
        return print(f"measure: there is no bench at {o.bench}; nothing is measured")
    o.manifests = pathlib.Path(o.manifests).resolve() if o.manifests else path.parent / "parity" / "manifests"
    o.commit = o.commit or subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout.strip()
    with tempfile.TemporaryDirectory() as o.work:
        o.bin = o.bin or build(o.work)
        b = Bench(path, o)
        for kind in kinds:
            KINDS[kind](b, o.quick)
            save(pathlib.Path(o.out), b, kinds[:kinds.index(kind) + 1])


if __name__ == "__main__":
    main()
