#!/usr/bin/env python3
"""The shape of the house, as a test: who may include whom, how large a file may be, that the map is true, that nothing is dead, that
the sources are as .clang-format wants them.

Each broken rule is one line that names the place and what to do.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 500
CODE = {".h", ".cpp", ".py", ".ts", ".tsx"}

# First folder below src/ -> what it may include, beside itself. Services are refined below.
MAY_INCLUDE = {
    "base": set(),
    "net": {"base"},
    "imaging": {"base"},
    "backends": {"base", "net"},
    "dicom": {"base", "imaging"},
    "report": {"base", "imaging"},
    "services": {"base", "net", "imaging", "backends", "dicom", "report"},
    "app": {"base", "net", "imaging", "backends", "dicom", "report", "services"},
}
DICOM_ON_NET = {"dimse", "web"}  # the only parts of dicom/ that may know the network
CORE_MAY = {("base",), ("imaging",), ("dicom", "data"), ("dicom", "query"), ("dicom", "dimse", "delivery.h"), ("dicom", "dimse", "commitment.h")}  # core/ decides purely: values and maths, no I/O


def tracked():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [p for p in map(Path, listed.stdout.splitlines()) if (ROOT / p).is_file()]


def includes(path):
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        if m := re.match(r'#include "([^"]+)"', line):
            yield number, m.group(1)


def check_includes(files):
    contracts = {f"services/{p.parent.name}/{p.name}" for p in files if p.match("src/services/*/*.h") and p.stem == p.parent.name}
    for path in (p for p in files if p.parts[0] == "src" and p.suffix in {".h", ".cpp"} and len(p.parts) > 2):
        here = path.parts[1:]
        for number, included in includes(path):
            there = Path(included).parts
            where = f"{path}:{number}"
            if not (ROOT / "src" / included).exists():
                yield f"{where}: \"{included}\" is no file below src/; include from src/"
                continue
            allowed = MAY_INCLUDE[here[0]] | {here[0]}
            if here[0] == "dicom" and here[1] in DICOM_ON_NET:
                allowed = allowed | {"net"}
            if there[0] not in allowed:
                yield f"{where}: {here[0]} may not include {there[0]} (\"{included}\"); see the table in tools/tidy.py"
            if here[0] == "services" and there[0] == "services" and here[1] != there[1]:
                for_tests = path.stem.endswith("_test") or path.stem.startswith("test_")
                if included not in contracts and not for_tests:
                    yield f"{where}: services/{here[1]} may see services/{there[1]} only as its contract services/{there[1]}/{there[1]}.h"
            if "core" in here and not path.stem.endswith("_test"):
                own_contract = there[0] == "services" and (here[1] == there[1] and (len(there) == 3 or "core" in there) or included in contracts)
                if not any(there[:n] in CORE_MAY for n in range(1, 4)) and not own_contract:
                    yield f"{where}: core/ decides purely and may not include \"{included}\""


def check_sizes(files):
    for path in files:
        if path.suffix in CODE and path.parts[0] in {"src", "web", "tools", "tests", "bench", "models"} and "generated" not in path.parts:
            lines = len((ROOT / path).read_text(errors="replace").splitlines())
            if lines > LONGEST:
                yield f"{path}: {lines} lines, more than {LONGEST}; one concept per file"


def check_map(files):
    text = (ROOT / "docs/map.md").read_text()
    named = set(re.findall(r"^\| `([^`]+)/` \|", text, re.M))
    folders = {str(f) for p in files for f in p.parents if f.parts and not f.parts[0].startswith(".")}
    for folder in sorted(named - folders):
        yield f"docs/map.md: names {folder}/, which is not there"
    for folder in sorted(folders):
        if not any(folder == n or folder.startswith(n + "/") or n.startswith(folder + "/") for n in named):
            yield f"docs/map.md: does not name {folder}/"


def check_dead(files):
    """A header that nobody includes, a source whose header is gone, a document that nothing links to."""
    sources = [p for p in files if p.parts[0] == "src" and p.suffix in {".h", ".cpp"}]
    included = {inc for p in sources for _, inc in includes(p)}
    fuzzed = {inc for p in files if p.suffix == ".cpp" and p.parts[0] in {"tests", "bench"} for _, inc in includes(p)}
    for path in sources:
        if path.suffix == ".h" and str(path.relative_to("src")) not in included | fuzzed and path.name != "precompiled.h":
            yield f"{path}: nobody includes it"
    text = "\n".join((ROOT / p).read_text() for p in files if p.suffix == ".md")
    for path in files:
        if path.suffix == ".md" and path.parts[0] == "docs" and path.name not in text:
            yield f"{path}: no other page links to it"


def check_words(files):
    for path in files:
        if path.suffix in CODE | {".md", ".yaml", ".json", ""} and path.name not in {"package-lock.json", "LICENSE", "tidy.py"}:
            for number, line in enumerate((ROOT / path).read_text(errors="replace").splitlines(), 1):
                if re.search(r"\b(TODO|FIXME|XXX)\b", line):
                    yield f"{path}:{number}: promises work instead of doing it"


def check_tabs_and_ends(files):
    for path in files:
        if path.suffix in CODE | {".md"}:
            content = (ROOT / path).read_text(errors="replace")
            if content and not content.endswith("\n"):
                yield f"{path}: does not end with a line end"
            if "\t" in content and path.suffix in {".h", ".cpp", ".py"}:
                yield f"{path}: holds a tab"


def check_format(files):
    sources = [p for p in files if p.suffix in {".h", ".cpp"}]
    told = subprocess.run(["clang-format", "--dry-run", *sources], cwd=ROOT, capture_output=True, text=True).stderr
    for path in sorted(set(re.findall(r"^(\S+?):\d+:\d+: warning: code should be clang-formatted", told, re.M))):
        yield f"{path}: not as .clang-format wants it; `clang-format -i {path}` mends it"


CHECKS = [check_includes, check_sizes, check_map, check_dead, check_words, check_tabs_and_ends, check_format]


def main():
    files = tracked()
    failed = 0
    for check in CHECKS:
        broken = list(check(files))
        failed += bool(broken)
        for line in broken:
            print(line)
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
