"""Small neon dots in one frame: where, which colour, how much of each is seen.

Image frame as in OpenCV: pixels of the upright full frame, x right, **y down**.  All lengths that depend on the
runner are in trunk lengths (hip-mid to shoulder-mid, about 0.48 m), so that the camera's distance drops out.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.types import Bools, Floats, Ints

Image = NDArray[np.uint8]
Patch = NDArray[np.float32]

# A dot of 2.7 cm on a trunk of 0.48 m has this radius; dots of 1.8 to 4 cm fit between the disc and the ring.
DOT_RADIUS = 0.028
# Radii in dot radii: what is surely dot, the most a dot may cover, the ring of cloth or skin around it.
CORE, REACH, RING_IN, RING_OUT, NARROW = 0.6, 2.0, 2.1, 2.9, 0.35
# Side view: a column of pixels that looks like the dot beyond the dot's height belongs to the wall.
WALL = 0.35
NARROWER = 1.6  # an outer dot reaches so many times less far sideways
# In CIELAB.  Chroma over lightness is about 1.2 for green neon tape, 0.9 for orange, half of that when 4:2:0 and blur
# have been at it, whatever the light; skin has 0.3-0.45.
MIN_CHROMA, MIN_CONTRAST, MIN_SATURATION, MIN_STEP = 18.0, 16.0, 0.5, 20.0
# Peaks that are measured, blobs that are kept; a side view has the wall on both sides of the body.
PEAKS = {True: 32, False: 14}
MAX_DOTS = 24
WORK_TRUNK_PX = 320.0

COLUMNS = ("x", "y", "lightness", "a", "b", "area", "contrast")


@dataclass(frozen=True)
class Waist:
    """Where to look in one frame: hip-mid ``x``, ``y`` and trunk length in pixels, y down."""

    x: float
    y: float
    trunk: float


@dataclass(frozen=True)
class Window:
    """The part of the picture around hip-mid that can hold dots, in trunk lengths; down is positive.

    ``narrow``: the outer dots of a side view are seen edge-on, at the outline of the body, so that only what is right
    above and below them is sure to be cloth.
    """

    half_width: float
    top: float
    bottom: float
    narrow: bool = False


def find_dots(rgb: Image, waist: Waist, window: Window) -> Floats:
    """Find small blobs whose colour stands out from a ring around them.

    A blob qualifies by contrast alone, in any hue: which blobs are tape is decided over the whole clip
    (`analysis.pixels.pattern`).

    Parameters
    ----------
    rgb
        Upright frame at native resolution, uint8 [h, w, 3].
    waist
        Hip-mid and trunk length in pixels.
    window
        Where to look.

    Returns
    -------
    Floats
        [k, 7], k <= 8, columns `COLUMNS`: centre in pixels of the full frame (pixel centres at whole numbers),
        CIELAB of the core, area in nominal dots, chroma contrast; strongest first.
    """
    cut = _cut(rgb, waist, window)
    if cut is None:
        return np.empty((0, len(COLUMNS)))
    lab, left, top, zoom = cut
    radius = DOT_RADIUS * waist.trunk * zoom
    peaks = _peaks(lab, radius, window.narrow)
    if not len(peaks):
        return np.empty((0, len(COLUMNS)))
    found = _measure(lab, peaks, radius, window.narrow)
    found[:, 0] = (found[:, 0] + 0.5) / zoom - 0.5 + left
    found[:, 1] = (found[:, 1] + 0.5) / zoom - 0.5 + top
    return found


def _cut(rgb: Image, waist: Waist, window: Window) -> tuple[Patch, int, int, float] | None:
    """CIELAB (a and b centred on 0) of the window with a margin for the ring, its origin and its scale."""
    margin = (RING_OUT + 0.5) * DOT_RADIUS
    height, width = rgb.shape[:2]
    left = max(0, int(waist.x - (window.half_width + margin) * waist.trunk))
    right = min(width, int(waist.x + (window.half_width + margin) * waist.trunk) + 1)
    top = max(0, int(waist.y + (window.top - margin) * waist.trunk))
    bottom = min(height, int(waist.y + (window.bottom + margin) * waist.trunk) + 1)
    if min(right - left, bottom - top) < 6 * DOT_RADIUS * waist.trunk:
        return None
    crop: Any = rgb[top:bottom, left:right]
    zoom = min(1.0, WORK_TRUNK_PX / waist.trunk)
    if zoom < 1.0:
        crop = cv2.resize(crop, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_RGB2Lab).astype(np.float32)
    lab[..., 1:] -= 128.0
    lab[..., 0] *= 100.0 / 255.0
    return lab, left, top, zoom


def _odd(length: float) -> int:
    return max(1, 2 * round((length - 1) / 2) + 1)


def _peaks(lab: Patch, radius: float, narrow: bool) -> Ints:
    """Rows and columns [k, 2] of the strongest local maxima of the chroma contrast, disc against ring."""
    high = [_odd(2 * radius * times) for times in (CORE, RING_IN, RING_OUT)]
    wide = [_odd(2 * radius * NARROW)] * 3 if narrow else high
    disc, inner, outer = (
        cv2.boxFilter(lab, -1, size, borderType=cv2.BORDER_REPLICATE) for size in zip(wide, high, strict=True)
    )
    n_inner, n_outer = float(wide[1] * high[1]), float(wide[2] * high[2])
    ring = (outer * n_outer - inner * n_inner) / (n_outer - n_inner)
    contrast = cv2.magnitude(disc[..., 1] - ring[..., 1], disc[..., 2] - ring[..., 2])
    chroma = cv2.magnitude(disc[..., 1], disc[..., 2])
    contrast[chroma < np.maximum(MIN_CHROMA, MIN_SATURATION * disc[..., 0])] = 0
    apart = _odd(2 * radius * (0.75 if narrow else 1.5))
    top = cv2.dilate(contrast, np.ones((apart, apart), np.uint8))
    rows, columns = np.nonzero((contrast >= top) & (contrast > MIN_CONTRAST))
    edge = int(np.ceil(CORE * radius))
    inside = (rows >= edge) & (columns >= edge) & (rows < lab.shape[0] - edge) & (columns < lab.shape[1] - edge)
    rows, columns = rows[inside], columns[inside]
    strongest = np.argsort(-contrast[rows, columns])[: PEAKS[narrow]]
    return np.stack([rows[strongest], columns[strongest]], axis=1)


def _measure(lab: Patch, peaks: Ints, radius: float, narrow: bool) -> Floats:
    """Sub-pixel centre, colour and area of every peak; drops what is no blob."""
    reach = int(np.ceil(RING_OUT * radius)) + 1
    grid = np.arange(-reach, reach + 1)
    padded = np.pad(lab, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    patch = padded[peaks[:, 0, None, None] + grid[:, None] + reach, peaks[:, 1, None, None] + grid[None, :] + reach]
    dy, dx = np.meshgrid(grid, grid, indexing="ij")
    far = np.hypot(dy, dx) / radius
    sure = np.abs(dx) <= NARROW * radius if narrow else np.ones_like(dx, dtype=np.bool_)
    around = (far >= RING_IN) & (far <= RING_OUT) & sure
    core = patch[:, (far <= CORE) & sure].mean(axis=1)
    weight, contrast = _weigh(patch, core, around)
    spill = (weight[:, around] > 0.5).mean(axis=1)
    if narrow:
        weight = _without_wall(weight, np.abs(grid) / radius)
    centre, area = _centroid(weight, dy, dx, radius, narrow)
    good = (contrast > MIN_STEP) & (spill < 0.3) & (area > 0.15) & (area < 3.5) & (np.abs(centre).max(axis=1) < radius)
    where = peaks + centre
    out = np.column_stack([where[:, 1], where[:, 0], core, area, contrast])
    return _once(np.asarray(out[good], dtype=np.float64), radius)[:MAX_DOTS]


def _weigh(patch: Patch, core: Floats, around: Bools) -> tuple[Patch, Floats]:
    """How much of every pixel is dot, 0..1, and the step in colour (CIELAB) from the dot to what is round it.

    By colour distance from the core over that step: a pixel on the border lies between dot and cloth by the share that
    the dot covers, which is what makes the centroid sub-pixel.  The step is the 35th percentile round the dot, so that
    a wall of another colour on one side does not blur it.
    """
    off = np.linalg.norm(patch - core[:, None, None], axis=-1)
    contrast = np.maximum(np.percentile(off[:, around], 35, axis=1), 1.0)
    share = 1.0 - off / contrast[:, None, None]
    return np.clip((share - 0.2) / 0.6, 0.0, 1.0), contrast


def _centroid(weight: Patch, dy: Ints, dx: Ints, radius: float, narrow: bool) -> tuple[Floats, Floats]:
    """Centre [k, 2] (row, column) from the peak, and area in nominal dots, within a dot's largest reach."""
    centre, stretch = np.zeros((len(weight), 2)), NARROWER if narrow else 1.0
    total = np.zeros(len(weight))
    for _ in range(4):
        near = np.hypot(dy - centre[:, 0, None, None], stretch * (dx - centre[:, 1, None, None])) <= REACH * radius
        mass = weight * near
        total = np.maximum(mass.sum(axis=(1, 2)), 1e-3)
        centre = np.stack([(mass * dy).sum(axis=(1, 2)), (mass * dx).sum(axis=(1, 2))], axis=1) / total[:, None]
    return centre, total / (np.pi * radius**2)


def _without_wall(weight: Patch, height: Floats) -> Patch:
    """Weights without the columns that go on above or below the dot (wall, poster), and what lies beyond a gap."""
    beyond = (height >= RING_IN) & (height <= RING_OUT)
    ends = weight[:, beyond].max(axis=1, keepdims=True) < WALL
    return _joined(weight * ends, weight.shape[-1] // 2)


def _joined(weight: Patch, middle: int) -> Patch:
    """Weights that never rise again on the way out from the middle column: what lies beyond a gap is not the dot."""
    left = np.minimum.accumulate(weight[..., middle::-1], axis=-1)[..., ::-1]
    right = np.minimum.accumulate(weight[..., middle + 1 :], axis=-1)
    return np.concatenate([left, right], axis=-1)


def _once(found: Floats, radius: float) -> Floats:
    """Without the weaker ones of those that lie within a dot's radius of each other: flat colour has several peaks."""
    near = np.hypot(*np.moveaxis(found[:, None, :2] - found[None, :, :2], -1, 0)) < radius
    return np.asarray(found[~np.tril(near, -1).any(axis=1)])
