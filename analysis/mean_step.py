"""The mean step of one leg from the side: its frames put together to one stride, and what is read off that."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis import geometry as geo
from analysis.types import Floats, Ints

WEIGHTINGS = 8
GRID = np.linspace(-0.5, 0.5, 1001)
FLAT = np.abs(GRID) <= 0.03
BLOCKS = 12
STRIDES_MIN = 3

TOE_OFF_BEFORE_BEND_S = 0.033
BEND_DEG = 2.0
TOE_RISE_TRUNKS = 0.06  # 3 cm of a trunk of 0.5 m
# The toe lies on the belt so near to mid-stance, strides: there its way gives the belt's line in the picture.
ON_BELT_WITHIN = (-0.07, 0.07)
# Where in the stride to look, strides from that side's mid-stance.
REACH_WITHIN = (-0.32, -0.05)
LOWEST_TOE_WITHIN = (-0.05, 0.22)
# The straight knee is looked for so near to the toe's rise.
KNEE_ABOUT_RISE_S = 0.080

HIP, KNEE, ANKLE, HEEL, TOE, MID_HIP = range(6)


class Moments(NamedTuple):
    """The mean step: places in strides from mid-stance, then what the leg does at foot strike (`types.Step`)."""

    strike: float
    off_by_knee: float
    off_by_toe: float
    heel_ahead: float
    knee_flexion_deg: float
    foot_angle_deg: float


class Shift(NamedTuple):
    """How far a person moves the place of an event in the stride, seconds, and how sure that is (1 SD)."""

    seconds: float = 0.0
    se: float = 0.0


UNMOVED = Shift()


@dataclass(frozen=True)
class Leg:
    """A leg's points [n, 6 * 2] (hip, knee, ankle, heel, toe, mid-hip), each frame at its ``phase`` in the stride."""

    phase: Floats
    points: Floats
    orders: tuple[int, ...]
    trunk_px: float
    period: float
    after_reach_s: float
    belt_slope: float
    strike_moved: Shift = UNMOVED
    off_moved: Shift = UNMOVED

    @cached_property
    def numbers(self) -> Floats:
        """The strides' numbers."""
        return np.unique(np.floor(self.phase + 0.5))

    @cached_property
    def design(self) -> Floats:
        """Harmonics of each frame's place in the stride, [n, 1 + 2k]."""
        return geo.harmonics(self.phase, 1.0, self.orders)

    @cached_property
    def weight(self) -> Floats:
        """One weight a frame, falling fast beyond the usual distance from the mean stride: strays count for nothing."""
        weight = np.ones(len(self.points))
        for _ in range(WEIGHTINGS):
            away = geo.length(self.points - self.design @ self._fit(weight))
            usual = 1.5 * 1.4826 * geo.median(away)
            weight = np.asarray(1.0 / (1.0 + (away / max(usual, 1e-9)) ** 2) ** 2)
        return weight

    def curve(self, weight: Floats) -> Floats:
        """The mean stride over ``GRID``, [1001, 6, 2]."""
        return np.asarray((geo.harmonics(GRID, 1.0, self.orders) @ self._fit(weight)).reshape(len(GRID), 6, 2))

    def moments(self, weight: Floats) -> Moments | None:
        """Read the mean step off the mean stride; None where the toe never rises from its lowest point."""
        leg = self.curve(weight)
        above_belt = leg[:, TOE, 1] - self.belt_slope * leg[:, TOE, 0]
        off_by_toe = _rise(above_belt, TOE_RISE_TRUNKS * self.trunk_px)
        if off_by_toe is None:
            return None
        reach = (leg[:, HEEL, 0] + leg[:, ANKLE, 0]) / 2 - leg[:, HIP, 0]
        knee = geo.inner_angle_deg(leg[:, HIP], leg[:, KNEE], leg[:, ANKLE])
        foot = geo.angle_from_horizontal_deg(leg[:, TOE] - leg[:, HEEL])
        strike = _peak(reach, REACH_WITHIN) + (self.after_reach_s + self.strike_moved.seconds) / self.period
        about = KNEE_ABOUT_RISE_S / self.period
        bend = _bend(knee, (max(off_by_toe - about, 0.0), off_by_toe + about))
        off_by_knee = bend + (self.off_moved.seconds - TOE_OFF_BEFORE_BEND_S) / self.period
        bones = geo.length(leg[:, HIP] - leg[:, KNEE]) + geo.length(leg[:, KNEE] - leg[:, ANKLE])
        ahead = (leg[:, HEEL, 0] - leg[:, MID_HIP, 0]) / geo.median(bones)
        return Moments(
            strike=strike,
            off_by_knee=off_by_knee,
            off_by_toe=off_by_toe + self.off_moved.seconds / self.period,
            heel_ahead=float(np.interp(strike, GRID, ahead)),
            knee_flexion_deg=180.0 - float(np.interp(strike, GRID, knee)),
            foot_angle_deg=float(np.interp(strike, GRID, foot) - foot[FLAT].mean()),
        )

    def errors(self) -> Moments:
        """Standard errors of the mean step, by leaving out a block of strides at a time (jackknife)."""
        without = []
        for block in np.array_split(self.numbers, min(BLOCKS, len(self.numbers))):
            moments = self.moments(np.where(np.isin(np.floor(self.phase + 0.5), block), 0.0, self.weight))
            if moments is not None:
                without.append(moments)
        if len(without) < STRIDES_MIN:
            return Moments(*[np.inf] * len(Moments._fields))
        spread = np.sqrt(len(without) - 1) * np.std(np.array(without), axis=0)
        return Moments(*spread.tolist())

    def _fit(self, weight: Floats) -> Floats:
        """Coefficients [1 + 2k, 12] by weighted least squares."""
        weighted = (self.design * weight[:, None]).T
        ridge = 1e-9 * len(self.design) * np.eye(self.design.shape[1])
        return np.asarray(np.linalg.solve(weighted @ self.design + ridge, weighted @ self.points))


def find_belt_slope(near: "Leg | None") -> float:
    """Rise of the belt's line in the picture per px in the direction of travel; the far toe is hidden too often."""
    if near is None:
        return 0.0
    toe = near.curve(near.weight)[_rows(ON_BELT_WITHIN), TOE]
    return float(np.polyfit(toe[:, 0], toe[:, 1], 1)[0])


def _peak(series: Floats, within: tuple[float, float]) -> float:
    rows = _rows(within)
    return float(GRID[rows[int(np.argmax(series[rows]))]])


def _bend(angle: Floats, within: tuple[float, float]) -> float:
    """Where the knee has bent by ``BEND_DEG`` from its straightest; the peak wanders if a knee stays straight."""
    rows = _rows(within)
    straightest = rows[int(np.argmax(angle[rows]))]
    bent = np.flatnonzero(angle[straightest:] < angle[straightest] - BEND_DEG)
    return float(GRID[straightest + bent[0]]) if len(bent) else float(GRID[-1])


def _rise(height: Floats, by: float) -> float | None:
    """Where the toe, after its lowest point in stance, has come up by ``by``."""
    rows = _rows(LOWEST_TOE_WITHIN)
    lowest = rows[int(np.argmin(height[rows]))]
    above = np.flatnonzero(height[lowest:] > height[lowest] + by)
    return float(GRID[lowest + above[0]]) if len(above) else None


def _rows(within: tuple[float, float]) -> Ints:
    return np.flatnonzero((within[0] <= GRID) & (within[1] >= GRID))
