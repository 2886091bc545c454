"""Who else is in the picture."""

from typing import Any, NamedTuple

import numpy as np

from analysis import landmarks as lm
from analysis.pose.places import upright_px
from analysis.pose.tracker import image_of
from analysis.types import Floats, Landmarks, Others
from analysis.video import Clip, Frame

MAX_PEOPLE = 3
SEEN = 0.5
# Two boxes that share this much of the smaller one are the same person.
SAME_BOX = 0.5


class Person(NamedTuple):
    """Somebody in one frame: box (x0, y0, x1, y1) and landmarks [33, 2], pixels, y up."""

    box: Floats
    points: Floats


def everybody(clip: Clip, people: Any, frame: Frame) -> list[Person]:
    """All the people in one frame."""
    found = people.detect(image_of(frame.rgb)).pose_landmarks
    rows = [np.array([(p.x, p.y, p.visibility) for p in person], dtype=np.float64) for person in found]
    placed = [(upright_px(row[:, :2], clip.facts), row[:, 2]) for row in rows]
    return [Person(_box(points, seen), points) for points, seen in placed]


def _box(xy_px: Floats, visibility: Floats) -> Floats:
    seen = xy_px[visibility >= SEEN] if np.any(visibility >= SEEN) else xy_px
    return np.concatenate([seen.min(axis=0), seen.max(axis=0)])


def others_of(clip: Clip, found: Landmarks, people: dict[int, list[Person]]) -> Others:
    """The people sampled, without the runner and without doubles."""
    t_s, runner, others = [], [], []
    for index in sorted(people):
        row = int(np.searchsorted(found.t_s, clip.t_s[index] - 1e-9))
        own = Person(_box(found.xy_px[row], found.visibility[row]), found.xy_px[row])
        kept = [own] if np.isfinite(own.box).all() else []
        known = len(kept)
        for person in people[index]:
            if all(_overlap(person.box, other.box) < SAME_BOX for other in kept):
                kept.append(person)
        t_s.append(float(clip.t_s[index]))
        runner.append(own)
        others.append(kept[known:])
    return Others(
        np.array(t_s),
        tuple(np.array([person.box for person in crowd]).reshape(-1, 4) for crowd in others),
        np.array([own.box for own in runner]).reshape(-1, 4),
        tuple(np.array([person.points for person in crowd]).reshape(-1, lm.COUNT, 2) for crowd in others),
        np.array([own.points for own in runner]).reshape(-1, lm.COUNT, 2),
    )


def _overlap(a: Floats, b: Floats) -> float:
    """Shared area over the smaller box's area."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    areas = [float(np.prod(box[2:] - box[:2])) for box in (a, b)]
    return float(np.prod(np.maximum(sides, 0.0))) / max(min(areas), 1e-9)
