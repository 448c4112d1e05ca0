"""What every scenario shares: a folder, neighbours that end with the test, the corpus, and the closing line.

A scenario drives the real program with other people's tools. Names of tests are promises.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from lab import LARMOR, Larmor, LarmorApart, Orthanc, Trouble, free_ports, http, larmor, real_head, wait_for  # noqa: E402, F401

SHARED = Path(os.environ.get("LARMOR_SHARED", ROOT / "../shared"))
RULES = """
rules:
  - name: brain-t1
    when: study.complete
    if:
      any_series: {Modality: MR, instances: ">= 20"}
    do:
      - analyse: brain
        send_results_to: [archive]
"""


def in_both_shapes(scenario):
    """The scenarios of the class against one process, and again, as NameApart, against six with mutual TLS."""
    apart = f"{scenario.__name__}Apart"
    setattr(sys.modules[scenario.__module__], apart, type(apart, (scenario,), {"shape": LarmorApart, "__module__": scenario.__module__}))
    return scenario


class Scenario(unittest.TestCase):
    """`start` keeps a program until the end of the test; `folder` goes when the test passed."""

    shape = Larmor

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="larmor-"))
        self.addCleanup(self._clear)
        self.rules = self.folder / "larmor.yaml"
        self.rules.write_text(RULES)

    def _clear(self):
        if not any(error for _, error in getattr(self._outcome, "errors", []) or []):
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, program):
        self.addCleanup(program.stop)
        return program

    def holding(self, *folders):
        """Larmor, in the shape that is tested, with every file of the folders; what is no DICOM is refused."""
        server = self.start(self.shape(self.folder / "larmor", {"import.quiet_period_s": 1}))
        for path in (path for folder in folders for path in sorted(folder.rglob("*"))):
            if path.is_file():
                http(f"{server.url}/v1/uploads", path.read_bytes(), "POST", content_type="application/octet-stream")
        return server

    def corpus(self, name):
        folder = SHARED / "data/dicom" / name
        if not folder.exists():
            self.skipTest(f"the corpus {name} is not here (LARMOR_SHARED)")
        return folder

    def head(self, **patient):
        """A folder with the real head as an MR series, and its Study Instance UID."""
        return dicomized(self.folder / f"head{len(list(self.folder.glob('head*')))}", **patient)

    def wait_for_event(self, server, kind, study=None, patience_s=120, count=1):
        """Events of that type once there are `count`; the whole story in the failure otherwise."""
        try:
            return wait_for(kind, lambda: server.alive() and found if len(found := server.events(study, types=[kind])) >= count else None, patience_s, 0.1)
        except Trouble as trouble:
            story = "\n".join(f"  {e['seq']} {e['type']} {e['words']}" for e in server.events(study)[-40:])
            raise AssertionError(f"{trouble}; the log says:\n{story}") from None


def dicomized(out, **options):
    import json
    words = [w for name, value in options.items() for w in (f"--{name.replace('_', '-')}", value)]
    return out, json.loads(larmor("dicomize", real_head(), "--out", out, "--json", *words).stdout)["study"]


def tool(*command, check=True, timeout=120, env=None):
    """Runs another project's program, for instance DCMTK's storescu."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, errors="replace", timeout=timeout, env={**os.environ, **(env or {})})
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done


def store(port, *files, ae="LARMOR", calling="SCANNER", check=True):
    """DCMTK's storescu; folders are walked."""
    return tool("storescu", "-aec", ae, "-aet", calling, "+sd", "+r", "-R", "127.0.0.1", port, *files, check=check, env={"TCP_NODELAY": "1"})


def main():
    """Runs the scenarios of the calling file and closes with `N passed, N failed, N skipped`."""
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    for test, reason in result.skipped:
        print(f"skipped: {reason}")
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed, {len(result.skipped)} skipped")
    sys.exit(1 if failed else 0)
