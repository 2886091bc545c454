"""Read a clip: its facts, and its frames one after the other, upright, in real time stamps.

A frame here has y down, as the picture is stored; its pixels are square and the phone's rotation is undone.
"""

from analysis.video.clip import Clip, OnDecoded, open_clip, probe
from analysis.video.frames import Frame, Image, mirror, read_ahead

__all__ = ["Clip", "Frame", "Image", "OnDecoded", "mirror", "open_clip", "probe", "read_ahead"]
