#!/usr/bin/env python3
"""Runs every test suite and closes with one line `N passed, N failed`.

  tools/run_tests.py             all suites
  tools/run_tests.py unit web    these

Programs run side by side, one for every core, the long ones first; those of ALONE have the machine to themselves.
With LARMOR_PRESET=asan the unit tests are those of build/asan, under the address and undefined-behaviour sanitizers. clang-tidy is no
suite: a first run takes most of an hour on two cores, so tools/lint is called by itself.
"""
import os
import queue
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / os.environ.get("LARMOR_PRESET", "dev")
LONGEST_S = 1800
LANES = min(os.cpu_count() or 1, 4)  # an analysis takes 0.7 GiB of memory, a browser 1
FIRST = ("scenarios", "contracts")   # minutes of waiting for servers, beside which the short ones compute
ALONE = ("browser",)                 # it watches what moves on a page, and when
FIRST_PORT, PORTS = 15000, 4000      # each lane has its own, so that none takes what another has chosen
SANITIZERS = {"LSAN_OPTIONS": f"suppressions={ROOT}/tools/known_leaks.txt:print_suppressions=0", "UBSAN_OPTIONS": "print_stacktrace=1"}


lanes = queue.SimpleQueue()
for number in range(LANES):
    lanes.put(number)


def gtest_counts(output):
    passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) tests?", output, re.M))
    failed = sum(int(n) for n in re.findall(r"^\[  FAILED  \] (\d+) tests?", output, re.M))
    skipped = sum(int(n) for n in re.findall(r"^\[  SKIPPED \] (\d+) tests?", output, re.M))
    return passed, failed, skipped


def plain_counts(output):
    """The last `N passed, N failed[, N skipped]` line."""
    lines = re.findall(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", output, re.M)
    return tuple(int(n or 0) for n in lines[-1]) if lines else (0, 0, 0)


def vitest_counts(output):
    line = re.search(r"^\s*Tests\s+(.*)$", re.sub(r"\x1b\[[0-9;]*m", "", output), re.M)
    words = dict((w, int(n)) for n, w in re.findall(r"(\d+) (passed|failed|skipped)", line.group(1))) if line else {}
    return words.get("passed", 0), words.get("failed", 0), words.get("skipped", 0)


def suites():
    """name -> list of (title, command, reader of counts)."""
    found = {"unit": [(p.name, [p], gtest_counts) for p in sorted(BUILD.glob("src/**/*_test")) if p.is_file()]}
    found["tidy"] = [(name, [sys.executable, ROOT / f"tools/{name}.py"], plain_counts) for name in ("tidy", "check_packages")]
    if (ROOT / "web/package.json").exists():
        found["web"] = [("web", ["npm", "test", "--silent", "--prefix", ROOT / "web"], vitest_counts)]
    for folder in ("scenarios", "contracts", "browser"):
        programs = sorted((ROOT / "tests" / folder).glob("*_test.py")) + sorted((ROOT / "tests" / folder).glob("run"))
        if programs:
            found[folder] = [(p.stem if p.suffix else folder, [sys.executable, p] if p.suffix else [p], plain_counts) for p in programs]
    return found


def run(title, command, counts):
    start = time.monotonic()
    lane = lanes.get()
    env = os.environ | SANITIZERS | {"LARMOR_PORTS": f"{FIRST_PORT + lane * PORTS}-{FIRST_PORT + (lane + 1) * PORTS}"}
    try:
        done = subprocess.run([str(c) for c in command], cwd=ROOT, env=env, capture_output=True, text=True, errors="replace", timeout=LONGEST_S)
        output, status = done.stdout + done.stderr, done.returncode
    except subprocess.TimeoutExpired as e:
        output, status = f"{e.stdout or ''}\nended after {LONGEST_S} s", 1
    finally:
        lanes.put(lane)
    passed, failed, skipped = counts(output)
    if status != 0 and failed == 0:
        failed = 1
    if status == 0 and passed + failed + skipped == 0:
        output, failed = output + "\nran no test", 1
    lines = [f"{'ok  ' if not failed else 'FAIL'} {title:28s} {passed:4d} passed {failed:3d} failed {skipped:3d} skipped "
             f"{time.monotonic() - start:7.1f} s"]
    if failed:
        lines += ["     | " + line for line in output.splitlines()[-60:]]
    lines += [f"     skipped: {reason}" for reason in sorted(set(re.findall(r"(?i)skipped: (.*)", output)))]
    print("\n".join(lines), flush=True)
    return passed, failed, skipped


def main():
    available = suites()
    wanted = sys.argv[1:] or list(available)
    unknown = [w for w in wanted if w not in available]
    if unknown:
        sys.exit(f"no suite {', '.join(unknown)}; there are: {', '.join(available)}")
    def rows(suites):
        return [row for suite in suites for row in available[suite]]

    beside = sorted((s for s in wanted if s not in ALONE), key=lambda s: s not in FIRST)
    with ThreadPoolExecutor(LANES) as pool:
        counts = list(pool.map(lambda row: run(*row), rows(beside)))
    counts += [run(*row) for row in rows(s for s in wanted if s in ALONE)]
    totals = [sum(column) for column in zip(*counts)]
    print(f"{totals[0]} passed, {totals[1]} failed" + (f", {totals[2]} skipped" if totals[2] else ""))
    sys.exit(1 if totals[1] or not totals[0] else 0)


if __name__ == "__main__":
    main()
