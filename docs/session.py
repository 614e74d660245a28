#!/usr/bin/env python3
"""Draws docs/session.svg: a session in a terminal, with the sample APIs that the program brings along.

    docs/session.py BIN TARGET     TARGET: target-duckdb, in an environment of its own. Rich must be installed (pip install rich)
"""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

COLUMNS = 100
# Rich's own format, without the fonts that it loads from elsewhere.
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def run(command, folder, env):
    """What a command leaves on a terminal."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe("sh", ["sh", "-c", command], env)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    out = b""
    try:
        while data := os.read(fd, 65536):
            out += data
    except OSError:  # the end of a terminal
        pass
    os.waitpid(pid, 0)
    return settled(out.decode())


def settled(text):
    """The lines that stay: a live line is moved over, and erased, before the next is written."""
    lines, row = [""], 0
    for part in re.split(r"(\x1b\[\d*A|\x1b\[\d*J|\x1b\[\d*K|\r?\n|\r)", text):
        if m := re.fullmatch(r"\x1b\[(\d*)A", part):
            row = max(row - int(m[1] or 1), 0)
        elif re.fullmatch(r"\x1b\[\d*J", part):
            lines[row:] = [""]
        elif re.fullmatch(r"\x1b\[\d*K", part) or part == "\r":
            lines[row] = ""
        elif part in ("\n", "\r\n"):
            row += 1
            lines += [""] * (row + 1 - len(lines))
        else:
            lines[row] += part
    return "\n".join(lines).rstrip() + "\n"


def main():
    program, target = (os.path.abspath(p) for p in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        programs = Path(folder, "bin")
        programs.mkdir()
        Path(programs, "anytap").symlink_to(program)
        Path(programs, "target-duckdb").symlink_to(target)
        Path(folder, "duckdb.json").write_text('{"filepath": "rows.duckdb", "default_target_schema": "main"}')
        env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "XDG_CACHE_HOME": f"{folder}/cache", "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
        samples = subprocess.Popen([program, "demo", "--serve"], stderr=subprocess.PIPE, text=True)
        try:
            said = ""
            while "more records:" not in said:
                said += samples.stderr.readline()
            env["ANYTAP_REGISTRY"] = re.search(r"^registry: (\S+)", said, re.M)[1]
            url = re.search(r"^jsonplaceholder: (\S+)", said, re.M)[1]
            console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True)
            for shown in (
                "anytap connectors search sample",
                f"anytap init source-sample-posts --set base_url={url} --config posts.yaml",
                "anytap preview posts --manifest-path source-sample-posts --config posts.yaml --limit 3",
                "anytap run --manifest-path source-sample-posts --config posts.yaml --state-file state.json --target 'target-duckdb --config duckdb.json' 2>&1 | grep -v target-duckdb:",
            ):
                console.print(Text.assemble(("$ ", "bold green"), (shown.replace(" 2>&1 | grep -v target-duckdb:", ""), "bold")))
                time.sleep(0.1)
                console.print(Text.from_ansi(run(shown, folder, env)))
        finally:
            samples.terminate()
            samples.wait()
        console.save_svg(str(Path(__file__).parent / "session.svg"), title="anytap", theme=MONOKAI, code_format=FORMAT, unique_id="session")


main()
