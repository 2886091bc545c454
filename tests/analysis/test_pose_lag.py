"""Landmarks are wanted as found, frame by frame: no filter of the tracker's may lag behind the runner."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from analysis import geometry as geo
from analysis.pose import find_landmarks
from analysis.types import Floats

FPS, FRAMES, BOUNCE_PX, STEP_HZ = 60, 96, 9.0, 2.9


def bounce_px() -> Floats:
    """Height of the picture's content, pixels, y up."""
    return np.round(BOUNCE_PX * np.sin(2 * np.pi * STEP_HZ * np.arange(FRAMES) / FPS))


@pytest.fixture(scope="module")
def bouncing_clip(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One still of a runner, moved up and down as a whole: the landmarks' true motion is known to the pixel."""
    with av.open(str(demo_clips / "t01_rear_tape_base.mp4")) as source:
        still = next(source.decode(video=0)).to_ndarray(format="rgb24")
    path = tmp_path_factory.mktemp("bounce") / "bounce.mp4"
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=FPS, options={"crf": "16"})
        stream.height, stream.width = still.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, FPS)
        for up in bounce_px().astype(int):
            frame = av.VideoFrame.from_ndarray(np.roll(still, -up, axis=0), format="rgb24")
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path


def test_landmarks_follow_the_runner_without_lag_and_at_full_size(bouncing_clip: Path) -> None:
    _, found, _ = find_landmarks(bouncing_clip)
    basis = geo.harmonics(found.t_s, STEP_HZ, (1,))
    true, *_ = np.linalg.lstsq(basis, bounce_px(), rcond=None)
    for middle in (geo.ear_mid, geo.shoulder_mid):
        fit, *_ = np.linalg.lstsq(basis, middle(found.xy_px)[:, 1], rcond=None)
        ratio = complex(fit[1], -fit[2]) / complex(true[1], -true[2])
        lag_ms = -1000 * np.angle(ratio) / (2 * np.pi * STEP_HZ)
        assert abs(lag_ms) < 4
        assert abs(ratio) == pytest.approx(1, abs=0.06)
