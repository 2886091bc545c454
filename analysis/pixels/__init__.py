"""The pelvis from the picture: tape dots on a belt, found by themselves.

Landmarks cannot see the pelvis: BlazePose's hip points stay level and follow the thorax.  Two neon dots on a snug
belt over the low back show its tilt (rear), three round one hip its rotation (side, experimental).
``tape`` is the door, ``dots`` finds blobs in one frame, ``pattern`` decides over the clip which blobs are tape.
"""

from analysis.pixels.tape import find_tape

__all__ = ["find_tape"]
