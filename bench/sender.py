"""Objects to send, and the sender that all peers of a bench are fed by (bench/store_sender.cpp).

`Series.mr()`: 140 KB a slice with a header of some 650 lines, as a Philips scanner writes them: real ones from ../shared when they
are there, else made like them. `Series.ct()`: 16 KB, 35 elements.
"""
import atexit
import gzip
import json
import os
import random
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SENDER = ROOT / "build" / os.environ.get("LARMOR_PRESET", "dev") / "bench/store_sender"
SHARED = Path(os.environ.get("LARMOR_SHARED", ROOT / "../shared"))
REAL_MR = SHARED / "data/dicom/vendors/philips_elition_classic_mprage"

# As in store_sender.cpp: it puts UIDs of their own in these places.
STUDY = "2.25.111111111111111111111111111111111111"
SERIES = "2.25.222222222222222222222222222222222222"
INSTANCE = "2.25.333333333333333333333333333333333333"
LONG_FORM = {"OB", "OW", "UN", "UT", "SQ"}


def element(group, number, vr, value):
    value = value if isinstance(value, bytes) else str(value).encode()
    if len(value) % 2:
        value += b"\0" if vr in ("UI", "OB", "UN") else b" "
    head = struct.pack("<HH2s", group, number, vr.encode())
    return head + (struct.pack("<HI", 0, len(value)) if vr in LONG_FORM else struct.pack("<H", len(value))) + value


def part10(sop_class, data_set):
    meta = b"".join([element(2, 1, "OB", b"\0\1"), element(2, 2, "UI", sop_class), element(2, 3, "UI", INSTANCE),
                     element(2, 0x10, "UI", "1.2.840.10008.1.2.1"), element(2, 0x12, "UI", "2.25.1")])
    return bytes(128) + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + data_set


def image(sop_class, modality, number, rows, columns, private, rng):
    us = lambda n: struct.pack("<H", n)
    parts = [(8, 5, "CS", "ISO_IR 100"), (8, 8, "CS", "ORIGINAL\\PRIMARY"), (8, 0x16, "UI", sop_class), (8, 0x18, "UI", INSTANCE),
             (8, 0x20, "DA", "20260101"), (8, 0x30, "TM", "101500"), (8, 0x50, "SH", "A1"), (8, 0x60, "CS", modality),
             (8, 0x70, "LO", "Larmor bench"), (8, 0x90, "PN", "Referring^Doctor"), (8, 0x1030, "LO", "Head"), (8, 0x103E, "LO", "Bench series"),
             (0x10, 0x10, "PN", "Bench^Patient"), (0x10, 0x20, "LO", "BENCH1"), (0x10, 0x30, "DA", "19700101"), (0x10, 0x40, "CS", "O"),
             (0x18, 0x15, "CS", "HEAD"), (0x18, 0x50, "DS", "1"), (0x20, 0xD, "UI", STUDY), (0x20, 0xE, "UI", SERIES),
             (0x20, 0x10, "SH", "1"), (0x20, 0x11, "IS", "1"), (0x20, 0x13, "IS", number), (0x20, 0x32, "DS", f"0\\0\\{number}"),
             (0x20, 0x37, "DS", "1\\0\\0\\0\\1\\0"), (0x20, 0x52, "UI", "2.25.4"), (0x28, 2, "US", us(1)), (0x28, 4, "CS", "MONOCHROME2"),
             (0x28, 0x10, "US", us(rows)), (0x28, 0x11, "US", us(columns)), (0x28, 0x30, "DS", "1\\1"), (0x28, 0x100, "US", us(16)),
             (0x28, 0x101, "US", us(12)), (0x28, 0x102, "US", us(11)), (0x28, 0x103, "US", us(0))]
    if private:
        parts.append((0x2005, 0x10, "LO", "LARMOR BENCH"))
        parts += [(0x2005, 0x1000 + i, ("DS", "LO", "CS", "IS", "FL")[i % 5], struct.pack("<f", rng.random()) if i % 5 == 4 else rng.randrange(10**6))
                  for i in range(private)]
    noise = rng.randbytes(4096)
    pixels = (noise * (rows * columns * 2 // 4096 + 1))[: rows * columns * 2]
    return part10(sop_class, b"".join(element(*p) for p in parts) + element(0x7FE0, 0x10, "OW", pixels))


class Series:
    """Template files in a folder that lasts as long as the program."""

    def __init__(self, name, per_series, files):
        self.name, self.per_series = name, per_series
        self.folder = Path(tempfile.mkdtemp(prefix=f"larmor-bench-{name}-"))
        atexit.register(shutil.rmtree, self.folder, True)
        for i, content in enumerate(files):
            (self.folder / f"{i:05}.dcm").write_bytes(content)
        self.bytes = sum(p.stat().st_size for p in self.folder.iterdir()) / max(1, len(list(self.folder.iterdir())))

    @staticmethod
    def mr():
        if REAL_MR.exists() and shutil.which("dcmodify"):
            series = Series("mr", 176, (gzip.decompress(p.read_bytes()) for p in sorted(REAL_MR.rglob("*.dcm.gz"))))
            subprocess.run(["dcmodify", "-nb", "-imt", "-m", f"StudyInstanceUID={STUDY}", "-m", f"SeriesInstanceUID={SERIES}", "-m", f"SOPInstanceUID={INSTANCE}",
                            *map(str, sorted(series.folder.iterdir()))], check=True, capture_output=True)
            return series
        rng = random.Random(1)
        return Series("mr", 176, (image("1.2.840.10008.5.1.4.1.1.4", "MR", i + 1, 256, 256, 620, rng) for i in range(176)))

    @staticmethod
    def ct():
        rng = random.Random(2)
        return Series("ct", 100, (image("1.2.840.10008.5.1.4.1.1.2", "CT", i + 1, 88, 88, 0, rng) for i in range(100)))

    def files(self, folder, count):
        """`count` files with UIDs of their own, for senders other than ours."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        run, templates = random.randrange(10**12), sorted(self.folder.iterdir())
        for n in range(count):
            content = templates[n % len(templates)].read_bytes()
            for holder, number in ((STUDY, 0), (SERIES, n // self.per_series), (INSTANCE, n)):
                content = content.replace(holder.encode(), (holder[: len(holder) - 20] + f"{run:012}{number:08}").encode())
            (folder / f"{n:05}.dcm").write_bytes(content)
        return folder


def blast(port, series, associations, objects, called="ANY-SCP", pardoned=0):
    """Sends `objects` over each association at once; acknowledged objects per second. More refusals than `pardoned` are an error."""
    done = subprocess.run([str(a) for a in (SENDER, port, called, associations, objects, series.per_series, series.folder)], capture_output=True, text=True)
    try:
        outcome = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise RuntimeError(f"the sender failed: {done.stderr.strip()}") from None
    if outcome["refused"] > pardoned:
        raise RuntimeError(f"{outcome['refused']} objects were refused: {done.stderr.strip()[:1000]}")
    if outcome["refused"]:
        print(f"# {outcome['refused']} refused: {done.stderr.strip()[:300]}", flush=True)
    return outcome["per_second"]
