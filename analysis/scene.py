"""What the pixels say of the filming: light, sharpness, cuts, repeated pictures, the camera's movement and its roll.

Looks at the small pictures that the tracker gets anyway, so nothing is decoded twice: a thumbnail of every one, and
about sixteen whole ones spread over the stretch.  0.05 ms a frame, and 0.2 to 0.3 s at the end.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.types import Bools, Floats, Landmarks, Scene
from analysis.video import Frame

Gray = NDArray[np.uint8]

THUMB_STEP = 7
SAMPLES = 16
LEAST_BETWEEN_S = 0.4
# Room about the landmarks for hair, hands, shoes and their blur.
ROOM = 0.15
# Upright lines are looked for nearer to the runner: the more of them on both sides, the surer the roll.
ROOM_LINES = 0.04

# A repeated picture differs from the one before by coding noise only: less than this share of a usual difference.
REPEAT_SHARE = 0.20
STILL_LEVELS = 0.6
# Another scene: grey levels, times the usual difference of neighbours, and how much alike they still are (correlation:
# a sun flare that comes and goes 0.95 to 0.99, the same room filmed an eighth of the picture further 0.44).
CUT_LEVELS, CUT_TIMES, CUT_ALIKE = 14.0, 5.0, 0.85

# Features of the background.
MAX_FEATURES, MIN_FEATURES, MIN_AGREE = 300, 12, 0.4
AGREE_PX = 1.0

# Lines that may be true verticals, at most so far off, and at least so long (share of the picture's height).
STEEP_DEG, LINE_SHARE = 12.0, 0.08
LINE_AGREE_DEG = 0.8
MIN_LINES, MIN_LINES_LENGTH = 4, 0.8
# Several lines often belong to one cupboard, and lenses bend them.
LINE_SD_DEG, ROLL_FLOOR_DEG = 0.5, 0.2
# Two lines tell how uprights converge when they stand so far apart (share of the width), and so much at most.
LEAST_APART, MAX_CONVERGENCE_DEG = 0.15, 24.0


@dataclass
class SceneWatch:
    """Collects while the clip is decoded; ``seconds`` is the length of the stretch.

    `look` may be called from several threads, for different frames.
    """

    seconds: float
    _thumbs: dict[int, Gray] = field(default_factory=dict)
    _samples: dict[int, tuple[int, Gray]] = field(default_factory=dict)

    def look(self, frame: Frame) -> None:
        """Keep what is needed of one frame."""
        self._thumbs[frame.index] = np.ascontiguousarray(frame.rgb[THUMB_STEP // 2 :: THUMB_STEP, ::THUMB_STEP, 1])
        slot = int(frame.t_s / max(LEAST_BETWEEN_S, self.seconds / SAMPLES))
        if slot not in self._samples:
            self._samples[slot] = (frame.index, np.asarray(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY), np.uint8))

    def finish(self, found: Landmarks) -> Scene | None:
        """What was seen, with the runner's landmarks to tell runner from background; None when nothing was seen."""
        order = sorted(self._thumbs)
        if len(order) != len(found) or len(order) < 2 or not self._samples:
            return None
        boxes = _boxes(found)
        rows = {index: row for row, index in enumerate(order)}
        thumbs = [self._thumbs[index] for index in order]
        cuts_s = _cuts(thumbs, found.t_s)
        picked = [(rows[index], gray) for _, (index, gray) in sorted(self._samples.items())]
        # Pictures from two scenes cannot be compared: the scene with the most of them stands for the clip.
        scenes = np.searchsorted(cuts_s, found.t_s[[row for row, _ in picked]], side="right")
        main = scenes == np.argmax(np.bincount(scenes))
        picked = [sample for sample, belongs in zip(picked, main, strict=True) if belongs]
        samples = [(gray, boxes[row]) for row, gray in picked]
        motion = _camera_motion(samples)
        narrow = _boxes(found, ROOM_LINES)
        roll_deg, roll_se_deg = _roll([(gray, narrow[row]) for row, gray in picked])
        people = [_inside(gray, box) for gray, box in samples if np.isfinite(box).all()]
        return Scene(
            luma=float(np.median([part.mean() for part in people])) if people else float("nan"),
            sharpness=float(np.median([_sharpness(part) for part in people])) if people else float("nan"),
            cuts_s=cuts_s,
            doubled=_doubled(thumbs, boxes),
            shake=motion.shake,
            pan=motion.pan,
            turn_deg=motion.turn_deg,
            roll_deg=roll_deg,
            roll_se_deg=roll_se_deg,
        )


@dataclass(frozen=True)
class _Motion:
    shake: float
    pan: float
    turn_deg: float


def _boxes(found: Landmarks, room_share: float = ROOM) -> Floats:
    """The runner's box with some room, one a row: x0, y0, x1, y1 as shares of the picture, y down; NaN for nobody."""
    size = np.array([found.width_px, found.height_px], dtype=np.float64)
    share = found.xy_px / size
    share[:, :, 1] = 1.0 - share[:, :, 1]
    with np.errstate(invalid="ignore"):
        low, high = share.min(axis=1), share.max(axis=1)
    room = room_share * (high - low).max(axis=1, keepdims=True)
    return np.asarray(np.clip(np.concatenate([low - room, high + room], axis=1), 0.0, 1.0))


def _inside(gray: Gray, box: Floats) -> Gray:
    """The part of a picture inside a box; all of it for an empty box."""
    height, width = gray.shape
    x0, y0, x1, y1 = (box * (width, height, width, height)).astype(int)
    return gray if x1 - x0 < 4 or y1 - y0 < 4 else np.asarray(gray[y0:y1, x0:x1])


def _sharpness(part: Gray) -> float:
    """How much of its edges a picture loses when it is blurred once more, 0 (was blurred) .. 1 (crisp).

    Crete et al. 2007; independent of contrast and brightness.
    """
    scale = 256.0 / max(part.shape)
    sized = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    losses = []
    for axis, kernel in ((1, (9, 1)), (0, (1, 9))):
        edges = np.abs(np.diff(sized, axis=axis))
        again = np.abs(np.diff(cv2.blur(sized, kernel), axis=axis))
        losses.append(float(np.maximum(edges - again, 0.0).sum() / max(float(edges.sum()), 1e-6)))
    return min(losses)


def _doubled(thumbs: list[Gray], boxes: Floats) -> Bools:
    """Pictures whose runner is the same as in the one before, while others move."""
    change = np.full(len(thumbs), np.nan)
    for row in range(1, len(thumbs)):
        if np.isfinite(boxes[row]).all():
            before, now = _inside(thumbs[row - 1], boxes[row]), _inside(thumbs[row], boxes[row])
            change[row] = _difference(now, before)
    if not np.isfinite(change).any():
        return np.zeros(len(thumbs), dtype=np.bool_)
    usual = float(np.nanpercentile(change, 90))
    return np.asarray((change < REPEAT_SHARE * usual) & (change < STILL_LEVELS))


def _cuts(thumbs: list[Gray], t_s: Floats) -> tuple[float, ...]:
    """Moments at which the whole picture changes."""
    change = np.array([0.0, *(_difference(a, b) for a, b in pairwise(thumbs))])
    usual = float(np.median(change[1:]))
    jumps = np.flatnonzero((change > CUT_LEVELS) & (change > CUT_TIMES * usual))
    # A flash or a damaged picture comes and goes; after a cut the picture stays another one.
    last = len(thumbs) - 1
    around = [(row, thumbs[max(row - 3, 0)], thumbs[min(row + 2, last)]) for row in jumps.tolist()]
    return tuple(float(t_s[row]) for row, before, after in around if _alike(before, after) < CUT_ALIKE)


def _alike(one: Gray, other: Gray) -> float:
    """Correlation of two pictures: brightness and contrast do not count."""
    return float(cv2.matchTemplate(one, other, cv2.TM_CCOEFF_NORMED)[0, 0])


def _difference(one: Gray, other: Gray) -> float:
    """Mean difference of two pictures, grey levels."""
    return float(cv2.absdiff(one, other).mean())


def _camera_motion(samples: list[tuple[Gray, Floats]]) -> _Motion:
    """The camera's movement between the samples, from what does not move with the runner."""
    middle = len(samples) // 2
    steps = [_similarity(samples[middle], sample) for sample in samples]
    known = np.array([step for step in steps if step is not None]).reshape(-1, 3)
    if len(known) < max(3, len(samples) // 2):
        # A background that goes out of sight within the clip: compare neighbours only.
        pairs = [_similarity(a, b) for a, b in pairwise(samples)]
        near = np.array([pair for pair in pairs if pair is not None]).reshape(-1, 3)
        if len(near) < max(2, len(pairs) // 2):
            return _Motion(float("nan"), float("nan"), float("nan"))
        known = np.cumsum(near, axis=0)
    when = np.linspace(-1.0, 1.0, len(known))
    trend = np.polyfit(when, known, 1)
    left = known - np.outer(when, trend[0]) - trend[1]
    return _Motion(
        shake=float(np.sqrt(np.mean(np.sum(left[:, :2] ** 2, axis=1)))),
        pan=float(2 * np.linalg.norm(trend[0][:2])),
        turn_deg=float(np.ptp(known[:, 2])),
    )


def _similarity(first: tuple[Gray, Floats], second: tuple[Gray, Floats]) -> tuple[float, float, float] | None:
    """Shift of the background from one picture to another, shares of the width, and its turn, degrees."""
    (one, box), (two, other_box) = first, second
    points = cv2.goodFeaturesToTrack(one, MAX_FEATURES, 0.01, 8, mask=_background(one, box))
    if points is None or len(points) < MIN_FEATURES:
        return None
    there = _followed(one, two, points)
    back = _followed(two, one, there)
    good = np.linalg.norm((back - points)[:, 0], axis=1) < AGREE_PX
    places = np.nan_to_num(there[:, 0], nan=-1.0).round().astype(int)
    height, width = two.shape
    good &= (places[:, 0] >= 0) & (places[:, 0] < width) & (places[:, 1] >= 0) & (places[:, 1] < height)
    good[good] &= _background(two, other_box)[places[good, 1], places[good, 0]] > 0
    if good.sum() < MIN_FEATURES:
        return None
    matrix, agree = cv2.estimateAffinePartial2D(
        points[good], there[good], method=cv2.RANSAC, ransacReprojThreshold=AGREE_PX
    )
    if matrix is None or agree.sum() < max(MIN_FEATURES, MIN_AGREE * good.sum()):
        return None
    centre = np.array([width / 2, height / 2])
    shift = matrix[:, :2] @ centre + matrix[:, 2] - centre
    return float(shift[0] / width), float(shift[1] / width), float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))


def _followed(one: Gray, two: Gray, points: NDArray[Any]) -> NDArray[Any]:
    """Where points of one picture lie in another; NaN where they were lost."""
    start: Any = None
    there, found, _ = cv2.calcOpticalFlowPyrLK(one, two, points, start, winSize=(15, 15), maxLevel=4)
    return np.where(np.asarray(found)[:, :, None] == 1, np.asarray(there), np.float32(np.nan))


def _background(gray: Gray, box: Floats) -> Gray:
    """255 where the runner is not."""
    mask = np.full(gray.shape, 255, dtype=np.uint8)
    if np.isfinite(box).all():
        height, width = gray.shape
        x0, y0, x1, y1 = (box * (width, height, width, height)).astype(int)
        mask[y0:y1, x0:x1] = 0
    return mask


def _roll(samples: list[tuple[Gray, Floats]]) -> tuple[float, float]:
    """How far the upright lines of the scene lean, degrees clockwise, with the standard error; NaN when too few agree.

    A camera that looks up or down makes uprights converge, so the lean is a straight line over the picture's width; its
    value in the middle is the roll.  Furniture leans too: only lines that agree with most others count.
    """
    lines = np.concatenate([_uprights(*samples[at]) for at in (len(samples) // 4, len(samples) // 2)] or [])
    best = _agreeing(lines)
    if best.sum() < MIN_LINES or lines[best, 2].sum() < max(MIN_LINES_LENGTH, 0.5 * lines[:, 2].sum()):
        return float("nan"), float("nan")
    x, lean, weight = lines[best].T
    design = np.column_stack([np.ones(len(x)), x]) * np.sqrt(weight)[:, None]
    fit, *_ = np.linalg.lstsq(design, lean * np.sqrt(weight), rcond=None)
    left = float(np.sqrt(np.average((lean - fit[0] - fit[1] * x) ** 2, weights=weight)))
    spread = np.linalg.pinv(design.T @ design / weight.mean())
    return float(fit[0]), float(max(left, LINE_SD_DEG) * np.sqrt(spread[0, 0]) + ROLL_FLOOR_DEG)


def _agreeing(lines: Floats) -> Bools:
    """The lines that go with the pair of lines (or the single lean) that most of the others go with, by length."""
    x, lean, weight = lines.T
    best: Bools = np.zeros(len(lines), dtype=np.bool_)
    most = 0.0
    for i in range(len(lines)):
        apart = x - x[i]
        far = np.abs(apart) >= LEAST_APART
        slopes = np.append((lean[far] - lean[i]) / apart[far], 0.0)
        slopes = slopes[np.abs(slopes) < MAX_CONVERGENCE_DEG]
        agree = np.abs(lean - lean[i] - slopes[:, None] * apart) < LINE_AGREE_DEG
        shares = agree @ weight
        if shares.max() > most:
            most, best = float(shares.max()), agree[int(np.argmax(shares))]
    return best


def _uprights(gray: Gray, box: Floats) -> Floats:
    """Steep lines of the background: x of the middle (share of the width, 0 in the middle), lean in degrees clockwise,
    length as a share of the height; [n, 3].
    """
    found = cv2.createLineSegmentDetector().detect(gray)[0]
    if found is None:
        return np.empty((0, 3))
    height, width = gray.shape
    x0, y0, x1, y1 = found.reshape(-1, 4).T.astype(np.float64)
    swap = y1 > y0
    x0, y0, x1, y1 = np.where(swap, [x1, y1, x0, y0], [x0, y0, x1, y1])
    lean = np.degrees(np.arctan2(x1 - x0, y0 - y1))
    length = np.hypot(x1 - x0, y1 - y0) / height
    middle = np.column_stack([(x0 + x1) / 2, (y0 + y1) / 2]).astype(int)
    middle = np.clip(middle, 0, [width - 1, height - 1])
    keep = (np.abs(lean) < STEEP_DEG) & (length > LINE_SHARE) & (_background(gray, box)[middle[:, 1], middle[:, 0]] > 0)
    return np.asarray(np.column_stack([middle[:, 0] / width - 0.5, lean, length])[keep])
