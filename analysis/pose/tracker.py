"""MediaPipe itself: a tracker, a picture for it, what it answers, and its chatter held back."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from analysis import landmarks as lm
from analysis.egl_stub import load_if_missing
from analysis.errors import AnalysisError
from analysis.light_import import without_plots_and_sound
from analysis.pose_model import model_path
from analysis.types import Floats
from analysis.video import Image

# Read by MediaPipe's memory allocator, which aborts the process without a word when it is not there.
CPU_LIST = Path("/sys/devices/system/cpu/possible")
# Short side of the frames given to the tracker.  It looks at the runner in 256 x 256; measured on the truth clips,
# landmarks from 288 to 720 px differ less than from one clip to the next.
POSE_SIDE_PX = 432
# A runner who is smaller than this in such a frame is shown in a larger one, in which he is as high as on those clips.
# (A pass, the runner a third of the picture high: rotation 25 and 47 deg for 35 and 52 at 432 px, 29 and 51 at 720 and
# at 1080; pitch of the head -12.4 and -10.7 for -10.1.)
SMALL_RUNNER_PX, GOOD_RUNNER_PX = 200, 265
MOST_SIDE_PX = 1080
# The landmark with the same name on the other side of the body.
OTHER_SIDE = np.arange(lm.COUNT)
for _left, _right in lm.PAIRS:
    OTHER_SIDE[[_left, _right]] = _right, _left
# What the C++ side says on every start and means nothing; anything else is shown.
NOISE = re.compile(
    rb"Read-only tensor|XNNPACK delegate|Logging before InitGoogle|inference_feedback_manager"
    rb"|landmark_projection_calculator|gl_context"
)


def landmarker(mode: str, poses: int) -> Any:
    """A tracker to use in ``with``: ``mode`` VIDEO or IMAGE, for so many people."""
    model = model_path()
    if sys.platform == "linux" and not CPU_LIST.exists():
        raise AnalysisError("no_sys", "MediaPipe needs /sys, which is not mounted here. In a chroot, mount it first.")
    load_if_missing()
    with without_plots_and_sound():
        from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode[mode],
        num_poses=poses,
    )
    return vision.PoseLandmarker.create_from_options(options)


def image_of(rgb: Image) -> Any:
    """A picture as MediaPipe takes it."""
    import mediapipe

    return mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)


def points_of(result: Any, mirrored: bool) -> Floats:
    """[33, 6]: x and y as shares of the picture, y down; x, y down, z in metres; visibility.  NaN for nobody."""
    if not result.pose_landmarks:
        return np.full((lm.COUNT, 6), np.nan)
    pairs = zip(result.pose_landmarks[0], result.pose_world_landmarks[0], strict=True)
    points = np.array([(p.x, p.y, w.x, w.y, w.z, p.visibility) for p, w in pairs], dtype=np.float64)
    if not mirrored:
        return points
    points[:, 0], points[:, 2] = 1.0 - points[:, 0], -points[:, 2]
    return points[OTHER_SIDE]


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Hold back what C++ libraries write to stderr, and pass on all of it but the known noise."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            said.seek(0)
            lines = [line for line in said.read().splitlines(keepends=True) if not NOISE.search(line)]
            if lines:
                os.write(2, b"".join(lines))
