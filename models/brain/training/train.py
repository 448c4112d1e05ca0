"""Train the network on painted patches; stop and go on at will.

  python3 train.py                                goes on where the last stretch ended, until SIGTERM or SIGINT
  python3 train.py --steps 2000 --decay 1         last stretch: the rate falls to zero over its 2000 steps
  python3 train.py --anew --minutes 9 --decay 0.5 from random weights to a network that can be shipped, on a GPU

A stretch starts from runs/last.pt (everything), else from checkpoint.pt (averaged weights only: Adam starts anew and the rate warms
up), else from random weights. The rate is constant except in the last --decay share of --steps. What one evaluates and ships is the
moving average of the weights, runs/average.pt. Step n of seed s always sees the same patches; without a GPU a second process paints them.
"""
import argparse
import os
import queue
import signal
import sys
import time
from pathlib import Path

# Freed memory stays in the heap, waiting threads sleep: the C libraries read these when a process starts.
WANTED = dict(MALLOC_MMAP_MAX_="0", MALLOC_TRIM_THRESHOLD_="17179869184", MALLOC_TOP_PAD_="268435456", OMP_WAIT_POLICY="passive")
if __name__ == "__main__" and not WANTED.keys() <= os.environ.keys():
    os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | WANTED)

import torch
import torch.multiprocessing as mp
import torch.nn.functional as F

from net import CELL, Net, load_state, space_to_depth
from structures import CLASSES, NAMES
from synth import Synth

HERE = Path(__file__).resolve().parent
LABELS = HERE.parents[2].parent / "shared/data/labels"

# Side in mm, patches a step, share of the steps.
PATCHES = {"cpu": ((80, 2, 0.5), (112, 1, 0.5)), "cuda": ((96, 16, 0.4), (128, 7, 0.35), (160, 3, 0.25))}
PLACES = {"cpu": 2, "cuda": 4}              # of the eight voxels of a cell, how many get a loss in a step
RATE, WARM_UP, WEIGHT_DECAY, CLIP = 2e-3, 100, 1e-2, 2.0
COARSE = 0.3                                # weight of the losses at 4 and 8 mm
AVERAGE = 0.998                             # of the moving average, per step; less in a short stretch, see Stretch.descend
SAVE_EVERY, LOG_EVERY = 500, 50             # steps


def painted(synth, seed, first, steps):
    """Images (B, S, S, S) and targets (B, S, S, S) of every step."""
    for step in range(first, first + steps):
        torch.manual_seed(seed * 7_919 + step)
        sizes = PATCHES[synth.device]
        side, count, _ = sizes[int(torch.multinomial(torch.tensor([p[2] for p in sizes]), 1))]
        yield synth.patches(step, side, count, seed)


def paint(labels, seed, first, steps, out):
    """Second process: puts images (fp16) and targets (uint8) of every step into `out`, in order."""
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    for images, targets in painted(Synth(labels), seed, first, steps):
        out.put((images.half().numpy(), targets.byte().numpy()))
        if os.getppid() != parent:
            return


def painted_beside(labels, seed, first, steps):
    """The same from a second process; fails if that ends early."""
    context = mp.get_context("spawn")
    patches = context.Queue(4)
    painter = context.Process(target=paint, args=(labels, seed, first, steps, patches), daemon=True)
    painter.start()
    try:
        for _ in range(steps):
            while True:
                try:
                    images, targets = patches.get(timeout=10)
                    break
                except queue.Empty:
                    if not painter.is_alive():
                        raise RuntimeError("the painter ended early: see its message above") from None
            yield torch.from_numpy(images).float(), torch.from_numpy(targets).long()
    finally:
        painter.terminate()


def dice_and_entropy(logits, target):
    """Cross-entropy, and soft Dice loss over the classes present. logits (B, classes, ...), target (B, ...)."""
    log_p = F.log_softmax(logits.float(), 1)
    entropy = F.nll_loss(log_p, target)
    p = log_p.exp().transpose(0, 1).flatten(1)                  # (classes, voxels)
    here = target.flatten() == torch.arange(CLASSES, device=target.device)[:, None]
    count = here.sum(1)
    dice = (2 * (p * here).sum(1) + 1) / (p.sum(1) + count + 1)
    present = count > 20
    return entropy, 1 - (dice * present).sum() / present.sum()


def losses(net, images, targets, bf16):
    """images (B, 1, S, S, S), targets (B, S, S, S) -> loss to descend, cross-entropy, Dice loss."""
    device, coarse = images.device.type, []
    places = torch.randperm(CELL)[:PLACES[device]].to(images.device)
    with torch.autocast(device, dtype=torch.bfloat16, enabled=bf16):
        logits = net.place(net.features(images, coarse), places)
    entropy, dice = dice_and_entropy(logits, space_to_depth(targets[:, None])[:, places])
    loss = entropy + dice
    for z in coarse:                        # the label in the middle of every coarse cell
        cell = targets.shape[1] // z.shape[2]
        middle = slice(cell // 2, None, cell)
        loss = loss + COARSE * sum(dice_and_entropy(z, targets[:, middle, middle, middle]))
    return loss, entropy.detach(), dice.detach()


def fast_bf16(device):
    """Whether this machine multiplies bfloat16 itself; elsewhere it would only cost precision."""
    if device == "cuda":
        return True
    try:
        return any(flag in Path("/proc/cpuinfo").read_text() for flag in ("amx_bf16", "avx512_bf16"))
    except OSError:
        return False


class Stretch:
    """State of the training: network, optimiser, averaged weights, steps done, steps since the optimiser was new."""

    def __init__(self, folder, device, anew=False):
        self.folder, self.step, self.since = folder, 0, 0
        found = [p for p in (folder / "last.pt", HERE / "checkpoint.pt") if p.exists() and not anew]
        s = load_state(found[0]) if found else None
        self.net = (Net(**s["config"]) if s else Net()).to(device, memory_format=torch.channels_last_3d)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=RATE, betas=(0.9, 0.99), weight_decay=WEIGHT_DECAY)
        if s:
            self.net.load_state_dict(s.get("net", s["ema"]))
            self.step, self.since = s["step"], s.get("since", 0)
            if "optimiser" in s:
                self.optimiser.load_state_dict(s["optimiser"])
        self.ema = {k: v.to(device, copy=True) for k, v in (s["ema"] if s else self.net.state_dict()).items()}

    def descend(self, images, targets, rate, bf16, average=AVERAGE):
        """One step. The average spans at most a tenth of the stretch: weights from before its rate fell must be forgotten."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1, (self.since + 1) / WARM_UP)
        loss, entropy, dice = losses(self.net, images[:, None], targets, bf16)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self.optimiser.step()
        keep = min(average, (self.since + 1) / (self.since + 10))
        for k, v in self.net.state_dict().items():
            self.ema[k].lerp_(v, 1 - keep) if v.is_floating_point() else self.ema[k].copy_(v)
        self.step, self.since = self.step + 1, self.since + 1
        return entropy, dice

    def save(self):
        half = {k: v.half() if v.is_floating_point() else v for k, v in self.ema.items()}
        write(self.folder / "average.pt", dict(config=self.net.config, names=NAMES, ema=half, step=self.step))
        write(self.folder / "last.pt", dict(config=self.net.config, net=self.net.state_dict(), ema=self.ema, step=self.step,
                                            since=self.since, optimiser=self.optimiser.state_dict()))


def write(path, what):
    """Replaces a file in one move, so that a stop never leaves half of it."""
    torch.save(what, f"{path}.new")
    os.replace(f"{path}.new", path)


def train(stretch, patches, a, log, stop):
    began, mean, bf16 = time.monotonic(), None, a.precision == "bf16" or a.precision == "auto" and fast_bf16(a.device)
    for n, (images, targets) in enumerate(patches):
        done = n / a.steps if a.minutes is None else (time.monotonic() - began) / (60 * a.minutes)
        if stop or done >= 1:
            break
        torch.manual_seed(a.seed * 104_729 + stretch.step)
        rate = a.rate * (min(1, (1 - done) / a.decay) if a.decay else 1)
        now = torch.stack(stretch.descend(images, targets, rate, bf16, min(AVERAGE, 1 - 10 / max(a.steps, 20))))
        mean = now if mean is None else torch.lerp(now, mean, 0.98)
        if stretch.step % LOG_EVERY == 0:
            rate = stretch.optimiser.param_groups[0]["lr"]
            print(stretch.step, f"{(time.monotonic() - began) / 60:.2f}", f"{rate:.2g}", *(f"{v:.4f}" for v in mean.tolist()),
                  sep="\t", file=log)
        if stretch.step % SAVE_EVERY == 0:
            stretch.save()
    stretch.save()


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--labels", default=LABELS, type=Path, help="folder with maps/ and priors/")
    a.add_argument("--out", default=HERE / "runs", type=Path)
    a.add_argument("--steps", default=10**9, type=int, help="length of this stretch")
    a.add_argument("--minutes", type=float, help="length of this stretch, if sooner")
    a.add_argument("--decay", default=0.0, type=float, help="last share of the stretch in which the rate falls to zero")
    a.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    a.add_argument("--rate", default=RATE, type=float)
    a.add_argument("--seed", default=1, type=int)
    a.add_argument("--threads", default=2, type=int)
    a.add_argument("--precision", default="auto", choices=("auto", "fp32", "bf16"))
    a.add_argument("--anew", action="store_true", help="start from random weights")
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    stop = []
    for s in (signal.SIGTERM, signal.SIGINT):
        signal.signal(s, lambda *_: stop.append(1))
    stretch = Stretch(a.out, a.device, a.anew)
    order = a.seed, stretch.step, a.steps
    patches = painted(Synth(a.labels, device="cuda"), *order) if a.device == "cuda" else painted_beside(a.labels, *order)
    fresh = not (HERE / "log.tsv").exists()
    with open(HERE / "log.tsv", "a", buffering=1) as log:
        if fresh:
            print("step", "minutes_of_stretch", "rate", "cross_entropy", "dice_loss", sep="\t", file=log)
        train(stretch, patches, a, log, stop)


if __name__ == "__main__":
    main()
