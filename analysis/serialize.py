"""Landmarks and series to and from a compressed file."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np

from analysis.types import Floats, Landmarks


def write_series(path: Path, landmarks: Landmarks, waveforms: Mapping[str, Floats], t_s: Floats) -> None:
    """Write landmarks (as found, real timestamps) and waveforms (uniform clock) as .npz; axes as in `types`."""
    series = {f"waveform_{name}": values.astype(np.float32) for name, values in waveforms.items()}
    np.savez_compressed(
        path,
        xy_px=landmarks.xy_px.astype(np.float32),
        world_m=landmarks.world_m.astype(np.float32),
        visibility=landmarks.visibility.astype(np.float16),
        t_s=landmarks.t_s,
        size_px=np.array([landmarks.width_px, landmarks.height_px]),
        waveform_t_s=t_s,
        allow_pickle=False,
        **series,
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
