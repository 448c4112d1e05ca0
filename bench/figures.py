"""The one form in which a bench says what it measured, and the page on which the figures stand.

A figure is ahead when its ratio is above 1: throughput ours / peer, time or memory peer / ours, goal / ours where nobody else does the
job, and for losses 1 when there was none, 0 otherwise. `goal` is the ratio that was promised.
"""
import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/numbers.md"
sys.path.insert(0, str(ROOT / "tools"))

HEAD = """# Numbers

Written by the benches (`bench/NAME --write`), each against its peer in the same run. Ratio above 1: Larmor is ahead. Machines are
noisy and shared: differences under 25% mean nothing, and only the ratio travels to another machine.

| bench | figure | ratio | goal | Larmor | peer | unit | date | machine |
|---|---|---|---|---|---|---|---|---|
"""


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    gib = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text()).group(1)) / 2**20
    return f"{os.cpu_count()} x {model.group(1) if model else 'unknown processor'}, {gib:.0f} GiB"


def short(value):
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def report(figure, ratio, goal, ours, peer, unit, note=""):
    """Prints one figure's line; with --write on the command line it also goes into docs/numbers.md."""
    print(f"{figure} ratio={short(ratio)} goal={short(goal)} ours={short(ours)} peer={short(peer)} unit={unit}" + (f"  # {note}" if note else ""), flush=True)
    if "--write" in sys.argv:
        write(Path(sys.argv[0]).stem, figure, ratio, goal, ours, peer, unit)


def write(bench, figure, ratio, goal, ours, peer, unit):
    rows = {}
    if PAGE.exists():
        for line in PAGE.read_text().splitlines():
            cells = [c.strip() for c in line.strip("|").split("|")]
            if len(cells) == 9 and cells[0] not in ("bench", "---"):
                rows[cells[0], cells[1]] = line
    cells = [bench, figure, short(ratio), short(goal), short(ours), short(peer), unit, str(datetime.date.today()), machine()]
    rows[bench, figure] = "| " + " | ".join(cells) + " |"
    PAGE.write_text(HEAD + "\n".join(rows[key] for key in sorted(rows)) + "\n")


def rss_mib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def median(values):
    return sorted(values)[len(values) // 2]


def run(*command, **options):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=True, **options)
