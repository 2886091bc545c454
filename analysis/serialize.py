"""Landmarks and series to and from a compressed file."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np

from analysis.sight import Sight, sight_arrays
from analysis.types import Floats, Landmarks

WAVEFORM, CLOCK = "waveform_", "waveform_t_s"


def write_series(
    path: Path, landmarks: Landmarks, waveforms: Mapping[str, Floats], t_s: Floats, sight: Sight | None = None
) -> None:
    """Write landmarks (as measured, real timestamps) and waveforms (uniform clock) as .npz; axes as in `types`.

    With ``sight`` the file can be measured again without the pose model.
    """
    series = {WAVEFORM + name: values.astype(np.float32) for name, values in waveforms.items()}
    np.savez_compressed(
        path,
        xy_px=landmarks.xy_px.astype(np.float32),
        world_m=landmarks.world_m.astype(np.float32),
        visibility=landmarks.visibility.astype(np.float16),
        t_s=landmarks.t_s,
        size_px=np.array([landmarks.width_px, landmarks.height_px]),
        allow_pickle=False,
        **{CLOCK: t_s},
        **series,
        **(sight_arrays(sight) if sight else {}),
    )


def read_landmarks(path: Path | IO[bytes]) -> Landmarks:
    """The landmarks of `write_series`."""
    with np.load(path, allow_pickle=False) as file:
        width, height = (int(v) for v in file["size_px"])
        return Landmarks(
            xy_px=file["xy_px"].astype(np.float64),
            world_m=file["world_m"].astype(np.float64),
            visibility=file["visibility"].astype(np.float64),
            t_s=file["t_s"],
            width_px=width,
            height_px=height,
        )


def read_waveforms(path: Path | IO[bytes]) -> tuple[Floats, dict[str, Floats]]:
    """The waveforms of `write_series`: their clock t_s [n], media time in seconds, and values [n] by name."""
    with np.load(path, allow_pickle=False) as file:
        names = [key for key in file.files if key.startswith(WAVEFORM) and key != CLOCK]
        return file[CLOCK], {name.removeprefix(WAVEFORM): file[name].astype(np.float64) for name in names}
