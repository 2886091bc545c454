"""A pinhole camera about a runner: X direction of travel, Y up, Z the runner's right, metres; the belt at Y = 0."""

from dataclasses import dataclass

import numpy as np

from analysis import landmarks as lm
from analysis.types import Floats, Landmarks, Side, ViewName

LOOKS = {ViewName.REAR: (1.0, 0.0), ViewName.FRONT: (-1.0, 0.0)}
# The long edges of a deck: between two points each.
DECK = np.array(
    [[[-0.8, 0.0, z], [0.8, 0.0, z]] for z in (-0.40, -0.28, 0.28, 0.40)]
    + [[[-0.8, -0.18, z], [0.8, -0.18, z]] for z in (-0.40, 0.40)]
)


@dataclass(frozen=True)
class Pinhole:
    """Beside, behind or in front of the runner, who is ``turn_deg`` off the square view (+ = to the runner's left, as
    seen along the line of sight); swung aside by ``pan_deg``, so that the runner is not in the picture's middle.
    """

    view: ViewName
    turn_deg: float = 0.0
    facing: Side = Side.RIGHT
    away_m: float = 4.0
    lens_m: float = 1.1
    pitch_deg: float = 2.0
    roll_deg: float = 0.0
    pan_deg: float = 0.0
    focal: float = 0.80
    size: tuple[int, int] = (1280, 720)

    def px(self, points: Floats) -> Floats:
        """Pixels of points [..., 3], y up: [..., 2]."""
        own = self._own(points)
        longer = max(self.size)
        return np.asarray(self.focal * longer * own[..., :2] / own[..., 2:] + np.array(self.size) / 2)

    def shares(self, points: Floats) -> Floats:
        """The same from the picture's middle, in shares of its longer side."""
        return np.asarray((self.px(points) - np.array(self.size) / 2) / max(self.size))

    def see(self, body: Floats, t_s: Floats) -> Landmarks:
        """Landmarks of a body [n, 33, 3]."""
        own = self._own(body)
        hips = (own[:, [lm.LEFT_HIP]] + own[:, [lm.RIGHT_HIP]]) / 2
        # The model sees the runner as if the camera pointed there.
        aside = np.arctan2(hips[..., 0], hips[..., 2])[..., None]
        turned = own - hips
        x = turned[..., :1] * np.cos(aside) - turned[..., 2:] * np.sin(aside)
        z = turned[..., 2:] * np.cos(aside) + turned[..., :1] * np.sin(aside)
        world = np.concatenate([x, turned[..., 1:2], z], axis=-1)
        return Landmarks(self.px(body), world, np.full(body.shape[:2], 0.99), t_s, *self.size)

    def _own(self, points: Floats) -> Floats:
        """Points in the camera's axes: x to the right, y up, z away from it."""
        sight = self._clockwise(LOOKS.get(self.view, (0.0, -1.0 if self.facing is Side.RIGHT else 1.0)), self.turn_deg)
        axis = self._clockwise((sight[0], sight[1]), self.pan_deg)
        level = np.array([axis[0], 0.0, axis[1]])
        right, up = np.array([-axis[1], 0.0, axis[0]]), np.array([0.0, 1.0, 0.0])
        tilt, roll = np.radians(self.pitch_deg), np.radians(self.roll_deg)
        ahead = level * np.cos(tilt) - up * np.sin(tilt)
        up = up * np.cos(tilt) + level * np.sin(tilt)
        right, up = right * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - right * np.sin(roll)
        eye = np.array([-self.away_m * sight[0], self.lens_m, -self.away_m * sight[1]])
        return np.asarray((points - eye) @ np.stack([right, up, ahead], axis=1))

    @staticmethod
    def _clockwise(direction: tuple[float, float], degrees: float) -> Floats:
        """A direction (X, Z) turned clockwise, seen from above."""
        turn = np.radians(degrees)
        x, z = direction
        return np.array([x * np.cos(turn) - z * np.sin(turn), x * np.sin(turn) + z * np.cos(turn)])
