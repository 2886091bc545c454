"""The direction of travel from lines that run along it, by least squares with what is known of the camera."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from analysis.heading.camera import Camera, Known
from analysis.types import Bools, Floats

ROUNDS, STEP = 8, 1e-6
# Groups are started by pairs of so many lines, with fewer rounds; a misfit of 3 errors costs a fifth of a group.
SEEDS, SEED_ROUNDS, UNLIKELY = 10, 4, 0.025
# A line belongs to the others within so much, degrees; first loosely, then closely.
TOLERANCES_DEG = (1.5, 0.9)
# Lenses bend straight edges by about so much, and a line's two ends are seen within so many shares of the longer side.
LINE_SD_DEG, END_SD = 0.15, 0.0006


@dataclass(frozen=True)
class Lines:
    """Straight lines in the picture: ``middle`` [n, 2] and ``length`` [n] in shares of the longer side, ``slope`` [n]
    against +x, radians, ``sd`` [n] of the slope.
    """

    middle: Floats
    length: Floats
    slope: Floats
    sd: Floats

    def __len__(self) -> int:
        return len(self.length)

    def some(self, rows: Bools) -> "Lines":
        """Some of them."""
        return Lines(self.middle[rows], self.length[rows], self.slope[rows], self.sd[rows])

    def away(self, camera: Camera) -> Floats:
        """How far each lies from the direction of travel in the picture, radians, -pi/2..pi/2."""
        return np.asarray((self.slope - camera.slopes(self.middle) + np.pi / 2) % np.pi - np.pi / 2)


def joined(one: Lines, other: Lines) -> Lines:
    """All lines of both."""
    return Lines(
        np.concatenate([one.middle, other.middle]),
        np.concatenate([one.length, other.length]),
        np.concatenate([one.slope, other.slope]),
        np.concatenate([one.sd, other.sd]),
    )


def lines_between(ends: Floats, end_sd: float = END_SD) -> Lines:
    """Lines from their ends [n, 4]: x0, y0, x1, y1 in shares of the longer side from the middle, y up."""
    across, up = ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]
    length = np.hypot(across, up)
    sd = np.hypot(np.radians(LINE_SD_DEG), np.sqrt(2) * end_sd / np.maximum(length, 1e-9))
    return Lines((ends[:, :2] + ends[:, 2:]) / 2, length, np.arctan2(up, across), sd)


def fit_camera(lines: Lines, known: Known, rounds: int = ROUNDS) -> tuple[Camera, Floats]:
    """The camera that fits the lines and what is known best, and the covariance of its five numbers, [5, 5]."""
    at = np.array(known.start)
    for _ in range(rounds):
        off, slope = _off(at, lines, known), _slope(at, lines, known)
        at = at - np.linalg.lstsq(slope, off, rcond=None)[0]
    slope = _slope(at, lines, known)
    return Camera(*at.tolist()), np.asarray(np.linalg.inv(slope.T @ slope))


def find_agreeing(lines: Lines, known: Known) -> Bools:
    """Which of the lines run along the travel: the largest group, by length, that one camera explains.

    Every pair of the longest lines starts a group in turn; a group that needs an unlikely camera counts for less.
    """
    longest = np.argsort(-lines.length)[:SEEDS]
    best, most = np.zeros(len(lines), dtype=np.bool_), 0.0
    for seed in combinations(longest.tolist(), 2):
        group = np.isin(np.arange(len(lines)), seed)
        for tolerance in TOLERANCES_DEG:
            camera = fit_camera(lines.some(group), known, SEED_ROUNDS)[0]
            group = np.abs(lines.away(camera)) < np.radians(tolerance)
            if group.sum() < 2:
                break
        score = float(lines.length[group].sum()) * np.exp(-UNLIKELY * float(np.sum(known.misfit(camera) ** 2)))
        if score > most and group.sum() >= 2:
            best, most = group, score
    return best


def _off(at: Floats, lines: Lines, known: Known) -> Floats:
    camera = Camera(*at.tolist())
    return np.concatenate([lines.away(camera) / lines.sd, known.misfit(camera)])


def _slope(at: Floats, lines: Lines, known: Known) -> Floats:
    """Derivative of `_off`, [lines + known, 5]."""
    here = _off(at, lines, known)
    columns = [(_off(at + STEP * one, lines, known) - here) / STEP for one in np.eye(len(at))]
    return np.stack(columns, axis=1)
