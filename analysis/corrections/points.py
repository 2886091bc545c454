"""Landmarks dragged to their place, and the part of a clip that is to be measured."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis import geometry as geo
from analysis.corrections.items import PointFix
from analysis.types import Bools, Floats, Landmarks, Scene

# A landmark that is wrong on one frame is wrong on its neighbours, too: the tracker goes on from where it was.
FADE_S = 0.10
# Between two drags of one landmark that lie so near, it was wrong all the way.
BRIDGE_S = 0.50


def drag_points(found: Landmarks, fixes: Sequence[PointFix]) -> Landmarks:
    """Landmarks with some of them put right by a person.

    On the frame itself the landmark lies where the person put it.  The frames beside it move by the same way, less and
    less (half a cosine) down to nothing 0.10 s away, for one frame alone would be taken for an outlier; between
    two drags of the same landmark within 0.5 s the way runs straight from one to the other.  What a person has placed
    counts as seen.  The model's 3D point moves along in the picture's plane; its depth is not known better.

    Parameters
    ----------
    found
        As the tracker gave them, media time.
    fixes
        Pixels, y down; a drag outside the landmarks' time is left out.
    """
    xy, world, seen = found.xy_px.copy(), found.world_m.copy(), found.visibility.copy()
    metres = _metres_per_px(found)
    for point in sorted({fix.point for fix in fixes}):
        at = _by_row(found, [fix for fix in fixes if fix.point == point])
        if not at:
            continue
        way, strength = _way(found, at, point)
        placed = xy[:, point] + way
        for row, place in at.items():
            placed[row] = place
        xy[:, point] = placed
        world[:, point, :2] += way * metres
        seen[:, point] = np.maximum(seen[:, point], strength)
    return replace(found, xy_px=xy, world_m=world, visibility=seen)


def cut_out(found: Landmarks, scene: Scene | None, wanted: Bools) -> tuple[Landmarks, Scene | None]:
    """Only the wanted rows; no fewer than two."""
    if wanted.all() or wanted.sum() < 2:
        return found, scene
    parts = {name: getattr(found, name)[wanted] for name in ("xy_px", "world_m", "visibility", "t_s")}
    kept = None if scene is None else replace(scene, doubled=scene.doubled[wanted])
    return replace(found, **parts), kept


def _by_row(found: Landmarks, fixes: Sequence[PointFix]) -> dict[int, Floats]:
    """Row -> place (y up), in order of rows; the later of two drags on one frame counts."""
    places: dict[int, Floats] = {}
    slack = 1.5 * float(np.median(np.diff(found.t_s))) if len(found) > 1 else 0.0
    for fix in fixes:
        row = int(np.argmin(np.abs(found.t_s - fix.t_s)))
        if abs(found.t_s[row] - fix.t_s) <= slack:
            places[row] = np.array([fix.to[0], found.height_px - fix.to[1]])
    return dict(sorted(places.items()))


def _way(found: Landmarks, at: dict[int, Floats], point: int) -> tuple[Floats, Floats]:
    """How far the landmark moves on every frame [n, 2], and how much of a drag that is [n] (1 = placed by a person)."""
    t_s, rows = found.t_s, list(at)
    known = found.xy_px[:, point]
    ways = [np.where(np.isfinite(known[row]), at[row] - known[row], 0.0) for row in rows]
    way, strength = np.zeros((len(found), 2)), np.zeros(len(found))
    for row, by in zip(rows, ways, strict=True):
        near = np.clip(np.abs(t_s - t_s[row]) / FADE_S, 0.0, 1.0)
        share = 0.5 * (1.0 + np.cos(np.pi * near))
        stronger = share > strength
        way[stronger], strength[stronger] = share[stronger, None] * by, share[stronger]
    for first, last, by, to in zip(rows, rows[1:], ways, ways[1:], strict=False):
        if t_s[last] - t_s[first] <= BRIDGE_S:
            share = ((t_s[first : last + 1] - t_s[first]) / (t_s[last] - t_s[first]))[:, None]
            way[first : last + 1], strength[first : last + 1] = (1 - share) * by + share * to, 1.0
    return way, strength


def _metres_per_px(found: Landmarks) -> float:
    """The model's metres for a pixel, by the trunk."""
    xy, world = found.xy_px, found.world_m[:, :, :2]
    px = geo.median(geo.length(geo.shoulder_mid(xy) - geo.hip_mid(xy)))
    metres = geo.median(geo.length(geo.shoulder_mid(world) - geo.hip_mid(world)))
    return metres / px if px > 0 else 0.0
