"""Which of several people is the runner, by the legs that move."""

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.cleaning import clean
from analysis.flukes import without_flukes
from analysis.realtime import find_real_time, is_running, retimed
from analysis.strides import find_rhythm
from analysis.types import ClipFacts, Floats, Landmarks, Others

# Seen in so many of the sampled frames, at one place (trunk lengths), with legs that differ so much from look to look
# (knees and ankles, SD in trunk lengths: 0.05 of a person who stands, 0.2 and more of one who runs).
MIN_SAMPLES = 4
SAME_PLACE_TRUNKS = 1.0
LEGS_MOVE_TRUNKS = 0.12
# Room about the boxes of the sampled frames, for the other phases of the stride.
ROOM = 0.35
Region = tuple[float, float, float, float]


def find_other_runner(facts: ClipFacts, found: Landmarks, others: Others) -> Region | None:
    """Where the runner is, when the person who was followed does not run and somebody else moves the legs.

    Returns
    -------
    tuple or None
        x0, y0, x1, y1 as shares of the picture, y down; None when the right person was followed, as in almost every
        clip, or when nobody else is there.
    """
    people = [points[0] for points in others.points if len(points)]
    if len(people) < MIN_SAMPLES or _runs(facts, found):
        return None
    xy = np.array(people)
    hips, shoulders = geo.hip_mid(xy), geo.shoulder_mid(xy)
    trunk = geo.median(geo.length(shoulders - hips))
    legs = (xy[:, [*lm.LEFT_LEG[1:3], *lm.RIGHT_LEG[1:3]]] - hips[:, None]) / trunk
    stays = float(np.ptp(hips, axis=0).max()) < SAME_PLACE_TRUNKS * trunk
    if not stays or float(np.std(legs, axis=0).max()) < LEGS_MOVE_TRUNKS:
        return None
    return around(xy, found.width_px, found.height_px)


def _runs(facts: ClipFacts, found: Landmarks) -> bool:
    if np.isfinite(found.xy_px[:, lm.NOSE, 0]).mean() < 0.5:
        return False
    cleaned = clean(without_flukes(found))
    return is_running(find_rhythm(retimed(cleaned, find_real_time(cleaned, facts).factor)))


def around(xy: Floats, width_px: int, height_px: int, share: float = ROOM) -> Region:
    """A box with room about landmarks [m, 33, 2], as shares of the picture, y down."""
    low, high = xy.min(axis=(0, 1)), xy.max(axis=(0, 1))
    room = share * float((high - low).max()) / 2
    x0, x1 = np.clip([low[0] - room, high[0] + room], 0, width_px) / width_px
    y0, y1 = 1.0 - np.clip([high[1] + room, low[1] - room], 0, height_px) / height_px
    return float(x0), float(y0), float(x1), float(y1)
