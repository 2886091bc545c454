"""Tape dots in a clip -> the tilt (rear, front) or the rotation (side) of the pelvis, frame by frame.

What is seen is the belt.  How it gives way to the trunk is taken out later (`analysis.waveforms.pelvis_under_belt`),
and how well a belt on a real runner follows the pelvis is not yet measured.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from analysis.landmarks import LEFT_HIP, LEFT_SHOULDER, RIGHT_HIP, RIGHT_SHOULDER
from analysis.pixels.dots import COLUMNS, DOT_RADIUS, MAX_DOTS, Image, Waist, Window, find_dots
from analysis.pixels.pattern import Pattern, find_pattern, moves_with
from analysis.types import Bools, Floats, Landmarks, TapeTrack, View, ViewName

WINDOWS = {
    ViewName.REAR: Window(0.36, -0.45, 0.06),
    ViewName.FRONT: Window(0.36, -0.45, 0.06),
    ViewName.SIDE: Window(0.40, -0.45, 0.06, narrow=True),
}
MIN_SEEN_SHARE = 0.4
# After so many frames (three seconds at 60) a clip with so few sightings has no tape; the rest is not decoded.  After
# a second, which is more than a stride, tape was seen in 0.29 to 1.0 of the frames of the truth clips, and what only
# looks like it in 0 to 0.06.
PROBE_FRAMES, PROBE_SHARE = 180, 0.15
FIRST_PROBE_S, FIRST_PROBE_SHARE = 1.0, 0.10
MIN_RADIUS_PX = 2.0
MIN_GAP_RATIO = 0.7  # 0.94 for a camera 3 degrees off square, 0.7 for 17, or as much by misplaced dots
MAX_CROWD = 2  # blobs of the tape's colour beyond the tape itself: more is a printed pattern

# Hue angle in CIELAB (atan2(b, a), degrees) of neon tapes.
HUES = {
    "pink": 0.0,
    "red": 38.0,
    "orange": 58.0,
    "yellow": 104.0,
    "green": 132.0,
    "cyan": 196.0,
    "blue": 290.0,
    "purple": 322.0,
}
HUE_TOLERANCE = 42.0

# Side view: the outer dots sit 45-50 degrees round from the lateral one, and at the level of the belt a body is
# about 1.35 times as broad as deep (pelvis of adults: some 28 cm by 21 cm).
OUTER_DOT_DEG, BREADTH_OVER_DEPTH = 47.5, 1.35


def find_tape(
    frames: Iterable[tuple[float, Image]],
    landmarks: Landmarks,
    view: View,
    *,
    colour: str | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> TapeTrack:
    """Find the tape dots of a clip and what they say of the pelvis.

    Frames are looked at one by one and not kept.  About 2-3 ms a frame at 720p.

    Parameters
    ----------
    frames
        Media time in seconds (the clock of ``landmarks.t_s``) and the upright RGB frame at native resolution,
        uint8 [h, w, 3], in order.  A frame belongs to the row nearest in time; others are passed over.
    landmarks
        The runner, pixels, y up.
    view
        Rear and front look for two dots, side for three.
    colour
        What the uploader said of the tape ("green", "orange" ...); None or an unknown word = found by itself.
    on_progress
        Called with (frames done, frames in all).

    Returns
    -------
    TapeTrack
        ``found`` is False, with a reason, when there is no tape to be trusted.

    Notes
    -----
    Rear, rendered clips with known truth: per frame r 0.95-0.99; the belt's own ROM is 0.8-2.1 deg smaller than the
    pelvis's, and is found within 0.2 deg; the centroids are within 0.2 px (1 SD).
    """
    n_dots = 3 if view.name is ViewName.SIDE else 2
    search = _Search.of(landmarks, view, n_dots)
    reason = search.hopeless()
    if reason is not None:
        return _not_found(len(landmarks), n_dots, reason)
    probes = {round(FIRST_PROBE_S / search.step_s): FIRST_PROBE_SHARE, PROBE_FRAMES: PROBE_SHARE}
    for done, (time_s, frame) in enumerate(frames, start=1):
        search.look(time_s, frame, colour)
        if done in probes and search.share(search.pattern()) < probes[done]:
            break
        if on_progress is not None:
            on_progress(done, len(landmarks))
    pattern = search.pattern()
    reason = _doubt(pattern, search.share(pattern), landmarks)
    if pattern is None or reason is not None:
        return _not_found(len(landmarks), n_dots, reason)
    return _track(pattern, landmarks, view, search.share(pattern))


def compute_obliquity_deg(dots_px: Floats, view: View) -> Floats:
    """Tilt of the line through two dots in the picture.

    Parameters
    ----------
    dots_px
        [n, 2, 2] centres, pixels, y up, image left first.
    view
        Rear or front.

    Returns
    -------
    Floats
        [n] degrees, + = runner's right side up.
    """
    line = dots_px[:, -1] - dots_px[:, 0]
    return np.asarray(view.right_sign * np.degrees(np.arctan2(line[:, 1], line[:, 0])))


def compute_yaw_deg(dots_px: Floats) -> Floats:
    """Rotation of the pelvis from three dots round the near hip, about its usual position.

    The lateral dot is nearest to the camera and so moves against the other two when the pelvis turns.  On an ellipse
    of half axes a (fore and aft) and b (sideways), with the outer dots at the angle t, its gap to an outer dot is
    a sin t (cos yaw -+ k sin yaw), k = b / a tan(t / 2).  Each gap gives the yaw; where one outer dot is hidden, the
    other one's gap does.  The sign is the same for both facings: turned to the runner's left, the near dot moves to
    image right.

    Parameters
    ----------
    dots_px
        [n, 3, 2] centres, pixels, y up, image left first, NaN where a dot was not seen.

    Returns
    -------
    Floats
        [n] degrees, + = turned to the runner's left, 0 = the clip's median; NaN where fewer than two dots were seen.

    Notes
    -----
    About 0.5 px a degree at 720p.  Rendered clips, square camera, stride-averaged ROM: 3.7 -> 5.0, 9.4 -> 8.9,
    3.7 -> 4.5, r 0.83-0.95 with the true waveform; a change comes out a third too small.
    """
    gaps = np.hypot(*np.moveaxis(np.diff(dots_px, axis=1), -1, 0))
    all_seen = np.isfinite(gaps).all(axis=1)
    if not all_seen.any():
        return np.full(len(dots_px), np.nan)
    lean = BREADTH_OVER_DEPTH * np.tan(np.radians(OUTER_DOT_DEG) / 2)
    share = np.clip(gaps / np.median(gaps[all_seen], axis=0) / np.hypot(1.0, lean), -1.0, 1.0)
    yaw = (np.degrees(np.arccos(share)) - np.degrees(np.arctan(lean))) * (-1.0, 1.0)
    known = np.isfinite(yaw)
    total = np.where(known, yaw, 0.0).sum(axis=1)
    return np.asarray(np.where(known.any(axis=1), total / np.maximum(1, known.sum(axis=1)), np.nan))


@dataclass(frozen=True)
class _Search:
    """What has been seen of the waist so far: ``blobs`` [n, MAX_DOTS, 7] is filled frame by frame, NaN elsewhere."""

    t_s: Floats
    waist: Floats
    trunk: Floats
    window: Window
    n_dots: int
    blobs: Floats
    looked_at: Bools

    @classmethod
    def of(cls, landmarks: Landmarks, view: View, n_dots: int) -> Self:
        waist, trunk = _waist(landmarks)
        blobs = np.full((len(landmarks), MAX_DOTS, len(COLUMNS)), np.nan)
        looked_at = np.zeros(len(landmarks), dtype=np.bool_)
        return cls(landmarks.t_s, waist, trunk, WINDOWS[view.name], n_dots, blobs, looked_at)

    @cached_property
    def step_s(self) -> float:
        """Time between frames, seconds."""
        return float(np.median(np.diff(self.t_s)))

    def hopeless(self) -> str | None:
        """Why looking would be in vain, or None."""
        if len(self.t_s) < 2 or not np.isfinite(self.trunk).any():
            return "No person's waist was seen."
        if float(np.nanmedian(self.trunk)) * DOT_RADIUS < MIN_RADIUS_PX:
            return "The runner is too small in the picture for tape dots to be measured."
        return None

    def look(self, time_s: float, frame: Image, colour: str | None) -> None:
        """Note the blobs of one frame in the row nearest in time."""
        after = int(np.searchsorted(self.t_s, time_s))
        row = min(max(0, after - 1), len(self.t_s) - 1)
        if after < len(self.t_s) and self.t_s[after] - time_s < time_s - self.t_s[row]:
            row = after
        if abs(self.t_s[row] - time_s) > 0.51 * self.step_s or not np.isfinite(self.trunk[row]):
            return
        place = Waist(float(self.waist[row, 0]), float(self.waist[row, 1]), float(self.trunk[row]))
        found = find_dots(frame, place, self.window)
        self.blobs[row, : len(found)] = _of_colour(found, colour)
        self.looked_at[row] = True

    def pattern(self) -> Pattern | None:
        return find_pattern(self.blobs, self.waist, self.trunk, self.n_dots)

    def share(self, pattern: Pattern | None) -> float:
        """Share of the frames looked at in which the whole pattern was seen."""
        return 0.0 if pattern is None else float(pattern.seen.sum() / max(1, self.looked_at.sum()))


def _waist(landmarks: Landmarks) -> tuple[Floats, Floats]:
    """Hip-mid [n, 2] (pixels, y down) and trunk length [n], steadied over about a second."""
    from scipy.ndimage import median_filter

    xy = landmarks.xy_px * (1.0, -1.0) + (0.0, landmarks.height_px)
    hip = (xy[:, LEFT_HIP] + xy[:, RIGHT_HIP]) / 2
    shoulder = (xy[:, LEFT_SHOULDER] + xy[:, RIGHT_SHOULDER]) / 2
    trunk = np.hypot(*(shoulder - hip).T)
    known = np.isfinite(trunk)
    if not known.any() or len(trunk) < 2:
        return hip, trunk
    rate = (len(landmarks) - 1) / (landmarks.t_s[-1] - landmarks.t_s[0])
    filled = np.interp(landmarks.t_s, landmarks.t_s[known], trunk[known])
    steady = median_filter(filled, size=max(3, round(rate)), mode="nearest")
    return hip, np.where(known, steady, np.nan)


def _of_colour(blobs: Floats, colour: str | None) -> Floats:
    """Only the blobs of the colour that was told."""
    if colour is None or colour.lower() not in HUES:
        return blobs
    hue = np.degrees(np.arctan2(blobs[..., 4], blobs[..., 3]))
    off = np.abs((hue - HUES[colour.lower()] + 180) % 360 - 180)
    return np.where((off <= HUE_TOLERANCE)[..., None], blobs, np.nan)


def _colour_word(lab: Floats) -> str:
    hue = np.degrees(np.arctan2(lab[2], lab[1]))
    return min(HUES, key=lambda word: abs((hue - HUES[word] + 180) % 360 - 180))


def _doubt(pattern: Pattern | None, share: float, landmarks: Landmarks) -> str | None:
    """Why what was found is not to be trusted, or None."""
    if pattern is None or share < PROBE_SHARE:
        return "No tape dots were found at the waist."
    dots = pattern.xy.shape[1]
    if share < MIN_SEEN_SHARE:
        return f"All {dots} tape dots were seen in only {share:.0%} of the frames; {MIN_SEEN_SHARE:.0%} are needed."
    if pattern.crowd > dots + MAX_CROWD:
        return "The waist shows many spots of one colour, so the tape dots cannot be told apart."
    if not moves_with(pattern, landmarks):
        return "The coloured spots at the waist do not move with the runner, so they are not tape dots."
    if dots == 3 and _gap_ratio(pattern) < MIN_GAP_RATIO:
        return "The gaps between the three tape dots differ: the camera or the dots are too far off square."
    return None


def _gap_ratio(pattern: Pattern) -> float:
    """The smaller of the two gaps over the larger, over the frames with all three dots."""
    gaps = np.median(np.diff(pattern.xy[pattern.seen, :, 0], axis=1), axis=0)
    return float(gaps.min() / gaps.max())


def _track(pattern: Pattern, landmarks: Landmarks, view: View, share: float) -> TapeTrack:
    dots_px = pattern.xy * (1.0, -1.0) + (0.0, landmarks.height_px)
    nothing = np.full(len(dots_px), np.nan)
    side = view.name is ViewName.SIDE
    return TapeTrack(
        found=True,
        colour=_colour_word(pattern.lab),
        n_dots=pattern.xy.shape[1],
        seen_share=share,
        obliquity_deg=nothing if side else compute_obliquity_deg(dots_px, view),
        yaw_deg=compute_yaw_deg(dots_px) if side else nothing,
        dots_px=dots_px,
    )


def _not_found(n: int, n_dots: int, reason: str | None) -> TapeTrack:
    nothing = np.full(n, np.nan)
    return TapeTrack(False, None, n_dots, 0.0, nothing, nothing, np.full((n, n_dots, 2), np.nan), reason)
