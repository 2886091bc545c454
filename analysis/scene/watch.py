"""What the pixels say of the filming: light, sharpness, cuts, repeated pictures, the camera's movement and its roll.

Looks at the small pictures that the tracker gets anyway, so nothing is decoded twice: a thumbnail of every one, and
about sixteen whole ones spread over the stretch.  0.05 ms a frame, and 0.2 to 0.3 s at the end.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from analysis.scene.boxes import Gray, boxes_of, inside
from analysis.scene.changes import find_cuts, find_doubled, sharpness_of
from analysis.scene.lines import NO_LINES, find_lines
from analysis.scene.motion import find_motion, find_swing
from analysis.scene.upright import find_roll
from analysis.types import Landmarks, Scene
from analysis.video import Frame

THUMB_STEP = 7
SAMPLES = 16
LEAST_BETWEEN_S = 0.4
# Upright lines are looked for nearer to the runner: the more of them on both sides, the surer the roll.
ROOM_LINES = 0.04


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
        boxes = boxes_of(found)
        rows = {index: row for row, index in enumerate(order)}
        thumbs = [self._thumbs[index] for index in order]
        cuts_s = find_cuts(thumbs, found.t_s)
        picked = [(rows[index], gray) for _, (index, gray) in sorted(self._samples.items())]
        # Pictures from two scenes cannot be compared: the scene with the most of them stands for the clip.
        scenes = np.searchsorted(cuts_s, found.t_s[[row for row, _ in picked]], side="right")
        main = scenes == np.argmax(np.bincount(scenes))
        picked = [sample for sample, belongs in zip(picked, main, strict=True) if belongs]
        samples = [(gray, boxes[row]) for row, gray in picked]
        motion = find_motion(samples)
        if np.isnan(motion.pan):
            motion = find_swing(thumbs)
        narrow = boxes_of(found, ROOM_LINES)
        uprights = find_roll([(gray, narrow[row]) for row, gray in picked])
        people = [inside(gray, box) for gray, box in samples if np.isfinite(box).all()]
        return Scene(
            luma=float(np.median([part.mean() for part in people])) if people else float("nan"),
            sharpness=float(np.median([sharpness_of(part) for part in people])) if people else float("nan"),
            cuts_s=cuts_s,
            doubled=find_doubled(thumbs, boxes),
            shake=motion.shake,
            pan=motion.pan,
            turn_deg=motion.turn_deg,
            **uprights._asdict(),
            lines=find_lines([gray for gray, _ in samples]) if motion.is_still else NO_LINES,
        )
