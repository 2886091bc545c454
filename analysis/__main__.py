"""The command line: ``python -m analysis CLIP --json OUT.json``.

Exit status: 0 analysed, wholly or in part; 3 refused, with the reason in ``quality``; 2 bad arguments or no
readable video; 4 an installation that cannot analyse, whatever the clip.  On 0 and 3 the JSON is written; 2 and 4
come with one line on stderr.
"""

import argparse
import ctypes
import gc
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from analysis import ANALYSIS_VERSION
from analysis.errors import INSTALLATION, AnalysisError
from analysis.types import Profile, Sex, ViewName

if TYPE_CHECKING:
    from analysis.pipeline import Analysis
    from analysis.report import AnalysisReport

REFUSED = 3
BAD_INPUT = 2
BAD_INSTALLATION = 4
PROGRESS_EVERY_S = 0.25
# What the profile may say: the bounds of the web forms.
SPEED_MPS, HEIGHT_CM, INCLINE_PCT = (0.5, 12.0), (90.0, 230.0), (-20.0, 40.0)
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # of malloc.h
# So many new objects between two searches for rings of them: the usual 700 cost 2 % of an analysis and find nothing.
OBJECTS_BETWEEN_SEARCHES = 50_000


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    parser = _parser()
    options = parser.parse_args(argv)
    for path in (options.json, options.csv, options.overlay, options.copy):
        if path is not None and not _can_write(path):
            parser.error(f"{path} cannot be written")
    _give_memory_back()
    tell = {"json": _JsonProgress, "bar": _BarProgress, "none": _NoProgress}[options.progress]()
    try:
        result = _analyse(options, tell)
    except AnalysisError as error:
        tell.close()
        print(" ".join(error.user_text.split()), file=sys.stderr)
        return BAD_INSTALLATION if error.code in INSTALLATION else BAD_INPUT
    tell.close()
    _write(options, result)
    if options.progress != "json":
        print(_summary(result.report))
    return REFUSED if result.report.refused else 0


def _analyse(options: argparse.Namespace, tell: "_NoProgress") -> "Analysis":
    """Analyse and make the films; the copy is made meanwhile, and first, so that no processor waits for imports."""
    from analysis.copying import Copying
    from analysis.export import write_overlay

    timing: dict[str, float] = {}
    with Copying(options.clip, options.copy) if options.copy else nullcontext() as copying:
        from analysis.corrections import NOTHING, read_corrections
        from analysis.pipeline import analyse

        result = analyse(
            options.clip,
            _profile(options),
            tell,
            landmarks=options.landmarks,
            corrections=read_corrections(options.corrections) if options.corrections else NOTHING,
            marks=options.marks,
            frames_dir=options.frames,
            on_decoded=copying.take if copying else None,
        )
        if options.overlay:
            start = time.perf_counter()
            write_overlay(options.clip, options.overlay, result.raw, lambda done, n: tell("overlay", done, n))
            timing["overlay"] = time.perf_counter() - start
        if copying:
            start = time.perf_counter()
            copying.finish(lambda done, n: tell("copy", done, n))
            timing["copy"] = time.perf_counter() - start
    return replace(result, report=replace(result.report, timing={**result.report.timing, **timing}))


def _write(options: argparse.Namespace, result: "Analysis") -> None:
    from analysis.export import write_csv
    from analysis.serialize import write_series

    series = options.json.with_suffix(".npz")
    write_series(series, result.raw, result.waveforms, result.t_s, result.sight)
    options.json.write_text(json.dumps(result.report.to_json(series.name), allow_nan=False, indent=1))
    if options.csv:
        write_csv(options.csv, result.report.table())


def _can_write(path: Path) -> bool:
    """Whether a file can be made or written over: asked before minutes of work, and of the folder by writing to it."""
    if path.exists():
        return path.is_file() and os.access(path, os.W_OK)
    try:
        with tempfile.TemporaryFile(dir=path.absolute().parent):
            return True
    except OSError:
        return False


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as all errors of the command do; the options stand in ``--help``."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def _between(low: float, high: float) -> Callable[[str], float]:
    """A number of an option; metres typed for centimetres would scale every length, and look measured."""

    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text} is no number from {low:g} to {high:g}")
        return number

    return parse


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m analysis", description="Measure running form in a clip.")
    parser.add_argument("clip", type=Path)
    parser.add_argument("--json", type=Path, required=True, metavar="OUT", help="where the report is written")
    parser.add_argument("--frames", type=Path, metavar="DIR", help="save annotated frames here")
    parser.add_argument("--csv", type=Path, metavar="OUT", help="write the numbers as a table")
    parser.add_argument("--overlay", type=Path, metavar="OUT", help="write an MP4 with the skeleton drawn")
    parser.add_argument("--copy", type=Path, metavar="OUT", help="write the clip as an MP4 that every browser plays")
    parser.add_argument("--speed-mps", type=_between(*SPEED_MPS))
    parser.add_argument("--height-cm", type=_between(*HEIGHT_CM))
    parser.add_argument("--sex", type=Sex, choices=list(Sex))
    parser.add_argument("--incline-pct", type=_between(*INCLINE_PCT))
    parser.add_argument("--surface", choices=("treadmill", "ground"), default="treadmill")
    parser.add_argument("--kind", choices=("running", "standing"), default="running")
    parser.add_argument("--view", type=ViewName, choices=list(ViewName), help="overrule the detected view")
    parser.add_argument("--marks", type=Path, metavar="FILE", help="lines drawn by a person, JSON")
    parser.add_argument("--corrections", type=Path, metavar="FILE", help="what a person put right, JSON")
    parser.add_argument("--landmarks", type=Path, metavar="NPZ", help="series of an earlier report of this clip")
    parser.add_argument("--tape", metavar="COLOUR", help="colour of the tape dots")
    default = "bar" if sys.stderr.isatty() else "none"
    parser.add_argument("--progress", choices=("bar", "json", "none"), default=default)
    parser.add_argument("--version", action="version", version=ANALYSIS_VERSION)
    return parser


def _give_memory_back() -> None:
    """Have glibc return large frames to the system at once: it would keep up to 400 MB of 4K ones for later."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024)
        libc.mallopt(M_ARENA_MAX, 2)


def _profile(options: argparse.Namespace) -> Profile:
    return Profile(
        speed_mps=options.speed_mps,
        height_cm=options.height_cm,
        sex=options.sex,
        incline_pct=options.incline_pct,
        surface=options.surface,
        kind=options.kind,
        view=options.view,
        tape=options.tape,
    )


class _NoProgress:
    def __call__(self, stage: str, done: int, total: int) -> None:
        pass

    def close(self) -> None:
        pass


class _JsonProgress(_NoProgress):
    """One line of JSON on stdout, a few times a second and at every new stage."""

    def __init__(self) -> None:
        self._stage, self._said_at = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage or done >= total or now - self._said_at >= PROGRESS_EVERY_S:
            self._stage, self._said_at = stage, now
            print(json.dumps({"stage": stage, "done": done, "total": total}), flush=True)


class _BarProgress(_NoProgress):
    """A bar in the terminal."""

    def __init__(self) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=1, unit="frame", leave=False)
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage = stage
            self._bar.reset(total)
            self._bar.set_description(stage)
        self._bar.n = done
        self._bar.refresh()

    def close(self) -> None:
        self._bar.close()


def _summary(report: "AnalysisReport") -> str:
    """A few lines for a person at a terminal."""
    lines = [f"{g.verdict}: {g.message}" for g in report.gates if g.verdict != "ok"]
    for m in report.to_json()["measurements"]:
        if m["value"] is not None:
            lines.append(
                f"{m['label']:36} {m['value']:8.2f} {m['unit']:6} [{m['low']:.2f} to {m['high']:.2f}]  {m['status']}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
