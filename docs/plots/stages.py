#!/usr/bin/env python3
"""Sums a profile's samples by the stages of a page's way, for the table in docs/performance.md.

  perf record -e cpu-clock -F 997 -g -o perf.data ./anytap read …
  perf script -i perf.data | stages.py

Build the program with its symbols (go build without -s). From the innermost frame outwards, the first frame that a stage
knows decides to which stage a sample belongs.
"""
import collections
import re
import sys

# (stage, pattern for the beginning of its frames' names). If several patterns match a frame, the first one counts.
STAGES = [
    ("collect garbage", r"runtime\.(gcBgMarkWorker|gcAssistAlloc|bgsweep|bgscavenge|gcStart|gcMark|gcSweep|sweepone|markroot|gcDrain|forEachP|gcResetMarkState)"),
    ("checkpoint", r"anytap/internal/(airbyte|singer)\.\(\*sink\)\.Checkpoint|anytap/state\.|anytap/internal/tap\.\(\*(writer|reader)\)\.(checkpoint|save|bookmark)"),
    ("write", r"anytap/internal/frontend\.\(\*Writer\)\.Flush|os\.\(\*File\)\.Write"),
    ("encode", r"anytap/internal/(airbyte|singer|frontend)\.|anytap/internal/value\.Append"),
    ("scan", r"anytap/internal/rawjson\."),
    ("select", r"anytap/internal/components/(selector|transformation|decoder)\."),
    ("decompress", r"compress/|github\.com/klauspost/compress/|anytap/internal/rest/exchange\.\(\*(unpacked|members|prefixed)\)"),
    ("receive", r"net/http\.\(\*(persistConn\)\.(readLoop|readResponse|Read|mapRoundTripError)|body|bodyEOFSignal)|net\.\(\*(conn|netFD)\)\.Read"
                r"|anytap/internal/rest/exchange\.(readUpTo|\(\*Endpoint\)\.hold|\(\*watchedBody\))"),
    ("ask", r"net/http\.|net/url\.|net\.|anytap/internal/rest/wire\.|anytap/internal/rest/exchange\.(?!\(\*(memories|memory)\))"
            r"|anytap/internal/rest/paging\.(sender\.|\(\*walk\)\.launch)|anytap/internal/rest\.(\(\*(Request|RequestOption|Parts)\)|Merge|DefaultErrorHandler)"
            r"|anytap/internal/components/(requester|paginator|auth|errorhandler)\.|anytap/internal/(jinja|python)[./]"),
    ("order", r"anytap/internal/(tap|rest|rest/paging|rest/exchange)\."),
    ("switch goroutines", r"runtime\.(mcall|schedule|park_m|findRunnable|sysmon|mstart|goschedImpl|ready|wakep|startm|stopm|futex|netpoll|goexit0|gosched_m|usleep|morestack|newstack|systemstack|sigtramp|asyncPreempt)"),
]
PATTERNS = [(stage, re.compile(pattern)) for stage, pattern in STAGES]


def stage(frames):
    for frame in frames:
        for name, pattern in PATTERNS:
            if pattern.match(frame):
                return name
    return "other"


def main():
    counts, frames, others = collections.Counter(), [], collections.Counter()

    def end():
        if frames:
            counts[name := stage(frames)] += 1
            if name == "other":
                others[frames[-1]] += 1
        frames.clear()
    for line in sys.stdin:
        if not line.strip():
            end()
        elif line[0] in " \t":
            frames.append(line.split(None, 1)[1].rsplit(" (", 1)[0].rsplit("+0x", 1)[0])
    end()
    total = sum(counts.values())
    for name in [name for name, _ in STAGES] + ["other"]:
        print(f"{name:18} {counts[name]:6} {100 * counts[name] / max(total, 1):5.1f} %")
    print(f"{'all':18} {total:6}")
    for name, n in others.most_common(5):
        print(f"  other: {n:5} {name}", file=sys.stderr)


if __name__ == "__main__":
    main()
