#!/usr/bin/env python3
"""Holds tools/packages.txt against what the sources include, the programs link, and the scripts call, as a test.

Every header that a compiled file read, every shared library of the built programs, and every command of another project named below
must belong to a package that is in the list or that a listed package depends on. A forgotten line would only show on a fresh
machine; here it shows everywhere.
"""
import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / os.environ.get("LARMOR_PRESET", "dev")
CALLED = ["Orthanc", "ccache", "chromium", "clang-format", "clang-tidy", "cmake", "curl", "dciodvfy", "dcmdump", "dcmodify", "dsr2html", "echoscu", "findscu",
          "g++", "git", "mkfs.ext4", "mold", "ninja", "openssl", "pdftoppm", "pkg-config", "python3", "sqlite3", "storescp", "storescu", "tar"]


def output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout


def listed():
    lines = (re.sub(r"#.*", "", line).strip() for line in (ROOT / "tools/packages.txt").read_text().splitlines())
    return [line for line in lines if line and not line.startswith("[")]


def closure(packages):
    options = ["--recurse", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances"]
    return set(re.findall(r"^(?:\s+(?:\|?Depends|PreDepends): )?<?([a-z0-9][a-z0-9+.-]+)", output("apt-cache", "depends", *options, *packages), re.M))


@functools.cache
def package_of(path):
    """Debian may know a file under /usr by its old name without /usr."""
    real = str(Path(path).resolve())
    for name in (real, real.removeprefix("/usr")):
        if m := re.match(r"([^:,]+)", output("dpkg", "-S", name)):
            return m.group(1)
    return None


def libraries(program):
    return [m for m in re.findall(r"=> (/\S+)", output("ldd", str(program))) if "/third_party/" not in m]


def headers():
    """System headers that the build read, as ninja recorded them."""
    return sorted({str(Path(line.strip()).resolve()) for line in output("ninja", "-C", str(BUILD), "-t", "deps").splitlines()
                   if line.startswith("    /usr/") and "/third_party/" not in line})


def packages_of(paths):
    """Path -> package, for many paths at once."""
    found = {}
    for i in range(0, len(paths), 500):
        for line in output("dpkg", "-S", *paths[i:i + 500]).splitlines():
            package, _, path = line.partition(": ")
            found[path] = package.split(",")[0].split(":")[0]
    return found


def main():
    allowed = closure(listed()) | set(listed())
    broken, seen = [], 0
    programs = [p for p in BUILD.glob("src/**/*") if p.is_file() and os.access(p, os.X_OK) and (p.name == "larmor" or p.name.endswith("_test"))]
    for library in sorted({lib for p in programs for lib in libraries(p)}):
        seen += 1
        if (package := package_of(library)) not in allowed:
            broken.append(f"{library} is linked; its package {package} is not in tools/packages.txt")
    owners = packages_of(read := headers())
    seen += len(set(owners.values()))
    for package in sorted(set(owners.values()) - allowed):
        broken.append(f"{next(h for h in read if owners.get(h) == package)} is included; its package {package} is not in tools/packages.txt")
    for command in CALLED:
        place = shutil.which(command, path=os.environ["PATH"] + ":/usr/sbin")
        if not place or not place.startswith("/usr/"):
            continue  # not brought by Debian on this machine
        seen += 1
        if (package := package_of(place)) not in allowed:
            broken.append(f"{command} is called; its package {package} is not in tools/packages.txt")
    print("\n".join(broken))
    print(f"{seen - len(broken)} passed, {len(broken)} failed")
    sys.exit(1 if broken or not programs else 0)


if __name__ == "__main__":
    main()
