"""Films and pictures from stored landmarks: ``python -m analysis.render CLIP SERIES.npz --film OUT.mp4``.

With ``--hide-face`` nobody can be recognised: the head is covered, what is around the body too, and the film is cut to
the runner.
Exit status: 0 done; 2 bad arguments or no readable video, with one line on stderr.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import AnalysisError

BAD_INPUT = 2
PROGRESS_EVERY_S = 0.25


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(argv)
    from analysis.export import write_overlay
    from analysis.hidden import hide_frames
    from analysis.serialize import read_landmarks

    landmarks = read_landmarks(options.series)
    try:
        write_overlay(options.clip, options.film, landmarks, _Teller(), hide=options.hide_face)
        if options.frames:
            moments = json.loads(options.moments.read_text())
            hide_frames(options.clip, options.frames, moments, landmarks, options.hidden)
    except AnalysisError as error:
        print(" ".join(error.user_text.split()), file=sys.stderr)
        return BAD_INPUT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis.render", description="Draw a film from landmarks.")
    parser.add_argument("clip", type=Path)
    parser.add_argument("series", type=Path, help="the .npz beside the report")
    parser.add_argument("--film", type=Path, required=True, metavar="OUT", help="the MP4 to write")
    parser.add_argument("--hide-face", action="store_true", help="cover the head and what is around the body")
    parser.add_argument("--frames", type=Path, metavar="DIR", help="annotated frames of the same clip")
    parser.add_argument("--moments", type=Path, metavar="FILE", help="JSON: their file names and times in seconds")
    parser.add_argument("--hidden", type=Path, metavar="DIR", help="where they go with nobody to recognise")
    return parser


class _Teller:
    """One line of JSON on stdout, a few times a second."""

    def __init__(self) -> None:
        self._said_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done >= total or now - self._said_at >= PROGRESS_EVERY_S:
            self._said_at = now
            print(json.dumps({"stage": "film", "done": done, "total": total}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
