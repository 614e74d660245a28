#!/usr/bin/env python3
"""Serves public manifests by the parity harness's mock APIs, for the fault suite.

    public.py PARITY NAME…     PARITY: the harness's folder

Prints a JSON object a line for each manifest: name, host, manifest, config, streams, now. The host stands in the texts. It
ends with its standard input. Needs PyYAML.
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, sys.argv[1])
import common  # noqa: E402
import mockapi  # noqa: E402
import rewrite  # noqa: E402


class Mock(mockapi.MockServer):
    """One that is asked the same many times, by many schedules."""

    def handle(self, *request):
        self.repeats, self.log = {}, []
        return super().handle(*request)


for name in sys.argv[2:]:
    golden = common.load_golden(os.path.join(sys.argv[1], "goldens", name + ".json.gz"))
    mock = Mock()
    mock.load(golden["routes"])
    tree = rewrite.rewrite_manifest(rewrite.load_yaml(os.path.join(sys.argv[1], "manifests", name + ".yaml")), golden["relaxed"])
    with tempfile.NamedTemporaryFile("r", suffix=".yaml") as f:
        rewrite.dump_yaml(tree, f.name, mock.host)
        manifest = f.read()
    bad = {k.split(":", 1)[-1] for k in golden["oracle_failed"]}
    streams = [s["stream"]["name"] for s in common.configured_catalog(golden["catalog"], golden["read_streams"])["streams"] if s["stream"]["name"] not in bad]
    print(json.dumps({"name": name, "host": mock.host, "manifest": manifest, "config": common.with_host(golden["config"], mock.host),
                      "streams": streams, "now": golden.get("now", common.NOW_TEXT)}), flush=True)
sys.stdin.read()
